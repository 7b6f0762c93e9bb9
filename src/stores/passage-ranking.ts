import { nearness, rarity } from './relevance.ts'

/*
 * How a search of archival memory ranks what it finds, the same in both sets of stores. A passage has a part of what the nearest has by its meaning,
 * and of what the best has by its words; a word counts as it is rare among the passages that the search is in. Places alone would say neither how
 * near a passage is nor how rare its word: one that alone has the number that was asked for would stand behind dozens that mean about the same.
 */

/** What meaning counts beside words. Measured: docs/evaluation.md. */
const shareOfMeaning = 0.4

/** So many of the nearest have a part by their meaning. */
export const meantPassages = 100

interface Candidates {
  /** How many there are. Each is named by its place in the order of nearness, from 0. */
  readonly count: number
  /** Of the nearest, `meantPassages` at the most: those that have a vector. */
  readonly similarities: readonly number[]
  /** The sum of the rarities of the question's words that a candidate has; undefined where none has any. */
  readonly weightOf: ((near: number) => number) | undefined
  /** How many passages the search is in. */
  readonly all: number
  /** How many are asked for. */
  readonly end: number
}

export interface RankedPassage {
  readonly near: number
  readonly score: number
}

interface Weighed extends RankedPassage {
  readonly weight: number
}

/** The first of the ranking; its order depends on nothing but the candidates, so that pages of it neither repeat nor omit one. */
export function rankPassages({ count, similarities, weightOf, all, end }: Candidates): readonly RankedPassage[] {
  const parts = partsOf(similarities.slice(0, meantPassages))
  const nearest: { near: number; weight: number }[] = []
  const others = new Map<number, number[]>()
  let most = 0
  const looked = weightOf === undefined ? Math.min(count, parts.length + end) : count
  for (let near = 0; near < looked; near += 1) {
    const weight = weightOf?.(near) ?? 0
    most = Math.max(most, weight)
    if (near < parts.length) nearest.push({ near, weight })
    else addTo(others, weight, near, end)
  }
  // Words that many have say little, so that the best by them has no more than a part of what a word counts that one passage alone has.
  const full = Math.max(most, rarity(1, all))
  const weighed = ({ near, weight }: { readonly near: number; readonly weight: number }): Weighed => ({ near, weight, score: shareOfMeaning * (parts[near] ?? 0) + (1 - shareOfMeaning) * (weight / full) })
  const ranked = nearest.map(weighed)
  let room = end
  for (const weight of [...others.keys()].sort((one, other) => other - one)) {
    if (room <= 0) break
    const same = others.get(weight) ?? []
    room -= same.length
    for (const near of same) ranked.push(weighed({ near, weight }))
  }
  return ranked.sort((one, other) => other.score - one.score || other.weight - one.weight || one.near - other.near).slice(0, end)
}

/** More than are asked for are not needed of those whose words count the same. */
function addTo(byWeight: Map<number, number[]>, weight: number, near: number, most: number): void {
  const same = byWeight.get(weight)
  if (same === undefined) byWeight.set(weight, [near])
  else if (same.length < most) same.push(near)
}

/** Where all are equally near their meaning says nothing. */
function partsOf(similarities: readonly number[]): readonly number[] {
  const [most, least] = [similarities[0] ?? 0, similarities.at(-1) ?? 0]
  return similarities.map((similarity) => nearness(similarity, { least, most }) ?? 0)
}

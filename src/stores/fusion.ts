import { byScore, nearness, type Ranked, type Scored } from './relevance.ts'

/** A message of an exchange that was meant by the question. */
export interface Meant<Found> {
  readonly hit: Found
  readonly similarity: number
}

/** What meaning counts beside words. Measured: docs/evaluation.md. */
const shareOfMeaning = 0.3

/**
 * So many messages are found by meaning alone. Something is always the nearest, whatever is asked: what is near to nothing differs by model, and the best
 * stands as far above all others where nonsense is asked. Measured: docs/evaluation.md.
 */
export const mostNear = 10

export interface Fused<Found> {
  /** Best first. */
  readonly found: readonly Found[]
  /** Those of them that have none of the words, `mostNear` at the most. */
  readonly near: readonly Found[]
}

/**
 * What was found by words and what was found by meaning, in one order, the same in both sets of stores. A message has a part of what the best of
 * its kind has, and the parts are added: the scores of both kinds can't be compared, and by places alone poor ones would drag good ones down.
 * @param ranked has all of `meant` that have one of the words
 */
export function fuse<Found extends Pick<Ranked, 'seq' | 'raise'>>(ranked: readonly Scored<Found>[], meant: readonly Meant<Found>[]): Fused<Found> {
  const mostByWords = Math.max(...ranked.map(({ score }) => score), 1)
  const fused = new Map(ranked.map(({ hit, score }) => [hit.seq, { hit, score: (1 - shareOfMeaning) * (score / mostByWords) }]))
  const near: Scored<Found>[] = []
  for (const [hit, part] of partsOf(meant)) {
    const worded = fused.get(hit.seq)
    if (worded === undefined) near.push({ hit, score: shareOfMeaning * part })
    else fused.set(hit.seq, { hit, score: worded.score + shareOfMeaning * part })
  }
  const nearest = near.sort(byScore).slice(0, mostNear)
  return { found: [...fused.values(), ...nearest].sort(byScore).map(({ hit }) => hit), near: nearest.map(({ hit }) => hit) }
}

/** As `FoundMessages` has them. */
export const nearOf = (near: readonly Pick<Ranked, 'seq'>[]): { readonly near?: readonly number[] } => (near.length === 0 ? {} : { near: near.map(({ seq }) => seq) })

/**
 * A message of several exchanges has the best of them. Parts of what was said when the question
 * says are raised, as what its words count is.
 */
function partsOf<Found extends Pick<Ranked, 'seq' | 'raise'>>(meant: readonly Meant<Found>[]): readonly (readonly [Found, number])[] {
  const similarities = meant.map(({ similarity }) => similarity)
  const [least, most] = [Math.min(...similarities), Math.max(...similarities)]
  const best = new Map<number, Meant<Found>>()
  for (const one of meant) if (one.similarity > (best.get(one.hit.seq)?.similarity ?? -Infinity)) best.set(one.hit.seq, one)
  const parts = [...best.values()].map(({ hit, similarity }) => ({ hit, part: hit.raise * (nearness(similarity, { least, most }) ?? 1) }))
  const mostRaised = Math.max(...parts.map(({ part }) => part))
  return parts.map(({ hit, part }) => [hit, part / mostRaised])
}

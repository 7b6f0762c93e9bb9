import { byScore, type Ranked, type Scored } from './relevance.ts'

/** A message of an exchange that was meant by the question. */
export interface Meant<Found> {
  readonly hit: Found
  readonly similarity: number
}

/** What meaning counts beside words. Measured: docs/evaluation.md. */
const shareOfMeaning = 0.3

/**
 * What was found by words and what was found by meaning, in one order, the same in both sets of stores. A message has a part of what the best of
 * its kind has, and the parts are added: the scores of both kinds can't be compared, and by places alone poor ones would drag good ones down.
 */
export function fuse<Found extends Pick<Ranked, 'seq'>>(ranked: readonly Scored<Found>[], meant: readonly Meant<Found>[]): readonly Found[] {
  const mostByWords = Math.max(...ranked.map(({ score }) => score), 1)
  const fused = new Map(ranked.map(({ hit, score }) => [hit.seq, { hit, score: (1 - shareOfMeaning) * (score / mostByWords) }]))
  const parts = partsOf(meant)
  for (const [hit, part] of parts) {
    const { score = 0 } = fused.get(hit.seq) ?? {}
    fused.set(hit.seq, { hit, score: score + shareOfMeaning * part })
  }
  return [...fused.values()].sort(byScore).map(({ hit }) => hit)
}

/**
 * From 0, which the last of those that were meant has, to 1, which the best has: what is near to nothing differs by model. Squared, as the nearest few
 * are those that are meant, and all others are near by chance. A message of several exchanges has the best of them.
 */
function partsOf<Found extends Pick<Ranked, 'seq'>>(meant: readonly Meant<Found>[]): readonly (readonly [Found, number])[] {
  const similarities = meant.map(({ similarity }) => similarity)
  const [least, most] = [Math.min(...similarities), Math.max(...similarities)]
  const best = new Map<number, Meant<Found>>()
  for (const one of meant) if (one.similarity > (best.get(one.hit.seq)?.similarity ?? -Infinity)) best.set(one.hit.seq, one)
  return [...best.values()].map(({ hit, similarity }) => [hit, most > least ? ((similarity - least) / (most - least)) ** 2 : 1])
}

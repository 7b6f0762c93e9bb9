import { fold } from '../words/fold.ts'

/** The candidate that is most like the text, for "did you mean"; undefined if none is like it. */
export function mostSimilar(text: string, candidates: readonly string[]): string | undefined {
  let best: { readonly candidate: string; readonly score: number } | undefined
  for (const candidate of candidates) {
    const score = similarity(text, candidate)
    if (score > (best?.score ?? 0.2)) best = { candidate, score }
  }
  return best?.candidate
}

/** Dice coefficient of the two texts' pairs of letters: 1 for the same letters, 0 for none in common. */
export function similarity(left: string, right: string): number {
  const [pairsOfLeft, pairsOfRight] = [pairs(left), pairs(right)]
  const size = pairsOfLeft.size + pairsOfRight.size
  if (size === 0) return 0
  let common = 0
  for (const pair of pairsOfLeft) if (pairsOfRight.has(pair)) common += 1
  return (2 * common) / size
}

function pairs(text: string): Set<string> {
  const lower = fold(text)
  return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, index) => lower.slice(index, index + 2)))
}

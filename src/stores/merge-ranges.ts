import type { SeqRanges } from '../protocol/seq-ranges.ts'

/** The same numbers as ascending ranges that neither overlap nor touch. */
export function mergeRanges(ranges: SeqRanges): SeqRanges {
  const merged: [from: number, to: number][] = []
  for (const [from, to] of ranges.toSorted((one, other) => one[0] - other[0])) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else if (from <= to) merged.push([from, to])
  }
  return merged
}

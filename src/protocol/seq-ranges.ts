/** Inclusive ranges of sequence numbers: how a queue of any length is named in a few bytes. */
export type SeqRanges = readonly SeqRange[]

export type SeqRange = readonly [from: number, to: number]

/** Ascending numbers as ranges: neighbours share one. */
export function seqRanges(seqs: Iterable<number>): SeqRanges {
  const ranges: [from: number, to: number][] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last?.[1] === seq - 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

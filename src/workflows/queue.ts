import type { SeqRanges } from '../protocol/activities.ts'
import type { QueueEntry } from '../protocol/state.ts'

export const seqOf = (entry: QueueEntry): number => entry[0]
export const turnOf = (entry: QueueEntry): number => entry[2]
const isResult = (entry: QueueEntry): boolean => entry[3] === 1

export function tokensOf(queue: readonly QueueEntry[]): number {
  return queue.reduce((sum, [, tokens]) => sum + tokens, 0)
}

/** The queue's sequence numbers as inclusive ranges: a few, however long the queue. */
export function rangesOf(queue: readonly QueueEntry[]): SeqRanges {
  const ranges: [number, number][] = []
  for (const seq of queue.map(seqOf)) {
    const last = ranges.at(-1)
    if (last?.[1] === seq - 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

/**
 * The oldest entries whose tokens come to at least `tokens`, ending before an assistant or event message: a call and its
 * results are never parted. `pinned` entries, and the newest step, stay. May be empty.
 */
export function chunkToEvict(options: { queue: readonly QueueEntry[]; tokens: number; pinned: readonly number[] }): readonly QueueEntry[] {
  const { queue, tokens, pinned } = options
  const newestStep = queue.findLastIndex((entry) => !isResult(entry))
  const chunk: QueueEntry[] = []
  let sum = 0
  for (const [index, entry] of queue.entries()) {
    if (index >= newestStep) break
    if (sum >= tokens && !isResult(entry)) break
    if (pinned.includes(seqOf(entry))) continue
    chunk.push(entry)
    sum += entry[1]
  }
  return chunk
}

export function without(queue: readonly QueueEntry[], gone: readonly QueueEntry[]): QueueEntry[] {
  const seqs = new Set(gone.map(seqOf))
  return queue.filter((entry) => !seqs.has(seqOf(entry)))
}

/** The entries of the latest turn that is in the queue. */
export function lastExchange(queue: readonly QueueEntry[]): readonly QueueEntry[] {
  const last = queue.at(-1)
  return last === undefined ? [] : queue.filter((entry) => turnOf(entry) === turnOf(last))
}

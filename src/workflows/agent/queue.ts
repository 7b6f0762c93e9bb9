import { seqRanges, type SeqRanges } from '../../protocol/seq-ranges.ts'
import type { QueueEntry } from '../../protocol/context.ts'

export const seqOf = (entry: QueueEntry): number => entry[0]
export const turnOf = (entry: QueueEntry): number => entry[2]
const isResult = (entry: QueueEntry): boolean => entry[3] === 1

export function tokensOf(queue: readonly QueueEntry[]): number {
  return queue.reduce((sum, [, tokens]) => sum + tokens, 0)
}

/** The queue's sequence numbers: a few ranges, however long it is. */
export function rangesOf(queue: readonly QueueEntry[]): SeqRanges {
  return seqRanges(queue.map(seqOf))
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

export function withoutRanges(queue: readonly QueueEntry[], ranges: SeqRanges): QueueEntry[] {
  return queue.filter((entry) => !ranges.some(([from, to]) => from <= seqOf(entry) && seqOf(entry) <= to))
}

/** The entries of the latest turn that is in the queue. */
export function lastExchange(queue: readonly QueueEntry[]): readonly QueueEntry[] {
  const last = queue.at(-1)
  return last === undefined ? [] : queue.filter((entry) => turnOf(entry) === turnOf(last))
}

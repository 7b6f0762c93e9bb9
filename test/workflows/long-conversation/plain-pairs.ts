import type { ModelRequest } from '../../../src/model/model.ts'
import type { Inference } from './watched-model.ts'

/** Calls that change what stands before the queue: a block, or the number of passages. */
const edits = /^(?:core_memory_|archival_memory_insert$|page_out$)/

/**
 * Inferences that follow on each other with nothing in between but the conversation: no summary was written, and the earlier
 * one edited no memory.
 */
export function plainPairs(inferences: readonly Inference[]): readonly (readonly [earlier: ModelRequest, later: ModelRequest])[] {
  return inferences.slice(1).flatMap((later, index) => {
    const earlier = inferences[index]
    if (earlier === undefined || isSummary(earlier) || isSummary(later)) return []
    return earlier.reply.toolCalls.some(({ name }) => edits.test(name)) ? [] : [[earlier.request, later.request] as const]
  })
}

export const isSummary = ({ request }: Inference): boolean => request.tools.length === 0

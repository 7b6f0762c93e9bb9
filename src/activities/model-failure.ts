import { ApplicationFailure, CancelledFailure } from '@temporalio/activity'
import { ModelError } from '../model/model-error.ts'
import type { TurnReason } from '../protocol/turn.ts'

/** A provider that asks for a longer wait than this parks the agent, by name, instead of holding the step. */
const longestWaitMs = 60_000

/**
 * A model's failure as Temporal's retry policy and the workflow's park understand it: type is the reason of a park, refused
 * requests are not retried, and a wait that the provider asked for is kept, by the next attempt or by the park.
 */
export function modelFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return new CancelledFailure('the inference was cancelled')
  if (!ModelError.isInstance(error)) return error instanceof Error ? error : new Error(String(error))
  const { retryAfterMs } = error
  return ApplicationFailure.create({
    message: error.message,
    type: reasonOf(error),
    nonRetryable: !error.retryable || (retryAfterMs ?? 0) > longestWaitMs,
    ...(retryAfterMs !== undefined && (retryAfterMs > longestWaitMs ? { details: [{ retryAfterMs }] } : { nextRetryDelay: retryAfterMs })),
  })
}

function reasonOf({ kind }: ModelError): TurnReason {
  switch (kind) {
    case 'refused':
    case 'wrong-address':
    case 'bad-request':
      return 'model-refused'
    case 'unreachable':
      return 'model-unreachable'
    case 'context-overflow':
      return 'context-overflow'
    case 'filtered':
      return 'content-filtered'
    case 'rate-limited':
    case 'server-error':
      return 'model-error'
  }
}

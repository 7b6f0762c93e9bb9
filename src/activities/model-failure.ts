import { ApplicationFailure, CancelledFailure } from '@temporalio/activity'
import { ModelError } from '../model/model-error.ts'
import type { TurnReason } from '../protocol/turn.ts'

/**
 * A model's failure as Temporal's retry policy and the workflow's park understand it: type is the reason of a park, refused
 * requests are not retried, and a wait that the provider asked for is kept.
 */
export function modelFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return new CancelledFailure('the inference was cancelled')
  if (!ModelError.isInstance(error)) return error instanceof Error ? error : new Error(String(error))
  return ApplicationFailure.create({
    message: error.message,
    type: reasonOf(error),
    nonRetryable: !error.retryable,
    ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
  })
}

function reasonOf({ kind }: ModelError): TurnReason {
  switch (kind) {
    case 'refused':
    case 'bad-request':
      return 'model-refused'
    case 'unreachable':
      return 'model-unreachable'
    case 'context-overflow':
      return 'context-overflow'
    case 'rate-limited':
    case 'server-error':
      return 'model-error'
  }
}

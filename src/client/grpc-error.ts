import { isGrpcServiceError, QueryNotRegisteredError, QueryRejectedError, ServiceError, WorkflowContinuedAsNewError, WorkflowFailedError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client'
import { CancelledFailure, NamespaceNotFoundError, TemporalFailure, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common'
import { messageOf, PerdureError } from '../protocol/errors.ts'

/** The gRPC error: the error itself, or the cause of an error of the SDK. */
export function grpcErrorOf(error: unknown): { readonly code: number; readonly details: string; readonly message: string } | undefined {
  const cause = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined
  return isGrpcServiceError(cause) ? cause : undefined
}

/** Whether the server says this. Of an update with start the text stands in the message, and something else in the details. */
export function says(error: unknown, words: RegExp, code?: number): boolean {
  const cause = grpcErrorOf(error)
  return cause !== undefined && (code === undefined || cause.code === code) && words.test(`${cause.details} ${cause.message}`)
}

/** gRPC status codes of a server that is away or starting. */
export const transientCodes: ReadonlySet<number> = new Set([1, 4, 8, 13, 14])
export const notFound = 5
/** Whoever asks may not, or is not known. */
const refusedCodes: ReadonlySet<number> = new Set([7, 16])
/** A workflow, or one of its workers, is in no state for what was asked. */
export const failedPrecondition = 9
/** What was asked met another change, such as the end of the workflow, and was not taken: it may be asked again. */
export const aborted = 10

/** A server that has just started, or hung, has its namespaces a moment later. */
export const isNamespaceUnknown = (error: unknown): boolean => error instanceof NamespaceNotFoundError || says(error, /namespace \S+ is not found/i, notFound)

const ofSdk = [
  ServiceError, WorkflowFailedError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, WorkflowContinuedAsNewError, QueryRejectedError, QueryNotRegisteredError,
  WorkflowNotFoundError, WorkflowExecutionAlreadyStartedError, NamespaceNotFoundError, TemporalFailure,
] as const

/**
 * Whatever Temporal's client and its gRPC library throw, with a code of ours: who calls ours need not know that there are others. What says more of it
 * is asked first (`translated`). An error of somebody else, such as the reason of a caller's signal, is as it was.
 */
export function asOurs(error: unknown): unknown {
  // The second is the reason of the signal by which Temporal ends an activity, whose code may have called the client.
  if (PerdureError.isInstance(error) || error instanceof CancelledFailure) return error
  const cause = innermost(error)
  const words = messageOf(cause).replace(/^\d+ [A-Z_]+: /, '')
  // Of the gRPC library, which has no code for it.
  if (/channel has been shut down/i.test(words)) return new PerdureError('invalid-argument', 'the connection of this client was closed; connect anew', { cause: error })
  const code = grpcErrorOf(error)?.code
  if (code === undefined && !ofSdk.some((kind) => error instanceof kind)) return error
  // A codec that lacks a key, say.
  if (PerdureError.isInstance(cause)) return cause
  if (isNamespaceUnknown(error)) return new PerdureError('server-unavailable', `the Temporal server has no such namespace (${words}); correct TEMPORAL_NAMESPACE, or create it`, { cause: error })
  if (code !== undefined && transientCodes.has(code)) return new PerdureError('server-unavailable', 'the Temporal server does not answer; is it running? `perdure stack status` tells', { cause: error })
  if (code !== undefined && refusedCodes.has(code)) return new PerdureError('config-invalid', `the Temporal server refuses this client (${words}); check TEMPORAL_API_KEY, and what its user may do in TEMPORAL_NAMESPACE`, { cause: error })
  return new PerdureError('server-unavailable', `Temporal has answered with an error of its own: ${words}`, { cause: error })
}

const innermost = (error: unknown): unknown => (error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error)

import { isGrpcServiceError } from '@temporalio/client'
import { PerdureError } from '../protocol/errors.ts'

/** The gRPC error: the error itself, or the cause of an error of the SDK. */
export function grpcErrorOf(error: unknown): { readonly code: number; readonly details: string; readonly message: string } | undefined {
  const cause = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined
  return isGrpcServiceError(cause) ? cause : undefined
}

/** gRPC status codes of a server that is away or starting. */
export const transientCodes: ReadonlySet<number> = new Set([1, 4, 8, 13, 14])

/** What Temporal's own services throw, which are asked past the client's patience: away is `server-unavailable`, anything else is as it was. */
export function awayOr(error: unknown): unknown {
  const cause = grpcErrorOf(error)
  if (cause === undefined || !transientCodes.has(cause.code)) return error
  return new PerdureError('server-unavailable', 'the Temporal server does not answer; is it running? `perdure stack status` tells', { cause: error })
}

export const notFound = 5
/** What was asked met another change, such as the end of the workflow, and was not taken: it may be asked again. */
export const aborted = 10
/** A workflow, or one of its workers, is in no state for what was asked. */
export const failedPrecondition = 9

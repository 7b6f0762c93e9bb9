import { isGrpcServiceError } from '@temporalio/client'

/** The gRPC error: the error itself, or the cause of an error of the SDK. */
export function grpcErrorOf(error: unknown): { readonly code: number; readonly details: string; readonly message: string } | undefined {
  const cause = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined
  return isGrpcServiceError(cause) ? cause : undefined
}

export const notFound = 5
/** A workflow, or one of its workers, is in no state for what was asked. */
export const failedPrecondition = 9

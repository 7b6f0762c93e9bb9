import { isGrpcServiceError, QueryNotRegisteredError, type Client } from '@temporalio/client'
import { PerdureError } from '../protocol/errors.ts'
import { workflowIdOf } from '../protocol/ids.ts'

/** gRPC status FAILED_PRECONDITION. */
const refused = new Set([9])

/**
 * Why an agent's worker can't run its workflow, as far as one can tell from here: a worker that lacks a key says so in its log, and
 * its answer has gone through the same encryption. The workflow's memo is under these keys too, and clients read it.
 */
export async function stuckWorkflow(temporal: Client, agentId: string, error: unknown): Promise<unknown> {
  if (!isStuck(error)) return error
  try {
    await temporal.workflow.getHandle(workflowIdOf(agentId)).describe()
  } catch (cause) {
    if (PerdureError.isInstance(cause)) return cause
  }
  return error
}

/** The worker has refused the workflow's task or the query. */
function isStuck(error: unknown): boolean {
  if (error instanceof QueryNotRegisteredError) return true
  const cause = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined
  return isGrpcServiceError(cause) && refused.has(cause.code)
}

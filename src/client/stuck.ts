import { QueryNotRegisteredError, type Client } from '@temporalio/client'
import { PerdureError } from '../protocol/errors.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { failedPrecondition, grpcErrorOf } from './grpc-error.ts'

/**
 * Why an agent's worker can't run its workflow, as far as one can tell from here: a worker that lacks a key says so in its log, and
 * its answer has gone through the same encryption. The workflow's memo is under these keys too, and clients read it.
 * Undefined where it says nothing.
 */
export async function stuckWorkflow(temporal: Client, agentId: string, error: unknown): Promise<PerdureError | undefined> {
  if (!isStuck(error)) return undefined
  try {
    await temporal.workflow.getHandle(workflowIdOf(agentId)).describe()
  } catch (cause) {
    if (PerdureError.isInstance(cause)) return cause
  }
  return undefined
}

/** The worker has refused the workflow's task or the query. */
const isStuck = (error: unknown): boolean => error instanceof QueryNotRegisteredError || grpcErrorOf(error)?.code === failedPrecondition

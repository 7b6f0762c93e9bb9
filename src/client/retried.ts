import type { Client } from '@temporalio/client'
import { TimeoutFailure } from '@temporalio/common'
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js'
import type { AgentView } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { askingMs } from './indexed-runs.ts'

type Retrying = NonNullable<NonNullable<AgentView['running']>['retrying']>

/**
 * What of the running step has failed and is tried again, as Temporal's server knows it: the workflow is told of the last attempt only. Undefined
 * where there is none, and where the server can't tell.
 */
export async function retriedOf(temporal: Client, key: string): Promise<Retrying | undefined> {
  const { workflowService, options } = temporal
  const execution = { workflowId: workflowIdOf(key) }
  try {
    const asked = temporal.withDeadline(Date.now() + askingMs, () => workflowService.describeWorkflowExecution({ namespace: options.namespace, execution }))
    const { pendingActivities } = await asked
    const failing = pendingActivities.find(({ attempt, lastFailure }) => (attempt ?? 1) > 1 && lastFailure != null)
    const failure = await decodeOptionalFailureToOptionalError(options.loadedDataConverter, failing?.lastFailure)
    if (failure === undefined) return undefined
    return { activity: failing?.activityType?.name ?? '', attempt: failing?.attempt ?? 1, detail: failure instanceof TimeoutFailure ? 'the worker that had this was not heard of any more' : failure.message }
  } catch {
    return undefined
  }
}

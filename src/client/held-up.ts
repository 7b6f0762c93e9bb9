import type { Client } from '@temporalio/client'
import { TimeoutFailure } from '@temporalio/common'
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js'
import type { AgentView, PausedActivity, Retrying } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { askingMs } from './indexed-runs.ts'

/** What holds an agent's activities up. */
export interface HeldUp extends Pick<AgentView, 'paused'> {
  readonly retrying?: Retrying
}

type Pending = Awaited<ReturnType<Client['workflowService']['describeWorkflowExecution']>>['pendingActivities'][number]

/**
 * What of the agent's work has failed and is tried again, and what somebody has paused, as Temporal's server knows it: the workflow is told of
 * neither before the activity has ended. Nothing where there is none, and where the server can't tell.
 */
export async function heldUp(temporal: Client, key: string): Promise<HeldUp> {
  const { workflowService, options } = temporal
  const execution = { workflowId: workflowIdOf(key) }
  try {
    const asked = temporal.withDeadline(Date.now() + askingMs, () => workflowService.describeWorkflowExecution({ namespace: options.namespace, execution }))
    const { pendingActivities } = await asked
    const paused = pendingActivities.filter((pending) => pending.paused).map(pausedActivity)
    // It may be written under a key that is not held here.
    const retrying = await retryingOf(temporal, pendingActivities.find(isRetried)).catch(() => undefined)
    return { ...(paused.length > 0 && { paused }), ...(retrying && { retrying }) }
  } catch {
    return {}
  }
}

function pausedActivity({ activityId, activityType, pauseInfo }: Pending): PausedActivity {
  const { pauseTime, manual, rule } = pauseInfo ?? {}
  const reason = manual?.reason ?? rule?.reason ?? ''
  return { activity: activityType?.name ?? '', activityId: activityId ?? '', since: new Date(Number(pauseTime?.seconds ?? 0) * 1_000).toISOString(), ...(reason !== '' && { reason }) }
}

/** Types of failures by which an attempt ends that somebody has interrupted: they say nothing of what it was at. */
const interruptions: readonly (string | null | undefined)[] = ['ActivityPause', 'ActivityReset']

const isRetried = ({ attempt, lastFailure, paused }: Pending): boolean =>
  !paused && (attempt ?? 1) > 1 && lastFailure != null && !interruptions.includes(lastFailure.applicationFailureInfo?.type)

async function retryingOf({ options }: Client, failing: Pending | undefined): Promise<Retrying | undefined> {
  const failure = await decodeOptionalFailureToOptionalError(options.loadedDataConverter, failing?.lastFailure)
  if (failure === undefined) return undefined
  return { activity: failing?.activityType?.name ?? '', attempt: failing?.attempt ?? 1, detail: failure instanceof TimeoutFailure ? 'the worker that had this was not heard of any more' : failure.message }
}

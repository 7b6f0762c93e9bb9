import type { Client } from '@temporalio/client'
import { historiesOf } from './evidence.ts'

/** Tasks of an agent that Temporal took from a worker, because it had not heard of it in time: of all its runs, in words. */
export async function timeoutsOf(temporal: Client, agentId: string): Promise<readonly string[]> {
  const histories = await historiesOf({ temporal, agentId })
  return histories.flat().flatMap((event) => {
    const { workflowTaskTimedOutEventAttributes: task, activityTaskTimedOutEventAttributes: activity, activityTaskStartedEventAttributes: started } = event
    const at = `${agentId} event ${String(event.eventId)}`
    if (task) return [`${at}: workflow task, timeout ${task.timeoutType ?? ''}`]
    if (activity) return [`${at}: activity, timeout ${activity.failure?.timeoutFailureInfo?.timeoutType ?? ''}`]
    if (started && (started.attempt ?? 1) > 1) return [`${at}: activity, attempt ${started.attempt ?? ''} after ${started.lastFailure?.message ?? ''}`]
    return []
  })
}

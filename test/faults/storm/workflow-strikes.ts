import type { Client } from '@temporalio/client'
import proto, { type temporal } from '@temporalio/proto'
import { workflowIdOf } from '../../../src/protocol/ids.ts'

type HistoryEvent = temporal.api.history.v1.IHistoryEvent

const { RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL: signals, RESET_REAPPLY_EXCLUDE_TYPE_UPDATE: updates } = proto.temporal.api.enums.v1.ResetReapplyExcludeType

/** What an operator can do to an agent's workflow. @returns in words, what was done */
export async function strikeWorkflow(client: Client, agentId: string, { how, way }: { readonly how: string; readonly way: number }): Promise<string> {
  const handle = client.workflow.getHandle(workflowIdOf(agentId))
  const workflow = { namespace: client.options.namespace, workflowExecution: { workflowId: workflowIdOf(agentId) } }
  switch (how) {
    case 'terminate':
      await handle.terminate('a storm')
      return 'terminated'
    case 'cancel':
      await handle.cancel()
      return 'asked to be cancelled'
    case 'delete':
      await client.workflowService.deleteWorkflowExecution(workflow)
      return 'deleted'
    default:
      return reset(client, agentId, way)
  }
}

/** To the latest workflow task, to an earlier one of this run, or to one of the run before; with what came after it, or without. */
async function reset(client: Client, agentId: string, way: number): Promise<string> {
  const workflowId = workflowIdOf(agentId)
  const eventsOf = async (runId?: string): Promise<readonly HistoryEvent[]> => (await client.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? []
  const latest = await eventsOf()
  const before = way > 0.75 ? latest[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId : undefined
  const isBefore = before !== undefined && before !== null && before !== ''
  const tasks = (isBefore ? await eventsOf(before) : latest).filter(({ workflowTaskCompletedEventAttributes: completed }) => completed != null)
  const share = way < 0.35 ? 1 : (way * 97) % 1
  const task = tasks[Math.min(tasks.length - 1, Math.floor(tasks.length * share))]
  if (task?.eventId == null) throw new Error('its workflow has not done a task yet')
  const reapply = (way * 1_009) % 1 < 0.5
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    // Without a run the latest one is meant.
    workflowExecution: { workflowId, ...(isBefore && { runId: before }) },
    reason: 'a storm',
    requestId: `${workflowId} ${way}`,
    workflowTaskFinishEventId: task.eventId,
    ...(!reapply && { resetReapplyExcludeTypes: [signals, updates] }),
  })
  return `reset to ${share === 1 ? 'its latest task' : 'an earlier task'}${isBefore ? ' of the run before' : ''}, ${reapply ? 'with' : 'without'} what came after`
}

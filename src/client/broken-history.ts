import proto from '@temporalio/proto'
import { workflowIdOf } from '../protocol/ids.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

const { WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR: nondeterministic } = proto.temporal.api.enums.v1.WorkflowTaskFailedCause

/** Tries of one workflow task, by whichever workers there are, before its history is given up. */
const fewTries = 3
/**
 * The same where no worker has said why: the SDK reports that it can't replay a history only at the first try, and when that was lost with
 * its worker the task times out at all others. An agent of an overloaded machine loses nothing by it: a new history is shorter.
 */
const manyTries = 6
/** Latest entries of a history among which the failure of such a task stands: only the first of them is written down. */
const latestEntries = 10

/**
 * The agent's present run, if no worker can replay its history: the code was changed without `patched`, say, or the SDK has written down
 * in a wrong order what came at once (an answer to a query between a local activity and an update). No further try helps such a run.
 */
export async function unreplayableRun({ temporal }: AgentWorkflows, agentId: string): Promise<string | undefined> {
  const workflowId = workflowIdOf(agentId)
  const { runId, status, raw } = await temporal.workflow.getHandle(workflowId).describe()
  const tries = raw.pendingWorkflowTask?.attempt ?? 0
  if (status.name !== 'RUNNING' || tries < fewTries) return undefined
  const { history } = await temporal.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: temporal.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: latestEntries,
  })
  const latest = history?.events?.find(({ workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: timedOut }) => failed != null || timedOut != null)
  const saysWhy = latest?.workflowTaskFailedEventAttributes
  if (saysWhy == null) return latest !== undefined && tries >= manyTries ? runId : undefined
  return saysWhy.cause === nondeterministic ? runId : undefined
}

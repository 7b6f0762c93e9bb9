import proto from '@temporalio/proto'
import { workflowIdOf } from '../protocol/ids.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

const { WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR: nondeterministic } = proto.temporal.api.enums.v1.WorkflowTaskFailedCause

/** Tries of one workflow task, by whichever workers there are, before its history is given up. */
const fewTries = 3
/** Latest entries of a history among which the failure of such a task stands: only the first of them is written down. */
const latestEntries = 10

/**
 * The agent's present run, if no worker can replay its history: the code was changed without `patched`, say, or the SDK has written down
 * in a wrong order what came at once (an answer to a query between a local activity and an update). No further try helps such a run.
 */
export async function unreplayableRun({ temporal }: AgentWorkflows, agentId: string): Promise<string | undefined> {
  const workflowId = workflowIdOf(agentId)
  const { runId, status, raw } = await temporal.workflow.getHandle(workflowId).describe()
  if (status.name !== 'RUNNING' || (raw.pendingWorkflowTask?.attempt ?? 0) < fewTries) return undefined
  const { history } = await temporal.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: temporal.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: latestEntries,
  })
  const failed = history?.events?.find(({ workflowTaskFailedEventAttributes: attributes }) => attributes != null)
  return failed?.workflowTaskFailedEventAttributes?.cause === nondeterministic ? runId : undefined
}

import type { Client } from '@temporalio/client'
import proto, { type temporal } from '@temporalio/proto'
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
 * The SDK's own words, in the error of a task or of a query, for a history that does not fit the code. Half of these tasks fail with the same
 * cause as one in which our code threw, which a mended worker takes again, or one whose worker lacks a key.
 */
const words = /\[TMPRL1100\]|nondeterminism error|fatal error in workflow machines|no completion for taskSeq/i

export const saysUnreplayable = (message: string | null | undefined): boolean => words.test(message ?? '')

/**
 * The agent's present run, if no worker can replay its history: the code was changed without `patched`, say, or the SDK has written down
 * the end of a local activity before it told the workflow of it (a query was being answered), and an update came in between. No further try
 * helps such a run.
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
  return isGivenUp(tries, history?.events ?? []) ? runId : undefined
}

type Entry = Pick<temporal.api.history.v1.IHistoryEvent, 'workflowTaskFailedEventAttributes' | 'workflowTaskTimedOutEventAttributes'>

/** @param newestFirst the latest entries of the history whose task was tried so often */
export function isGivenUp(tries: number, newestFirst: readonly Entry[]): boolean {
  const latest = newestFirst.find(({ workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: timedOut }) => failed != null || timedOut != null)
  if (latest === undefined || tries < fewTries) return false
  const { workflowTaskFailedEventAttributes: failed } = latest
  return failed == null ? tries >= manyTries : failed.cause === nondeterministic || saysUnreplayable(failed.failure?.message)
}

/**
 * What the present task of the agent's workflow has failed with, in its worker's words; undefined where it has not, or where the words are
 * encrypted. Of a task that is tried again and again only the first failure is written down.
 */
export async function failureOfTask({ workflowService, options: { namespace } }: Client, agentId: string): Promise<string | undefined> {
  const execution = { workflowId: workflowIdOf(agentId) }
  // Not by the client's description, which decrypts the memo.
  const { pendingWorkflowTask } = await workflowService.describeWorkflowExecution({ namespace, execution })
  if ((pendingWorkflowTask?.attempt ?? 0) < 2) return undefined
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({ namespace, execution, maximumPageSize: latestEntries })
  const failure = history?.events?.find(({ workflowTaskFailedEventAttributes: failed }) => failed != null)?.workflowTaskFailedEventAttributes?.failure
  return failure?.encodedAttributes == null ? (failure?.message ?? undefined) : undefined
}

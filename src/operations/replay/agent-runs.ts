import type { Client } from '@temporalio/client'
import { workflowIdOf } from '../../protocol/ids.ts'
import { asOurs } from '../../client/grpc-error.ts'
import { indexedRuns, isUnknownRun } from '../../client/indexed-runs.ts'
import type { Run } from './history-file.ts'
import type { History } from './proto-json.ts'

/** Every agent of which the server still has a run, archived and erased ones too. Its index lags a little behind. */
export async function agentsOnServer(temporal: Client): Promise<ReadonlySet<string>> {
  const agents = new Set<string>()
  for await (const { agentId } of indexedRuns(temporal)) agents.add(agentId)
  return agents
}

/**
 * All runs of an agent that the server still has, the latest first, one at a time: those that the latest one continues, and those
 * of earlier workflows under its id. None where the server knows nothing of it.
 */
export async function* agentRuns(temporal: Client, agentId: string): AsyncGenerator<Run> {
  const workflowId = workflowIdOf(agentId)
  const seen = new Set<string>()
  for (let runId = await latestRun(temporal, workflowId); runId !== undefined; ) {
    const history = await historyOf(temporal, workflowId, runId)
    if (history === undefined) break
    seen.add(runId)
    yield { workflowId, runId, history }
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined
  }
  for await (const { runId } of indexedRuns(temporal, `WorkflowId = '${workflowId}'`)) {
    if (seen.has(runId)) continue
    const history = await historyOf(temporal, workflowId, runId)
    if (history !== undefined) yield { workflowId, runId, history }
  }
}

async function latestRun(temporal: Client, workflowId: string): Promise<string | undefined> {
  const { namespace } = temporal.options
  return known(async () => {
    const { workflowExecutionInfo } = await temporal.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } })
    return workflowExecutionInfo?.execution?.runId ?? undefined
  })
}

const historyOf = (temporal: Client, workflowId: string, runId: string): Promise<History | undefined> =>
  known(() => temporal.workflow.getHandle(workflowId, runId).fetchHistory())

/** Undefined for a run that is past its retention, or of which the server never knew. */
async function known<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (isUnknownRun(error)) return undefined
    throw asOurs(error)
  }
}

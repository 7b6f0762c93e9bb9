import type { Client } from '@temporalio/client'
import type { RunHistory } from './kept/history-json.ts'

/** The histories of all runs of a workflow, oldest first: each run names the one that it continues. */
export async function runsOf(client: Client, workflowId: string): Promise<readonly RunHistory[]> {
  const runs: RunHistory[] = []
  let runId: string | undefined
  do {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    runs.unshift(history)
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined
  } while (runId)
  return runs
}

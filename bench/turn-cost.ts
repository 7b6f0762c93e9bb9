import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'

export type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent

export interface TurnCost {
  readonly events: number
  readonly bytes: number
}

/** Events of one run of a workflow, the latest unless another is named, oldest event first. */
export async function historyEvents(client: Client, workflowId: string, runId?: string): Promise<HistoryEvent[]> {
  const handle = client.workflow.getHandle(workflowId, runId)
  const { events } = await handle.fetchHistory()
  return events ?? []
}

/** Cuts a history at the acceptance of each update that waits for a turn; what lies between two of them is one turn. */
export function turnsOf(events: readonly HistoryEvent[]): TurnCost[] {
  const costs: { events: number; bytes: number }[] = []
  for (const event of events) {
    if (event.workflowExecutionUpdateAcceptedEventAttributes) costs.push({ events: 0, bytes: 0 })
    const current = costs.at(-1)
    if (!current) continue
    current.events += 1
    current.bytes += proto.temporal.api.history.v1.HistoryEvent.encode(event).finish().length
  }
  // The last one lacks the workflow task that the next message brings; the first has the start of the run in it.
  return costs.slice(1, -1)
}

import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import { runsOf } from '../test/replay/runs-of.ts'
import type { HistoryEvent } from './turn-cost.ts'

/** Where a task has waited, or what was done with it. */
export const waitKinds = ['workflow task, for the worker that keeps the agent', 'workflow task, for any worker', 'workflow task, worked on', 'activity, for a worker', 'activity, worked on'] as const

export interface Wait {
  readonly kind: (typeof waitKinds)[number]
  readonly ms: number
  /** It went to another queue, or to another worker. */
  readonly inVain: boolean
}

/** By the histories of an agent's runs: for how long each task waited, and was worked on, that ended since then. */
export async function waitsOf(client: Client, workflowId: string, since: number): Promise<Wait[]> {
  return (await runsOf(client, workflowId)).flatMap(({ events }) => waitsIn(events ?? [], since))
}

function waitsIn(events: readonly HistoryEvent[], from: number): Wait[] {
  const byId = new Map(events.map((event) => [Number(event.eventId), event]))
  const since = (id: unknown, event: HistoryEvent): number => timeOf(event) - timeOf(byId.get(Number(id)) ?? event)
  const queued = (id: unknown): Wait['kind'] => {
    const kind = byId.get(Number(id))?.workflowTaskScheduledEventAttributes?.taskQueue?.kind
    return kind === proto.temporal.api.enums.v1.TaskQueueKind.TASK_QUEUE_KIND_STICKY ? waitKinds[0] : waitKinds[1]
  }
  return events.flatMap((event): Wait[] => {
    if (timeOf(event) < from) return []
    const { workflowTaskStartedEventAttributes: started, workflowTaskCompletedEventAttributes: completed, workflowTaskTimedOutEventAttributes: late } = event
    if (started) return [{ kind: queued(started.scheduledEventId), ms: since(started.scheduledEventId, event), inVain: false }]
    if (completed) return [{ kind: waitKinds[2], ms: since(completed.startedEventId, event), inVain: false }]
    if (late) {
      const begun = Number(late.startedEventId) > 0
      return [{ kind: begun ? waitKinds[2] : queued(late.scheduledEventId), ms: since(begun ? late.startedEventId : late.scheduledEventId, event), inVain: true }]
    }
    const { activityTaskStartedEventAttributes: taken, activityTaskCompletedEventAttributes: done } = event
    if (taken) return [{ kind: waitKinds[3], ms: since(taken.scheduledEventId, event), inVain: Number(taken.attempt) > 1 }]
    return done ? [{ kind: waitKinds[4], ms: since(done.startedEventId, event), inVain: false }] : []
  })
}

function timeOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6
}

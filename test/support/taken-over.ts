import { historyAsJson, historyFromJson, type RunHistory } from '../replay/kept/history-json.ts'

type JsonEvent = Readonly<Record<string, unknown>>

/**
 * The history as it would be, had the worker of its first task gone while the first local activity ran, before the updates came: it had told Temporal
 * that it is still at it, the task of that timed out, and another worker took over.
 */
export function takenOver(history: RunHistory): RunHistory {
  const json = historyAsJson(history)
  const events = json['events'] as readonly JsonEvent[]
  const until = events.findIndex(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_STARTED') + 1
  const scheduledAt = events.findIndex(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED') + 1
  const { eventTime, taskId } = events[until] ?? {}
  const id = (offset: number): string => String(until + offset)
  const event = (offset: number, type: string, name: string, attributes: JsonEvent): JsonEvent => ({
    eventId: id(offset), eventTime, taskId, eventType: `EVENT_TYPE_WORKFLOW_TASK_${type}`, [`workflowTask${name}EventAttributes`]: attributes,
  })
  const between = [
    event(1, 'COMPLETED', 'Completed', { scheduledEventId: String(scheduledAt), startedEventId: id(0) }),
    event(2, 'SCHEDULED', 'Scheduled', { attempt: 1 }),
    event(3, 'STARTED', 'Started', { scheduledEventId: id(2) }),
    event(4, 'TIMED_OUT', 'TimedOut', { scheduledEventId: id(2), startedEventId: id(3) }),
    event(5, 'SCHEDULED', 'Scheduled', { attempt: 1 }),
    event(6, 'STARTED', 'Started', { scheduledEventId: id(5) }),
  ]
  const movedId = (given: number): string => (given === scheduledAt ? id(5) : String(given + between.length))
  const moved = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((one) => moved(one))
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, moved(one, name)]))
    return /eventId$/i.test(key) && typeof value === 'string' && /^[1-9]\d*$/.test(value) ? movedId(Number(value)) : value
  }
  return historyFromJson({ events: [...events.slice(0, until), ...between, ...events.slice(until).map((one) => moved(one))] })
}

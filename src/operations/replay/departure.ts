import type { History, HistoryEvent } from './proto-json.ts'

/** Where and why the code leaves a history. */
export interface Departure {
  /** The id of the event at which it is noticed, if that is known. */
  readonly eventId?: number
  /** In words, for a person. */
  readonly why: string
}

/** Reads what the SDK says of a replay that failed. What is not understood stands as it is. */
export function whereItLeaves(error: Error, { events }: History): Departure {
  const said = detailOf(error.message)
  const eventId = eventIn(said, events ?? [])
  const event = events?.find(({ eventId: id }) => Number(id) === eventId)
  return { ...(eventId !== undefined && { eventId }), why: inWords(said, event) }
}

/** `ActivityTaskScheduled infer`: type and, where it has one, name. */
export function eventName({ activityTaskScheduledEventAttributes: activity, markerRecordedEventAttributes: marker, ...event }: HistoryEvent): string {
  const type = Object.keys(event).find((key) => key.endsWith('EventAttributes') && event[key as keyof typeof event] != null)
  if (activity) return `ActivityTaskScheduled ${activity.activityType?.name ?? ''}`.trimEnd()
  if (marker) return `MarkerRecorded ${marker.markerName ?? ''}`.trimEnd()
  return type === undefined ? 'unknown event' : `${type.charAt(0).toUpperCase()}${type.slice(1, -'EventAttributes'.length)}`
}

/** The SDK wraps what its core said in what Rust prints of a structure. */
function detailOf(message: string): string {
  const [, detail = message] = /message: "((?:[^"\\]|\\.)*)"/.exec(message) ?? []
  return detail
    .replaceAll('\\"', '"')
    .replace(/^\[TMPRL\d+\] /, '')
    .replace(/^(Nondeterminism error|Fatal error in workflow machines): /, '')
}

function eventIn(said: string, events: readonly HistoryEvent[]): number | undefined {
  const named = /HistoryEvent\(id: (\d+)/.exec(said)?.[1] ?? /event id: (\d+)/.exec(said)?.[1]
  if (named !== undefined) return Number(named)
  const activity = /scheduled event '([^']+)'/.exec(said)?.[1]
  const candidates = events.filter(({ activityTaskScheduledEventAttributes: scheduled }) => activity !== undefined && scheduled?.activityType?.name === activity)
  // Several of that name: which of them was met is not said.
  return candidates.length === 1 ? Number(candidates[0]?.eventId) : undefined
}

const machines: Readonly<Record<string, string>> = {
  Activity: 'an activity',
  LocalActivity: 'a local activity',
  Timer: 'a timer',
  Version: 'a patch marker',
  Update: 'the answer of an update',
  ContinueAsNewWorkflow: 'to continue as new',
  CompleteWorkflow: 'to end',
  ModifyWorkflowProperties: 'to change its memo',
  UpsertSearchAttributes: 'to change its search attributes',
}

function inWords(said: string, event: HistoryEvent | undefined): string {
  const [, scheduled, asked] = /Activity type of scheduled event '([^']+)' does not match activity type of activity command '([^']+)'/.exec(said) ?? []
  if (scheduled !== undefined && asked !== undefined) return `the history has the activity ${scheduled} where the code asks for ${asked}`
  const has = event === undefined ? 'another event' : eventName(event)
  const [, machine] = /^(\w+?) ?[mM]achine does not handle this event/.exec(said) ?? []
  if (machine !== undefined) return `the code asks for ${machines[machine] ?? machine}, the history has ${has}`
  if (said.startsWith('No command scheduled for event')) return `the history has ${has}, for which the code does not ask`
  const [, before, after] = /History is out of order\. Last processed event: (\d+), event id: (\d+)/.exec(said) ?? []
  if (before !== undefined && after !== undefined) return `the history lacks events: ${after} follows ${before}`
  return said
}

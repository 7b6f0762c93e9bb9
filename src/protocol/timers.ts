import { invalidArgument, PerdureError } from './errors.ts'
import { assertEventText } from './events.ts'
import { textBytes } from './json-bytes.ts'
import { limits } from './limits.ts'

/** What is asked for with the update `schedule`. Its text lies in the event store; a sender without a store gives it here. */
export interface TimerRequest {
  /** `a-z`, `0-9`, `-`, `_`; unique within the agent. */
  readonly id: string
  /** Epoch milliseconds of the first firing. In the past: at once. */
  readonly at: number
  /** How the sender reckoned `at`, if from its own present: what tells "the same again", as `at` differs then. */
  readonly afterMs?: number
  /** Absent: fires once. */
  readonly everyMs?: number
  /** How often it comes due; only with `everyMs`. Absent: until it is cancelled. */
  readonly times?: number
  /** UTF-8 bytes of the text. */
  readonly bytes: number
  /** Id in the event store under which the text lies. */
  readonly body?: string
  readonly text?: string
  /** Takes the place of another timer of the same id. */
  readonly replace?: boolean
}

/** A timer that waits. Carried through continue-as-new; holds no text, unless its sender had no store. */
export interface ScheduledTimer extends Omit<TimerRequest, 'replace'> {
  /** Epoch milliseconds. */
  dueAt: number
  firings: number
}

/** A timer as the query `state` gives it. */
export interface TimerView {
  readonly id: string
  /** ISO 8601. */
  readonly dueAt: string
  readonly everyMs?: number
  /** Due times that are left, this one included; absent where there is no end. */
  readonly left?: number
  readonly firings: number
  /** Where its text lies in the event store. */
  readonly body?: string
}

export interface ScheduleAnswer {
  readonly status: 'scheduled' | 'unchanged' | 'replaced'
  readonly timer: TimerView
}

/** The event of one firing: named by its due time, so that no due time of a timer is ever handled twice. */
export const firingIdOf = (id: string, dueAt: number): string => `timer:${id}:${new Date(dueAt).toISOString()}`

export const timerIdPattern = /^[a-z0-9_-]+$/

/** Dates of JavaScript end here. */
const lastMoment = 8.64e15
const longestIntervalMs = 100 * 365 * 24 * 3_600_000

/**
 * What holds for every timer, whoever looks first: the client before it stores the text, the workflow before it takes it.
 * @throws PerdureError `invalid-argument`, `message-empty`, `message-too-large`
 */
export function assertTimer(request: unknown): asserts request is TimerRequest {
  if (typeof request !== 'object' || request === null) throw invalidArgument('a timer is an object { id, at, bytes }')
  const { id, at, afterMs, everyMs, times, bytes, body, text, replace } = request as Record<string, unknown>
  assertTimerId(id)
  if (afterMs !== undefined && !isWhole(afterMs, 0)) throw invalidArgument('afterMs is a whole number of milliseconds')
  if (typeof at !== 'number' || !Number.isInteger(at) || at < 0 || at > lastMoment) throw invalidArgument('at is a time; write it as ISO 8601, like 2027-03-01T08:00:00Z')
  if (everyMs !== undefined && (!isWhole(everyMs, limits.timerIntervalMs) || everyMs > longestIntervalMs)) {
    throw invalidArgument(`everyMs is a whole number of milliseconds, from ${limits.timerIntervalMs} to ${longestIntervalMs}`)
  }
  if (times !== undefined && (everyMs === undefined || !isWhole(times, 1))) throw invalidArgument('times is a whole number from 1, and has a meaning beside everyMs only')
  if (!isWhole(bytes, 0)) throw invalidArgument('bytes is the number of UTF-8 bytes of the text')
  if (text !== undefined && typeof text !== 'string') throw invalidArgument('text is a string, if it is given')
  if (body !== undefined && (typeof body !== 'string' || body === '' || body.length > limits.eventIdCharacters)) throw invalidArgument('body is the id of a stored text')
  if (body === undefined && text === undefined) throw invalidArgument('a timer has a text, or a body that was stored before')
  if (replace !== undefined && typeof replace !== 'boolean') throw invalidArgument('replace is true or false')
  if (bytes === 0 || text?.trim() === '') throw new PerdureError('message-empty', 'a timer without a text says nothing; write at least one character')
  assertEventText({ kind: 'timer', bytes: Math.max(bytes, text === undefined ? 0 : textBytes(text)), blank: false })
}

/** @throws PerdureError `invalid-argument` */
export function assertTimerId(id: unknown): asserts id is string {
  if (typeof id === 'string' && id.length <= limits.timerIdCharacters && timerIdPattern.test(id)) return
  throw invalidArgument(`a timer's id is 1 to ${limits.timerIdCharacters} of a-z, 0-9, "-" and "_"`)
}

const isWhole = (value: unknown, least: number): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= least


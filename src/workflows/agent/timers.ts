import { PerdureError } from '../../protocol/errors.ts'
import type { IncomingEvent, TimerFiring } from '../../protocol/events.ts'
import { jsonBytes } from '../../protocol/json-bytes.ts'
import { limits } from '../../protocol/limits.ts'
import type { AgentState } from '../../protocol/state.ts'
import { assertTimer, firingIdOf, type ScheduleAnswer, type ScheduledTimer, type TimerRequest, type TimerView } from '../../protocol/timers.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'
import { accept, hasRoom } from './mailbox.ts'

/** Temporal's timers are asked to wait no longer than this at once; then the loop looks again. */
const longestWaitMs = 365 * 24 * 3_600_000

/**
 * Refuses a timer before it reaches history.
 * @throws PerdureError `invalid-argument`, `message-empty`, `message-too-large`, `timer-conflict`, `timers-full`
 */
export function assertSchedulable(request: unknown, { timers = [] }: AgentState): asserts request is TimerRequest {
  assertTimer(request)
  const present = timers.find(({ id }) => id === request.id)
  if (present === undefined && timers.length >= limits.timers) {
    throw new PerdureError('timers-full', `the agent has ${timers.length} timers already, as many as it may have; cancel one first`)
  }
  const others = timers.filter(({ id }) => id !== request.id)
  if (others.reduce((sum, timer) => sum + bytesOf(timer), bytesOf(request)) > limits.timersBytes) {
    throw new PerdureError('timers-full', `the texts of the agent's timers have more than ${limits.timersBytes} bytes; cancel one, or put the text into the store`)
  }
  if (present !== undefined && request.replace !== true && !isSame(present, request)) {
    throw new PerdureError('timer-conflict', `there is a timer ${request.id} with another time or text; replace it, cancel it first, or choose another id`)
  }
}

/** Bytes of a timer in the carried state, without its ids and text. */
const frameBytes = 200

const bytesOf = ({ id, body = '', text = '' }: Pick<TimerRequest, 'id' | 'body' | 'text'>): number => frameBytes + jsonBytes(id) + jsonBytes(body) + jsonBytes(text)

/** The same timer again changes nothing, so a sender who does not know whether it was heard may ask again. */
export function schedule(state: AgentState, request: TimerRequest): ScheduleAnswer {
  const timers = state.timers ?? []
  const present = timers.find(({ id }) => id === request.id)
  if (present !== undefined && isSame(present, request)) return { status: 'unchanged', timer: timerView(present) }
  const timer = newTimer(request)
  state.timers = [...timers.filter(({ id }) => id !== request.id), timer]
  return { status: present === undefined ? 'scheduled' : 'replaced', timer: timerView(timer) }
}

function newTimer({ id, at, bytes, afterMs, everyMs, times, body, text }: TimerRequest): ScheduledTimer {
  return { id, at, bytes, ...withoutUndefined({ afterMs, everyMs, times, body, text }), dueAt: at, firings: 0 }
}

/** False where there was none. A firing that waits in the mailbox already keeps its turn. */
export function unschedule(state: AgentState, timerId: string): boolean {
  const left = (state.timers ?? []).filter(({ id }) => id !== timerId)
  const removed = left.length < (state.timers?.length ?? 0)
  keep(state, left)
  return removed
}

/**
 * Puts what is due into the mailbox, in the order of due times. Of one timer at most one firing waits; the due times that went by
 * meanwhile, or while no worker ran, are told with the next one and are no firings of their own. Due times are reckoned from the
 * first one, so they do not drift.
 */
export function fireDue(state: AgentState, now: number): void {
  const due = (state.timers ?? []).filter((timer) => timer.dueAt <= now && !isWaiting(state, timer.id))
  for (const timer of due.sort((one, other) => one.dueAt - other.dueAt)) {
    if (!hasRoom(state, eventOf(timer, { id: timer.id, dueAt: timer.dueAt }))) return
    fire(state, timer, now)
  }
}

function fire(state: AgentState, timer: ScheduledTimer, now: number): void {
  const { id, body, everyMs } = timer
  const missed = everyMs === undefined ? 0 : Math.min(Math.floor((now - timer.dueAt) / everyMs), (leftOf(timer) ?? Infinity) - 1)
  const dueAt = timer.dueAt + missed * (everyMs ?? 0)
  const firing = { id, dueAt, ...(body !== undefined && { body }), ...(missed > 0 && { missed }) }
  accept(state, eventOf(timer, firing), now)
  timer.firings += 1
  if (everyMs === undefined || leftOf({ ...timer, dueAt }) === 1) unschedule(state, id)
  else timer.dueAt = dueAt + everyMs
}

function eventOf({ bytes, text }: ScheduledTimer, firing: TimerFiring): IncomingEvent {
  return { id: firingIdOf(firing.id, firing.dueAt), kind: 'timer', bytes, ...(text !== undefined && { text }), timer: firing }
}

const isWaiting = ({ mailbox }: AgentState, timerId: string): boolean => mailbox.some(({ event }) => event.timer?.id === timerId)

/**
 * The timers as the stores are to have them: there a firing that waits for its turn, or whose turn runs, is still to come. Whoever reads them
 * leaves out the firings that recall memory holds.
 */
export function timersToKeep({ timers = [], mailbox, running }: AgentState): readonly ScheduledTimer[] {
  const firings = [...(running === undefined ? [] : [running.event]), ...mailbox.map(({ event }) => event)].flatMap(({ timer, bytes, text }) =>
    timer === undefined ? [] : [{ ...timer, bytes, ...(text !== undefined && { text }) }],
  )
  const waiting = firings.map(({ id, dueAt, body, bytes, text }): ScheduledTimer => {
    const present = timers.find((timer) => timer.id === id)
    return present === undefined ? { id, at: dueAt, dueAt, bytes, firings: 0, ...(body !== undefined && { body }), ...(text !== undefined && { text }) } : { ...present, dueAt }
  })
  const ids = new Set(waiting.map(({ id }) => id))
  return [...waiting.filter(({ id }, index) => waiting.findIndex((other) => other.id === id) === index), ...timers.filter(({ id }) => !ids.has(id))]
}

/** Epoch milliseconds; undefined without a timer. */
export function nextDue({ timers = [] }: AgentState): number | undefined {
  return timers.length === 0 ? undefined : timers.reduce((next, { dueAt }) => Math.min(next, dueAt), Infinity)
}

/** Milliseconds that the loop may sleep before it looks at its timers again. */
export function waitUntil(dueAt: number, now: number): number {
  return Math.min(longestWaitMs, Math.max(1, dueAt - now))
}

export function timerView(timer: ScheduledTimer): TimerView {
  const { id, dueAt, everyMs, firings, body } = timer
  const left = leftOf(timer)
  return { id, dueAt: new Date(dueAt).toISOString(), ...(everyMs !== undefined && { everyMs }), ...(left !== undefined && { left }), firings, ...(body !== undefined && { body }) }
}

/** Due times from the present one on. */
function leftOf({ at, dueAt, everyMs, times }: ScheduledTimer): number | undefined {
  return everyMs === undefined || times === undefined ? undefined : times - Math.round((dueAt - at) / everyMs)
}

function isSame(present: ScheduledTimer, request: TimerRequest): boolean {
  const sameTime = request.afterMs === undefined ? present.afterMs === undefined && present.at === request.at : present.afterMs === request.afterMs
  return sameTime && (['everyMs', 'times', 'bytes', 'body', 'text'] as const).every((field) => present[field] === request[field])
}

function keep(state: AgentState, timers: ScheduledTimer[]): void {
  if (timers.length > 0) state.timers = timers
  else delete state.timers
}

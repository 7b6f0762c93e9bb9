import { createHash, randomUUID } from 'node:crypto'
import { invalidArgument } from '../protocol/errors.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import { assertTimer, assertTimerId, type ScheduleAnswer, type TimerRequest, type TimerView } from '../protocol/timers.ts'
import type { EventStore } from '../stores/events.ts'
import type { AgentNames } from './agent-names.ts'
import { assertText } from './assert-input.ts'
import type { CommandOptions } from './commands.ts'
import { look } from './look.ts'
import { update } from './temporal-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

/** A timer as one asks for it: `at` or `afterMs`, and what the agent is told. */
export interface TimerInput {
  /** 1 to 64 of `a-z`, `0-9`, `-`, `_`; unique within the agent. */
  readonly id: string
  readonly text: string
  /** ISO 8601, or a `Date`. A time that is past fires at once. */
  readonly at?: string | Date
  /** Milliseconds from now, by this process's clock. */
  readonly afterMs?: number
  /** Milliseconds between two firings, 1,000 at least. Absent: fires once. */
  readonly everyMs?: number
  /** How often it comes due, with `everyMs`. Absent: until it is cancelled. */
  readonly times?: number
  /** Takes the place of another timer of the same id. Default false: that is a conflict. */
  readonly replace?: boolean
}

export interface Timer extends TimerView {
  readonly text: string
}

export interface TimerMethods {
  /**
   * Wakes the agent at a time, once or repeatedly, with a text. Durable when it returns. The same timer again (with `afterMs`: the same
   * span) changes nothing and says `unchanged`. No due time is handled twice; of those that pass while no worker runs, while the agent
   * is parked, or while an earlier firing still waits, the latest fires and says how many were missed.
   * @throws PerdureError `timer-conflict` for another timer under the id, `timers-full`, `message-empty`, `message-too-large`, `invalid-argument`
   */
  schedule(agentId: string, timer: TimerInput): Promise<ScheduleAnswer>
  /** Takes a timer away; a firing that was accepted before keeps its turn. False if there was none. */
  unschedule(agentId: string, timerId: string, options?: CommandOptions): Promise<boolean>
  /** The timers that wait, the next due first. Needs a worker. */
  timers(agentId: string): Promise<readonly Timer[]>
}

export function timerMethods(
  workflows: AgentWorkflows,
  events: EventStore,
  { agentOf, known }: AgentNames,
): TimerMethods {
  return {
    schedule: async (agentId, given) => {
      const agent = await agentOf(agentId)
      assertText(given.text, 'the text of a timer')
      const timer = { ...given, text: wellFormed(given.text) }
      const request = timerRequest(timer, Date.now())
      assertTimer(request)
      await events.put({ agentId: agent.key, eventId: request.body, kind: 'timer', text: timer.text, sentAt: new Date().toISOString() })
      return update<ScheduleAnswer>(workflows, agent, { name: handlerNames.schedule, id: `${timer.id}/${randomUUID()}`, input: request })
    },
    unschedule: async (agentId, timerId, { commandId = randomUUID(), signal } = {}) => {
      assertTimerId(timerId)
      const { removed } = await update<{ removed: boolean }>(workflows, await agentOf(agentId), { name: handlerNames.unschedule, id: `${timerId}/${commandId}`, input: { id: timerId, commandId }, signal })
      return removed
    },
    timers: async (agentId) => {
      const agent = await known(agentId)
      const { timers = [] } = await look<AgentView>(workflows, agent, { query: handlerNames.state })
      return Promise.all(timers.map(async ({ body, ...timer }) => ({ ...timer, text: (body === undefined ? undefined : await events.get(agent.key, body))?.text ?? '' })))
    },
  }
}

/** The text's id is made of the text: the same timer again finds it there, another text has another one. */
export const timerBodyId = (timerId: string, text: string): string => `timer-text:${timerId}:${createHash('sha256').update(text).digest('hex').slice(0, 24)}`

/** @throws PerdureError `invalid-argument` */
function timerRequest({ id, text, at, afterMs, everyMs, times, replace }: TimerInput, now: number): TimerRequest & { readonly body: string } {
  if ((at === undefined) === (afterMs === undefined)) throw invalidArgument('a timer has either at or afterMs')
  return {
    id,
    at: at === undefined ? now + (afterMs ?? 0) : new Date(at).getTime(),
    bytes: Buffer.byteLength(text),
    body: timerBodyId(id, text),
    ...(afterMs !== undefined && { afterMs }),
    ...(everyMs !== undefined && { everyMs }),
    ...(times !== undefined && { times }),
    ...(replace !== undefined && { replace }),
  }
}

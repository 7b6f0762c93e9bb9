import { handlerNames, type EventAnswer, type EventRequest } from '../../protocol/handlers.ts'
import { textKept, until } from './keep.ts'
import { accept, outcomeOf, positionOf } from './mailbox.ts'
import type { AgentRun } from './run.ts'
import { fireDue } from './timers.ts'
import { mayHold } from './updates.ts'

/** Accepts an event. Few senders are kept waiting for its turn: whoever has the store looks there. */
export async function takeEvent(run: AgentRun, { event, wait }: EventRequest): Promise<EventAnswer> {
  const { state } = run
  fireDue(state, Date.now())
  accept(state, event, Date.now())
  const keeping = textKept(run, event)
  if (keeping !== undefined) await keeping
  if (wait === 'accepted') return finalAnswer(run, event.id) ?? interimAnswer(run, event.id)
  const ended = (): boolean => finalAnswer(run, event.id) !== undefined || (wait === 'turn' && state.parked !== undefined) || run.draining || run.archived
  if (!ended() && !mayHold(run)) return notHeld(run, event.id)
  run.held += 1
  try {
    await until(ended)
  } finally {
    run.held -= 1
  }
  if (run.draining && !run.archived) return finalAnswer(run, event.id) ?? { status: 'carried', eventId: event.id }
  return finalAnswer(run, event.id) ?? interimAnswer(run, event.id)
}

/** What an event has come to; null for one that is not known here. */
export function presentAnswer(run: AgentRun, eventId: string): EventAnswer | null {
  const answer = finalAnswer(run, eventId)
  if (answer !== undefined) return answer
  return positionOf(run.state, eventId) === undefined ? null : interimAnswer(run, eventId)
}

function finalAnswer({ state }: AgentRun, eventId: string): EventAnswer | undefined {
  const outcome = outcomeOf(state, eventId)
  if (outcome) return { status: 'ended', outcome }
  const handled = state.handled.find(([id]) => id === eventId)
  return handled && { status: 'handled', turn: handled[1] }
}

function interimAnswer({ state, archived }: AgentRun, eventId: string): EventAnswer {
  if (archived) return { status: 'archived', eventId }
  const position = positionOf(state, eventId) ?? 0
  return state.parked ? { status: 'parked', eventId, position, parked: state.parked } : { status: 'queued', eventId, position }
}

function notHeld(run: AgentRun, eventId: string): EventAnswer {
  const answer = interimAnswer(run, eventId)
  if (answer.status !== 'queued') return answer
  return { ...answer, detail: `accepted; ${run.held} updates wait for an end already, so ask for this one with the query ${handlerNames.eventAnswer}` }
}

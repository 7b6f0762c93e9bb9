import { PerdureError } from '../protocol/errors.ts'
import { assertEventText, eventKinds, type EventKind, type IncomingEvent } from '../protocol/events.ts'
import { limits } from '../protocol/limits.ts'
import type { AgentState } from '../protocol/state.ts'
import type { TurnOutcome } from '../protocol/turn.ts'

/** Turns that a sender may ask again about without a look into the stores. */
const rememberedTurns = 200
const rememberedOutcomes = 20

/**
 * Refuses an event before it reaches history. Events come from outside, so nothing is taken for granted about their shape.
 * @throws PerdureError `invalid-argument`, `message-empty`, `message-too-large`, `mailbox-full`
 */
export function assertEvent(event: unknown, state: AgentState): asserts event is IncomingEvent {
  if (typeof event !== 'object' || event === null) throw invalid('an event is an object { id, kind, bytes }')
  const { id, kind, bytes, text, timer } = event as Record<string, unknown>
  if (typeof id !== 'string' || id.length === 0 || id.length > limits.eventIdCharacters || /\s/.test(id)) {
    throw invalid(`event.id is a string of 1 to ${limits.eventIdCharacters} characters without spaces`)
  }
  if (!eventKinds.includes(kind as EventKind)) throw invalid(`event.kind is one of ${eventKinds.join(', ')}`)
  if (timer !== undefined) throw invalid('event.timer is not for senders; use the update schedule')
  if (text !== undefined && typeof text !== 'string') throw invalid('event.text is a string, if it is given')
  if (typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes < 0) throw invalid('event.bytes is the number of UTF-8 bytes of the text')
  assertEventText({ kind: kind as EventKind, bytes: Math.max(bytes, text?.length ?? 0), blank: bytes === 0 || text?.trim() === '' })
  if (state.mailbox.length >= limits.mailboxEvents && !isKnown(state, id)) {
    throw new PerdureError('mailbox-full', `${state.mailbox.length} events wait already; send again when some are handled`)
  }
}

const invalid = (message: string): PerdureError => new PerdureError('invalid-argument', message)

function isKnown(state: AgentState, eventId: string): boolean {
  return (
    state.running?.event.id === eventId ||
    state.mailbox.some(({ event }) => event.id === eventId) ||
    state.handled.some(([id]) => id === eventId)
  )
}

/** Queues an event, unless it is there already, is being handled, or was handled within memory. */
export function accept(state: AgentState, event: IncomingEvent, now: number): void {
  if (!isKnown(state, event.id)) state.mailbox.push({ event, acceptedAt: now })
}

/** 0: its turn runs. 1: next. Undefined: not waiting. */
export function positionOf(state: AgentState, eventId: string): number | undefined {
  if (state.running?.event.id === eventId) return 0
  const index = state.mailbox.findIndex(({ event }) => event.id === eventId)
  return index < 0 ? undefined : index + 1
}

export function outcomeOf(state: AgentState, eventId: string): TurnOutcome | undefined {
  return state.outcomes.findLast((outcome) => outcome.eventId === eventId)
}

export function remember(state: AgentState, outcome: TurnOutcome): void {
  state.handled = [...state.handled, [outcome.eventId, outcome.turn] as const].slice(-rememberedTurns)
  state.outcomes = [...state.outcomes, outcome].slice(-rememberedOutcomes)
}

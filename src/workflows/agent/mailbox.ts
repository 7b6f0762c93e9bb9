import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { assertEventId, assertEventKind, assertEventText, type IncomingEvent } from '../../protocol/events.ts'
import { textBytes } from '../../protocol/json-bytes.ts'
import { roomIn } from '../../protocol/mailbox-room.ts'
import type { AgentState, QueuedEvent } from '../../protocol/state.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'

/** Turns that a sender may ask again about without a look into the stores. */
const rememberedTurns = 200
const rememberedOutcomes = 20

/**
 * Refuses an event before it reaches history. Events come from outside, so nothing is taken for granted about their shape.
 * @throws PerdureError `invalid-argument`, `message-empty`, `message-too-large`, `mailbox-full`
 */
export function assertEvent(event: unknown, state: AgentState): asserts event is IncomingEvent {
  if (typeof event !== 'object' || event === null) throw invalidArgument('an event is an object { id, kind, bytes }')
  const { id, kind, bytes, text, timer, tools, after, again } = event as Record<string, unknown>
  assertEventId(id)
  assertEventKind(kind)
  if (timer !== undefined) throw invalidArgument('event.timer is not for senders; use the update schedule')
  if (tools !== undefined && tools !== true) throw invalidArgument('event.tools is true where the stored body has tools, and else absent')
  if (after !== undefined) assertEventId(after)
  if (again !== undefined && again !== true) throw invalidArgument('event.again is true for an event that was given before, and else absent')
  if (text !== undefined && typeof text !== 'string') throw invalidArgument('event.text is a string, if it is given')
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) throw invalidArgument('event.bytes is the number of UTF-8 bytes of the text')
  assertEventText({ kind, bytes: Math.max(bytes, text === undefined ? 0 : textBytes(text)), blank: bytes === 0 || text?.trim() === '' })
  if (!isKnown(state, id) && !hasRoom(state, { id, kind, bytes, ...(text !== undefined && { text }), ...(tools && { tools }) })) {
    throw new PerdureError('mailbox-full', `${state.mailbox.length} events wait already; send again when some are handled`)
  }
}

/** Continue-as-new carries the whole mailbox, so the mailbox is bounded by number and by bytes. */
export function hasRoom({ mailbox }: AgentState, event: IncomingEvent): boolean {
  return roomIn(mailbox)(event)
}

function isKnown(state: AgentState, eventId: string): boolean {
  return (
    state.running?.event.id === eventId ||
    state.mailbox.some(({ event }) => event.id === eventId) ||
    state.handled.some(([id]) => id === eventId)
  )
}

/**
 * Queues an event, unless it is there already, is being handled, or was handled within memory. Only the known fields of the sender's event
 * are kept.
 */
export function accept(state: AgentState, { id, kind, bytes, text, timer, tools, after, again }: IncomingEvent, now: number): void {
  if (isKnown(state, id)) return
  if (after !== undefined && !isKnown(state, after)) state.awaited = [...(state.awaited ?? []), after]
  if (again) state.givenAgain = true
  state.mailbox.push({ event: { id, kind, bytes, ...(text !== undefined && { text }), ...(timer !== undefined && { timer }), ...(tools && { tools }) }, acceptedAt: now })
}

/** Whether an event that was sent before one in the mailbox is not here: it is on its way, or lost. */
export function lacksEvents(state: AgentState): boolean {
  const lacking = (state.awaited ?? []).some((id) => !isKnown(state, id))
  if (!lacking) delete state.awaited
  return lacking
}

/** Each of them has the stores read before the next turn, which know of all. */
const carriedAwaited = 100

/** Of events that are missing only some go along into the next run: each has come with one that waits, and all of their ids could fill the carried state a second time. */
export function boundAwaited(state: AgentState): void {
  if (state.awaited !== undefined) state.awaited = state.awaited.slice(0, carriedAwaited)
}

/**
 * What waits here, and what only the stores know; none that has had its turn. In time linear in their number, as workflow code has seconds.
 * @param stored in the order in which they were stored
 * @param byStores whether the stores' order counts. It does where events were given again: those come in any order, while in the stores a
 *   message that was sent after another one was accepted stands behind it. Otherwise the order of acceptance here counts: messages that are
 *   sent at the same time may be accepted in another order than they were stored in.
 */
export function mailboxWith(state: AgentState, stored: readonly QueuedEvent[], byStores: boolean): QueuedEvent[] {
  const had = new Set([...state.handled.map(([id]) => id), ...(state.running === undefined ? [] : [state.running.event.id])])
  const here = state.mailbox.filter(({ event }) => !had.has(event.id))
  const known = new Set([...had, ...here.map(({ event }) => event.id)])
  const hasRoomToo = roomIn(here)
  // What there is no room for stays pending in the stores.
  const added = stored.filter(({ event }) => !known.has(event.id) && hasRoomToo(event))
  return byStores ? inOrderOfStores(here, added, stored) : addedInPlace(here, added, stored)
}

/** What the stores do not have stands between what they have, by the moment in which it came; before what came in the same one. */
function inOrderOfStores(here: readonly QueuedEvent[], added: readonly QueuedEvent[], stored: readonly QueuedEvent[]): QueuedEvent[] {
  const waiting = new Map([...here, ...added].map((queued) => [queued.event.id, queued]))
  const ofStores = stored.flatMap(({ event, acceptedAt }) => {
    const queued = waiting.get(event.id)
    waiting.delete(event.id)
    return queued === undefined ? [] : [{ ...queued, acceptedAt }]
  })
  return [...waiting.values(), ...ofStores].toSorted((one, other) => one.acceptedAt - other.acceptedAt)
}

/** What waits here keeps its order; each that is new stands before the first that was sent later. */
function addedInPlace(here: readonly QueuedEvent[], added: readonly QueuedEvent[], stored: readonly QueuedEvent[]): QueuedEvent[] {
  const sentAt = new Map(stored.map(({ event, acceptedAt }) => [event.id, acceptedAt]))
  const waiting: QueuedEvent[] = []
  let next = 0
  const addBefore = (moment: number): void => {
    for (let queued = added[next]; queued !== undefined && queued.acceptedAt < moment; queued = added[next]) {
      waiting.push(queued)
      next += 1
    }
  }
  for (const queued of here) {
    addBefore(Math.min(queued.acceptedAt, sentAt.get(queued.event.id) ?? Infinity))
    waiting.push(queued)
  }
  addBefore(Infinity)
  return waiting
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

import type { ClientToolDefinition } from '../../protocol/definition.ts'
import { isUnanswered, PerdureError } from '../../protocol/errors.ts'
import { isReservedEventId, type EventKind } from '../../protocol/events.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import { opOf } from '../../protocol/ids.ts'
import { errorText } from '../output/error-text.ts'
import { counted, oneLine } from '../output/text.ts'
import type { Chat } from './chat.ts'
import { expectEnd, post, prepare } from './say.ts'
import { takeTurn } from './take-turn.ts'

interface EarlierEvent {
  readonly eventId: string
  readonly text: string
  readonly kind: EventKind
  /** A program has sent it with these. */
  readonly clientTools?: readonly ClientToolDefinition[]
  /** The agent has it. */
  readonly accepted?: boolean
}

type Accepted = Pick<AgentView, 'running' | 'mailbox'>

/** What the agent has to do, in its order. */
const acceptedIds = ({ running, mailbox }: Accepted): readonly string[] => [...(running === undefined ? [] : [running.eventId]), ...mailbox.map(({ eventId }) => eventId)]

/** What is still to be answered: said to a chat that ended, before a process was killed, to an agent that is parked. In the agent's order; what it has not got yet comes last. */
export async function earlierEvents({ key, connection, outbox }: Chat, view: Accepted): Promise<readonly EarlierEvent[]> {
  // Events that the runtime makes itself were sent by nobody.
  const accepted = acceptedIds(view).filter((eventId) => !isReservedEventId(eventId))
  const bodies = await Promise.all(accepted.map((eventId) => connection.stores.memory.events.get(key, eventId)))
  const unsent = outbox.waiting().filter(({ eventId }) => !accepted.includes(eventId))
  // A signal may bring its text along; then there is no body here, and nobody waits for an answer either.
  return [...bodies.filter((body) => body !== undefined).map((body) => ({ ...body, accepted: true })), ...unsent]
}

/** What happened since then is too much to be shown again. */
const mostMissedMessages = 200

/** What a chat sent whose end came first, and whose turns have ended since, with the sequence numbers at which they begin. */
export async function missedEvents({ key, connection, awaited }: Chat, view: Accepted): Promise<readonly (EarlierEvent & { readonly seq: number })[]> {
  const accepted = acceptedIds(view)
  const { messages } = connection.stores.memory
  const [latest] = (await messages.search(key, { order: 'newest', offset: 0, limit: 1 })).messages
  const found = awaited.waiting().map(async (event) => {
    const seq = accepted.includes(event.eventId) ? undefined : await begunAt(connection, key, event.eventId)
    if (seq === undefined) return []
    if ((latest?.seq ?? seq) - seq <= mostMissedMessages) return [{ ...event, seq }]
    awaited.remove(event.eventId)
    return []
  })
  return (await Promise.all(found)).flat()
}

/** Where to watch from, so that the turns that were missed, and the one that runs, are shown from their beginning. Undefined: from now on. */
export async function watchedFrom({ key, connection }: Chat, { running }: Pick<AgentView, 'running'>, missed: readonly { readonly seq: number }[]): Promise<number | undefined> {
  const begun = running === undefined ? undefined : await begunAt(connection, key, running.eventId)
  const first = Math.min(...missed.map(({ seq }) => seq), begun ?? Infinity)
  return Number.isFinite(first) ? first - 1 : undefined
}

/** The number of the message with the event's text; undefined where its turn has not begun. */
async function begunAt({ stores }: Chat['connection'], key: string, eventId: string): Promise<number | undefined> {
  return (await stores.memory.messages.byOp(key, opOf.event(key, eventId)))?.seq
}

/**
 * Sends what was not sent. A script waits for the answers, a person sees them when they come. What the agent refuses of one message holds up
 * none of the others.
 */
export async function takeUp(chat: Chat, events: readonly EarlierEvent[]): Promise<void> {
  const { console } = chat
  const { dim } = console.palette
  if (events.length === 0) return
  console.remark(dim(`${counted(events.length, 'message')} from earlier ${events.length === 1 ? 'is' : 'are'} still to be answered:`))
  for (const event of events) {
    if (event.kind === 'user-message') console.remark(dim(`you> ${oneLine(event.text, console.columns - 6)}`))
    try {
      // Messages after a parked one wait with it.
      if (!console.interactive && (await takeTurn(chat, event)) === 'parked') return
      if (console.interactive && event.accepted === true) expectEnd(chat, event)
      else if (console.interactive) await post(chat, prepare(chat, event))
    } catch (error) {
      if (!PerdureError.isInstance(error) || isUnanswered(error)) throw error
      chat.failed = true
      console.remark(console.palette.red(errorText(error, process.env, '')))
    }
  }
}

import { isReservedEventId, type EventKind } from '../../protocol/events.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import { opOf } from '../../protocol/ids.ts'
import { counted, oneLine } from '../output/text.ts'
import type { Chat } from './chat.ts'
import { prepare, post } from './say.ts'
import { takeTurn } from './take-turn.ts'

interface EarlierEvent {
  readonly eventId: string
  readonly text: string
  readonly kind: EventKind
}

/** What is still to be answered: said to a chat that ended, before a process was killed, to an agent that is parked. In the agent's order; what it has not got yet comes last. */
export async function earlierEvents({ key, connection, outbox }: Chat, { running, mailbox }: Pick<AgentView, 'running' | 'mailbox'>): Promise<readonly EarlierEvent[]> {
  // Events that the runtime makes itself were sent by nobody.
  const accepted = [...(running === undefined ? [] : [running.eventId]), ...mailbox.map(({ eventId }) => eventId)].filter((eventId) => !isReservedEventId(eventId))
  const bodies = await Promise.all(accepted.map((eventId) => connection.stores.memory.events.get(key, eventId)))
  const unsent = outbox.waiting().filter(({ eventId }) => !accepted.includes(eventId))
  // A signal may bring its text along; then there is no body here, and nobody waits for an answer either.
  return [...bodies.filter((body) => body !== undefined), ...unsent]
}

/** Where to watch from, so that the turn that runs is shown from its beginning. Undefined: from now on. */
export async function watchedFrom({ key, connection }: Chat, { running }: Pick<AgentView, 'running'>): Promise<number | undefined> {
  if (running === undefined) return undefined
  const begun = await connection.stores.memory.messages.byOp(key, opOf.event(key, running.eventId))
  return begun && begun.seq - 1
}

/** Sends what was not sent. A script waits for the answers, a person sees them when they come. */
export async function takeUp(chat: Chat, events: readonly EarlierEvent[]): Promise<void> {
  const { console } = chat
  const { dim } = console.palette
  if (events.length === 0) return
  console.remark(dim(`${counted(events.length, 'message')} from earlier ${events.length === 1 ? 'is' : 'are'} still to be answered:`))
  for (const event of events) {
    if (event.kind === 'user-message') console.remark(dim(`you> ${oneLine(event.text, console.columns - 6)}`))
    if (!console.interactive) {
      // Messages after a parked one wait with it.
      if ((await takeTurn(chat, event)) === 'parked') return
    } else await post(chat, prepare(chat, event))
  }
}

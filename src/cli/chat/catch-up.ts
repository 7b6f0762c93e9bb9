import { isReservedEventId } from '../../protocol/events.ts'
import { counted, oneLine } from '../output/text.ts'
import type { Chat } from './chat.ts'
import type { TurnRequest } from './say.ts'
import { takeTurn } from './take-turn.ts'

/**
 * Waits for the answers to what was said earlier: to a chat that ended, before a process was killed, to an agent that was parked.
 * What the agent has not got yet, as the chat was killed first, is sent now.
 */
export async function catchUp(chat: Chat): Promise<void> {
  const { console } = chat
  const { dim } = console.palette
  const earlier = await unanswered(chat)
  if (earlier.length === 0) return
  console.remark(dim(`${counted(earlier.length, 'message')} from earlier ${earlier.length === 1 ? 'is' : 'are'} still to be answered:`))
  for (const request of earlier) {
    if (request.kind === 'user-message') console.remark(dim(`you> ${oneLine(request.text, console.columns - 6)}`))
    // Messages after a parked one wait with it.
    if ((await takeTurn(chat, request)) === 'parked') return
  }
}

async function unanswered({ agentId, key, connection, outbox }: Chat): Promise<TurnRequest[]> {
  const { running, mailbox } = await connection.client.state(agentId)
  // Events that the runtime makes itself were sent by nobody.
  const accepted = [...(running === undefined ? [] : [running.eventId]), ...mailbox.map(({ eventId }) => eventId)].filter((eventId) => !isReservedEventId(eventId))
  const bodies = await Promise.all(accepted.map((eventId) => connection.stores.memory.events.get(key, eventId)))
  const unsent = outbox.waiting().filter(({ eventId }) => !accepted.includes(eventId))
  // A signal may bring its text along; then there is no body here, and nobody waits for an answer either.
  return [...bodies.filter((body) => body !== undefined), ...unsent]
}

import { randomUUID } from 'node:crypto'
import { isUnanswered, PerdureError } from '../../protocol/errors.ts'
import type { EventKind } from '../../protocol/events.ts'
import type { Chat } from './chat.ts'
import type { OutgoingMessage } from './outbox.ts'

export interface Said {
  readonly eventId: string
  readonly text: string
  readonly kind: EventKind
}

/** A message, or another event, under an id of its own; kept in the outbox until the agent has confirmed it, and by a person's chat until it is answered. */
export function prepare(chat: Chat, { text, kind, eventId = randomUUID() }: { readonly text: string; readonly kind: EventKind; readonly eventId?: string }): Said {
  chat.outbox.put(outgoing({ eventId, text, kind }))
  return expecting(chat, { eventId, text, kind })
}

/** What the agent has got is waited for like what is said here, and not sent again. */
export function expectEnd(chat: Chat, said: Said): void {
  expecting(chat, said)
  chat.outbox.remove(said.eventId)
}

function expecting({ awaited, mail, shown, console }: Chat, said: Said): Said {
  // A script waits for the answer, or does not want it.
  if (console.interactive) awaited.put(outgoing(said))
  mail.expect(said.eventId, said.text)
  shown.question = said.eventId
  return said
}

const outgoing = ({ eventId, kind, text }: Said): OutgoingMessage => ({ eventId, kind, text, at: new Date().toISOString() })

/**
 * Puts what was entered into the agent's mailbox: when this has returned, no death of any process loses it. What the agent has not
 * confirmed stays in the outbox, and is sent under the same id at the next start.
 */
export async function post(chat: Chat, { eventId, text, kind }: Said): Promise<void> {
  await confirming(chat, eventId, () => chat.connection.client.post(chat.agentId, text, { eventId, kind }))
}

/** Keeps the outbox as it has to be, whatever comes of the sending. */
export async function confirming<Result>({ outbox, awaited, mail }: Chat, eventId: string, sending: () => Promise<Result>): Promise<Result> {
  try {
    const result = await sending()
    outbox.remove(eventId)
    return result
  } catch (error) {
    // What was refused is not sent again at the next start; what failed for another reason may succeed then.
    if (PerdureError.isInstance(error) && !isUnanswered(error)) {
      outbox.remove(eventId)
      awaited.remove(eventId)
      mail.forget(eventId)
    }
    throw error
  }
}

import { randomUUID } from 'node:crypto'
import { isUnanswered, PerdureError } from '../../protocol/errors.ts'
import type { EventKind } from '../../protocol/events.ts'
import type { Chat } from './chat.ts'

export interface TurnRequest {
  readonly text: string
  readonly kind?: EventKind
  /** The id of an event that may have been sent already: then only its turn is waited for. */
  readonly eventId?: string
  /** For such an event: the sequence number after which its messages are still to be shown. */
  readonly after?: number
}

/**
 * Puts what was entered into the agent's mailbox: when this has returned, no death of any process loses it. What the agent has not
 * confirmed stays in the outbox, and is sent under the same id at the next start.
 */
export async function say({ agentId, key, connection, outbox, sent }: Chat, { text, kind = 'user-message' }: { readonly text: string; readonly kind?: EventKind }): Promise<TurnRequest & { readonly eventId: string }> {
  const eventId = randomUUID()
  sent.add(eventId)
  outbox.put({ eventId, kind, text, at: new Date().toISOString() })
  try {
    const after = await connection.stores.memory.messages.latestSeq(key)
    await connection.client.post(agentId, text, { eventId, kind })
    outbox.remove(eventId)
    return { text, kind, eventId, after }
  } catch (error) {
    if (isRefusal(error)) outbox.remove(eventId)
    throw error
  }
}

/** Whether a message was refused. Then it is not sent again at the next start; a message that failed for another reason may succeed then. */
export function isRefusal(error: unknown): boolean {
  return PerdureError.isInstance(error) && !isUnanswered(error)
}

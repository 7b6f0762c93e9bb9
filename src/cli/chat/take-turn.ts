import { randomUUID } from 'node:crypto'
import { PerdureError } from '../../protocol/errors.ts'
import type { EventKind } from '../../protocol/events.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnEnd } from '../../protocol/turn.ts'
import { replyLine, turnMessage } from '../render/turn-message.ts'
import { turnEnd } from '../render/turn-end.ts'
import type { Chat } from './chat.ts'

export interface TurnRequest {
  readonly text: string
  readonly kind?: EventKind
  /** Of an event that was sent already: waits for its turn instead. */
  readonly eventId?: string
}

/** Sends an event, shows its turn as it is recorded, and says how it ended. */
export async function takeTurn(chat: Chat, { text, kind = 'user-message', eventId = randomUUID() }: TurnRequest): Promise<TurnEnd> {
  const { agentId, connection, console, outbox } = chat
  const { palette } = console
  let shownReplies = 0
  const onMessage = (message: StoredMessage): void => {
    const shown = turnMessage(message, { palette, agentId, thoughts: chat.thoughts, columns: console.columns })
    if (message.reply !== undefined) shownReplies += 1
    if (shown !== undefined) console.print(shown)
  }
  chat.sent.add(eventId)
  outbox.put({ eventId, kind, text, at: new Date().toISOString() })
  console.busy('thinking')
  try {
    const result = await connection.client.send(agentId, text, { eventId, kind, onMessage })
    outbox.remove(eventId)
    // What is followed is best effort, the turn's own list is not: a turn that began before this process is there only.
    for (const reply of result.replyTexts.slice(shownReplies)) console.print(replyLine(reply, { palette, agentId }))
    const end = turnEnd(result, result.replyTexts.length, palette)
    if (end !== undefined) console.remark(end)
    if (result.end === 'parked' || result.end === 'stopped') chat.failed = true
    return result.end
  } catch (error) {
    if (isRefusal(error)) outbox.remove(eventId)
    throw error
  } finally {
    console.busy()
  }
}

/** Whoever is refused is to know it, and not to be refused again at the next start; whatever else failed may go well then. */
function isRefusal(error: unknown): boolean {
  return PerdureError.isInstance(error) && error.code !== 'server-unavailable'
}

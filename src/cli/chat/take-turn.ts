import type { TurnResult } from '../../client/types.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnEnd } from '../../protocol/turn.ts'
import { replyLine, turnMessage } from '../output/turn-message.ts'
import { turnEnd } from '../output/turn-end.ts'
import type { Chat } from './chat.ts'
import { isRefusal, say, type TurnRequest } from './say.ts'
import { showWaiting } from './show-waiting.ts'

/** Sends an event, shows its turn as it is recorded, and says how it ended. */
export async function takeTurn(chat: Chat, wanted: TurnRequest): Promise<TurnEnd> {
  const { agentId, connection, console, outbox } = chat
  const { palette } = console
  const onMessage = (message: StoredMessage): void => {
    const shown = turnMessage(message, { palette, agentId, thoughts: chat.thoughts, columns: console.columns })
    if (message.reply !== undefined) chat.shown.add(message.seq)
    if (shown !== undefined) console.print(shown)
  }
  const { text, kind = 'user-message', eventId, after } = wanted.eventId === undefined ? await say(chat, wanted) : { ...wanted, eventId: wanted.eventId }
  chat.sent.add(eventId)
  chat.standing.delete(eventId)
  console.busy('thinking')
  try {
    const result = await connection.client.send(agentId, text, { eventId, kind, onMessage, ...(after !== undefined && { after }) })
    outbox.remove(eventId)
    // Following a turn can miss messages; the turn's own list has all of them. Of a turn that began before this process, only the list
    // tells.
    for (const [index, reply] of result.replyTexts.entries()) {
      const seq = result.replies[index] ?? 0
      if (!chat.shown.has(seq)) console.print(replyLine(reply, { palette, agentId }))
      chat.shown.add(seq)
    }
    if (result.end === 'parked' && result.waiting !== undefined) {
      await stand(chat, eventId, result)
      return result.end
    }
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

/** The turn waits for an answer. Its next messages are shown as they come, since somebody else may give the answer. */
async function stand(chat: Chat, eventId: string, { turn }: TurnResult): Promise<void> {
  chat.standing.set(eventId, await chat.connection.stores.memory.messages.latestSeq(chat.key))
  if (turn === 0) chat.console.remark(chat.console.palette.dim('  Your message is kept, and has its turn after the one that waits:'))
  await showWaiting(chat)
}

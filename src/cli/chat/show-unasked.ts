import { setTimeout as sleep } from 'node:timers/promises'
import { latestSeq } from '../../client/follow.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { turnMessage } from '../render/turn-message.ts'
import { oneLine } from '../render/text.ts'
import type { Chat } from './chat.ts'

const pollMs = 400
const pageSize = 200

/**
 * Shows what the agent does without this chat having asked: a timer that comes due, a message that somebody sent elsewhere. Begins
 * with what comes from now on; ends with the signal. What a chat has sent itself is shown by whoever waits for its turn.
 */
export async function showUnasked(chat: Chat, signal: AbortSignal): Promise<void> {
  const { messages } = chat.connection.stores.memory
  const own = new Map<number, boolean>()
  let after: number | undefined
  while (!signal.aborted) {
    try {
      after ??= await latestSeq(messages, chat.agentId)
      for (const message of await messages.after(chat.agentId, after, pageSize)) {
        after = message.seq
        if (message.eventId !== undefined) own.set(message.turn, chat.sent.has(message.eventId))
        if (own.get(message.turn) !== true) show(chat, message)
      }
    } catch {
      // A store that is away: whoever asks for something is told so, and this goes on when it is back.
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

function show(chat: Chat, message: StoredMessage): void {
  const { agentId, console } = chat
  const { palette } = console
  const shown =
    message.kind === 'user-message'
      ? palette.dim(`  ! said elsewhere: ${oneLine(message.text, Math.max(40, console.columns - 22))}`)
      : turnMessage(message, { palette, agentId, thoughts: chat.thoughts, columns: console.columns })
  if (shown !== undefined) console.print(shown)
}

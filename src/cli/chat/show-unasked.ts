import { setTimeout as sleep } from 'node:timers/promises'
import { latestSeq } from '../../client/follow.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { turnMessage } from '../render/turn-message.ts'
import { oneLine } from '../render/text.ts'
import type { Chat } from './chat.ts'
import { showWaiting } from './show-waiting.ts'

const pollMs = 400
const pageSize = 200

/**
 * Shows what the agent does without this chat having asked: a timer that comes due, a message that somebody sent elsewhere. Begins
 * with what comes from now on; ends with the signal. What a chat has sent itself is shown by whoever waits for its turn.
 */
export async function showUnasked(chat: Chat, signal: AbortSignal): Promise<void> {
  const { messages } = chat.connection.stores.memory
  const events = new Map<number, string>()
  let after: number | undefined
  let unanswered = false
  while (!signal.aborted) {
    try {
      after ??= await latestSeq(messages, chat.agentId)
      const page = await messages.after(chat.agentId, after, pageSize)
      // Calls whose results do not come with the next look may be waiting for somebody.
      if (unanswered && page.length === 0) await showWaiting(chat)
      unanswered = false
      for (const message of page) {
        after = message.seq
        if (message.eventId !== undefined) events.set(message.turn, message.eventId)
        if (!chat.sent.has(events.get(message.turn) ?? '')) show(chat, message)
        unanswered = message.role === 'assistant' && (message.calls ?? []).length > 0 && !chat.sent.has(events.get(message.turn) ?? '')
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

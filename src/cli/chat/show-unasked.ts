import { setTimeout as sleep } from 'node:timers/promises'
import type { StoredMessage } from '../../protocol/messages.ts'
import { turnMessage } from '../output/turn-message.ts'
import { oneLine } from '../output/text.ts'
import type { Chat } from './chat.ts'
import { showWaiting } from './show-waiting.ts'

const pollMs = 400
const pageSize = 200

/**
 * Shows what the agent does without this chat having asked: a timer that comes due, a message that somebody sent elsewhere. Begins
 * with what comes from now on; ends with the signal. What a chat has sent itself is shown by whoever waits for its turn.
 */
export async function showUnasked(chat: Chat, signal: AbortSignal): Promise<void> {
  const { messages, turns } = chat.connection.stores.memory
  const events = new Map<number, string>()
  let after: number | undefined
  let unanswered = false
  while (!signal.aborted) {
    try {
      after ??= await messages.latestSeq(chat.key)
      const page = await messages.after(chat.key, after, pageSize)
      // Calls whose results do not come with the next look may be waiting for somebody.
      if (unanswered && page.length === 0) await showWaiting(chat)
      unanswered = false
      for (const message of page) {
        after = message.seq
        if (message.eventId !== undefined) events.set(message.turn, message.eventId)
        // The event of a turn that stood still came before this chat; its record names it.
        else if (!events.has(message.turn)) events.set(message.turn, (await turns.get(chat.key, message.turn))?.eventId ?? '')
        const unasked = isUnasked(chat, events.get(message.turn) ?? '', message.seq)
        if (unasked) show(chat, message)
        unanswered = unasked && message.role === 'assistant' && (message.calls ?? []).length > 0
      }
    } catch {
      // A store that is away: whoever asks for something is told so, and this goes on when it is back.
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

/** A turn that stands still is nobody's to wait for: somebody else may let it go on. */
function isUnasked({ sent, standing }: Chat, eventId: string, seq: number): boolean {
  return !sent.has(eventId) || seq > (standing.get(eventId) ?? Infinity)
}

function show(chat: Chat, message: StoredMessage): void {
  const { agentId, console } = chat
  const { palette } = console
  const shown =
    message.kind === 'user-message'
      ? palette.dim(`${chat.sent.has(message.eventId ?? '') ? 'you>' : '  ! said elsewhere:'} ${oneLine(message.text, Math.max(40, console.columns - 22))}`)
      : turnMessage(message, { palette, agentId, thoughts: chat.thoughts, columns: console.columns })
  if (shown !== undefined) console.print(shown)
}

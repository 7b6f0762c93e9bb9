import { setTimeout as sleep } from 'node:timers/promises'
import type { Chat, Work } from './chat.ts'
import { viewOf } from './view-of.ts'

const cancelPauseMs = 250

export function workOf({ shown, mail }: Pick<Chat, 'shown' | 'mail'>): Work | undefined {
  if (shown.running !== undefined) return shown.running
  return mail.next === undefined || shown.parked ? undefined : { eventId: mail.next }
}

export const isSameWork = (one: Work | undefined, other: Work): boolean =>
  one !== undefined && ((one.turn !== undefined && one.turn === other.turn) || (one.eventId !== undefined && one.eventId === other.eventId))

/** Cancels this and nothing else: what has ended meanwhile stays as it ended, and what comes after it is left alone. */
export async function cancelWork(chat: Pick<Chat, 'agentId' | 'connection' | 'mail' | 'shown'>, { eventId, turn }: Work, signal: AbortSignal): Promise<void> {
  const { agentId, connection: { client }, mail, shown } = chat
  if (turn !== undefined) {
    await client.cancel(agentId, { turn })
    return
  }
  // It has not begun yet.
  while (eventId !== undefined && mail.awaits(eventId) && !shown.parked && !signal.aborted) {
    const { running } = await viewOf(chat)
    if (running?.eventId === eventId && (await client.cancel(agentId, { turn: running.turn }))) return
    await sleep(cancelPauseMs)
  }
}

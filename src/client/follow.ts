import { setTimeout as sleep } from 'node:timers/promises'
import type { StoredMessage } from '../protocol/messages.ts'
import type { MessageStore } from '../stores/stores.ts'

const pollMs = 80
const pageSize = 200

/** How long what is left is still asked for, once the turn is over, where the store does not answer. */
const patienceMs = 5_000

/**
 * Reports the messages of one event's turn as recall memory gets them, until `done` settles; then whatever is left, once. A read that
 * fails is tried again: it is no matter of the turn. What is still unread some seconds after the turn's end is not reported.
 * Text as the model writes it is another matter; this shows whole messages.
 */
export async function follow(options: {
  messages: MessageStore
  agentId: string
  eventId: string
  /** Sequence number after which to look. */
  after: number
  done: Promise<unknown>
  /** For an event that has its turn already: messages before `after` are not shown again. */
  turn?: number
  onMessage: (message: StoredMessage) => void
}): Promise<void> {
  const { messages, agentId, eventId, done, onMessage } = options
  let { after, turn } = options
  const turnOver = new AbortController()
  let overSince: number | undefined
  const over = (): void => turnOver.abort()
  const settled = done.then(over, over)
  for (;;) {
    const last = turnOver.signal.aborted
    if (last) overSince ??= Date.now()
    const page = await messages.after(agentId, after, pageSize).catch(() => undefined)
    for (const message of page ?? []) {
      after = message.seq
      if (message.eventId === eventId) turn = message.turn
      if (message.turn === turn) onMessage(message)
    }
    if (overSince !== undefined && (page === undefined ? Date.now() - overSince > patienceMs : page.length < pageSize)) return
    if (page?.length === pageSize) continue
    await (last ? sleep(pollMs) : Promise.race([settled, sleep(pollMs)]))
  }
}

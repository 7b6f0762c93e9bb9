import type { StoredMessage } from '../../protocol/messages.ts'
import type { MessageStore } from '../../stores/stores.ts'

/** Messages looked at when a queue is rebuilt. */
const usually = 200

/** The latest messages, newest first; so many that the latest turn is whole among them. */
export async function newestMessages(messages: MessageStore, agentId: string): Promise<readonly StoredMessage[]> {
  for (let limit = usually; ; limit *= 2) {
    const { messages: newest } = await messages.search(agentId, { order: 'newest', offset: 0, limit })
    const turn = newest[0]?.turn ?? 0
    if (newest.length < limit || newest.some((message) => message.turn !== turn)) return newest
  }
}

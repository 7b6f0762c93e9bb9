import { LRUCache } from 'lru-cache'
import type { StoredMessage } from '../protocol/messages.ts'
import { seqRanges, type SeqRanges } from '../protocol/seq-ranges.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MessageStore } from '../stores/messages.ts'

/** Characters of all messages kept, and what each is counted as beside its text. */
const mostCharacters = 64_000_000
const overhead = 500

/**
 * The messages that a worker has read or written last. An agent's context is the same at each step but for what is new, and a
 * stored message never changes (but for `popped`, which no prompt shows), so a step reads from the store only what this worker
 * has not seen.
 */
export interface MessageCache {
  put(agent: CachedAgent, message: StoredMessage): void
  /** The same as `MessageStore.ranges`, but asks the store only for messages that are not cached. */
  ranges(agent: CachedAgent, ranges: SeqRanges, store: Pick<MessageStore, 'ranges'>): Promise<readonly StoredMessage[]>
}

/** Named by its creation as well, so that an id which is used anew finds nothing of the agent that had it before. */
export interface CachedAgent {
  readonly agentId: string
  readonly creation: string | undefined
}

export function cachedAgent({ key, creation }: Pick<StoredAgent, 'key' | 'creation'>): CachedAgent {
  return { agentId: key, creation }
}

export function messageCache(): MessageCache {
  const cache = new LRUCache<string, StoredMessage>({ maxSize: mostCharacters, sizeCalculation: sizeOfMessage })
  const keyOf = ({ agentId, creation }: CachedAgent, seq: number): string => `${agentId}/${creation ?? ''}/${seq}`
  const put = (agent: CachedAgent, message: StoredMessage): void => {
    if (agent.creation !== undefined) cache.set(keyOf(agent, message.seq), message)
  }
  return {
    put,
    ranges: async (agent, ranges, store) => {
      const found: StoredMessage[] = []
      const missing: number[] = []
      for (const [from, to] of ranges) {
        for (let seq = from; seq <= to; seq += 1) {
          const message = cache.get(keyOf(agent, seq))
          if (message !== undefined) found.push(message)
          else missing.push(seq)
        }
      }
      if (missing.length === 0) return found
      const read = await store.ranges(agent.agentId, seqRanges(missing))
      for (const message of read) put(agent, message)
      return [...found, ...read].sort((a, b) => a.seq - b.seq)
    },
  }
}

/** In characters, about. */
export function sizeOfMessage({ text, calls = [], given }: StoredMessage): number {
  return overhead + text.length + (given?.message?.length ?? 0) + calls.reduce((sum, call) => sum + call.arguments.length + (call.given?.length ?? 0), 0)
}

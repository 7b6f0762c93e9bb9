import { Runtime } from '@temporalio/worker'
import type { Embedder } from '../model/model.ts'
import { messageOf } from '../protocol/errors.ts'
import { embedExchanges } from '../recall/embed-exchanges.ts'
import type { Stores } from '../stores/stores.ts'

/** Of one agent after one compaction: what is more, of a conversation that was imported say, is made after the next ones. */
const mostExchanges = 2_000

/** A request to the embedding model is given up after this. */
const requestMs = 60_000

/** How soon a request is given up when the worker has begun to stop. */
const lookMs = 250

export interface ExchangeLaneOptions {
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  readonly embedder: Embedder
  readonly isStopping: () => boolean
}

/**
 * Makes the vectors of exchanges that have left a context, one agent after the other, beside the worker's other work: no turn waits for it, and
 * no history tells of it. Where the embedding model or a store is away, or the worker ends, what is missing is found by its words, and made after
 * the agent's next compaction or by `perdure reindex`.
 */
export function exchangeLane({ stores, embedder, isStopping }: ExchangeLaneOptions): (agentId: string, left: number) => void {
  const waiting = new Map<string, number>()
  let running = false

  const embedOne = async (agentId: string, left: number): Promise<void> => {
    const stopped = new AbortController()
    const watch = setInterval(() => {
      if (isStopping()) stopped.abort()
    }, lookMs)
    try {
      const embed = (texts: readonly string[]): ReturnType<Embedder['embed']> => embedder.embed(texts, AbortSignal.any([stopped.signal, AbortSignal.timeout(requestMs)]))
      await embedExchanges({ stores, space: embedder, embed, agentId, left, most: mostExchanges, goesOn: () => !isStopping() })
    } catch (error) {
      if (isStopping()) return
      Runtime.instance().logger.warn('what has left an agent\'s context could not be embedded: it is found by its words, and embedded after the next compaction, or by `perdure reindex`', { agentId, reason: messageOf(error) })
    } finally {
      clearInterval(watch)
    }
  }
  const run = async (): Promise<void> => {
    running = true
    for (let [next] = waiting; next !== undefined && !isStopping(); [next] = waiting) {
      waiting.delete(next[0])
      await embedOne(...next)
    }
    running = false
  }
  return (agentId, left) => {
    waiting.set(agentId, Math.max(left, waiting.get(agentId) ?? 0))
    if (!running) void run()
  }
}

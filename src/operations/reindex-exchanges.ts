import { embedExchanges } from '../recall/embed-exchanges.ts'
import { closedExchanges } from '../recall/closed-exchanges.ts'
import type { Embedder } from '../model/model.ts'
import type { Stores } from '../stores/stores.ts'
import { embedPatiently } from './embed-patiently.ts'

/** All agents of all tenants: no key begins otherwise than with a printable sign. */
const everyone = ['!', '\u{7f}'] as const
const agentsAtOnce = 100

export interface ReindexExchangesOptions {
  readonly dryRun: boolean
  /** Told after each batch. */
  readonly onProgress?: (done: number) => void
}

/**
 * Makes the vectors of all agents' exchanges that have left a context and have none of the embedder's, and then removes those of other models. Recall
 * memory is found by words meanwhile. Broken off at any moment, it is run again and goes on where it was.
 * @returns how many it embedded; in a dry run, how many it would embed
 */
export async function reindexExchanges(stores: Pick<Stores, 'memory' | 'archival'>, embedder: Embedder, { dryRun, onProgress }: ReindexExchangesOptions): Promise<number> {
  const { memory, archival } = stores
  const space = { model: embedder.model, dimensions: embedder.dimensions }
  const embed = (texts: readonly string[]): ReturnType<Embedder['embed']> => embedPatiently(embedder, texts)
  let done = 0
  const onBatch = (exchanges: number): void => {
    done += exchanges
    onProgress?.(done)
  }
  for await (const { agentId, left } of agentsWithSummaries(memory)) {
    if (!dryRun) await embedExchanges({ stores, space, embed, agentId, left, onBatch })
    else done += await countOf(closedExchanges(memory.messages, agentId, { after: await archival.exchanges.latest(agentId, space), left }))
  }
  if (!dryRun) await archival.exchanges.keepOnly(space)
  return done
}

async function countOf(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const item of items) if (item !== undefined) count += 1
  return count
}

/** With the highest sequence number that has left the context. Of an agent without a summary none has. */
async function* agentsWithSummaries({ agents, summaries, messages }: Stores['memory']): AsyncIterable<{ readonly agentId: string; readonly left: number }> {
  for (let after: string | undefined; ; ) {
    const page = await agents.list({ within: everyone, limit: agentsAtOnce, ...(after !== undefined && { after }) })
    for (const { key } of page) {
      const summary = await summaries.latest(key)
      if (summary === undefined) continue
      // A summary of an earlier version does not say what has left: what is still in the context is embedded too then, which costs little.
      yield { agentId: key, left: summary.left ?? (await messages.latestSeq(key)) }
    }
    after = page.at(-1)?.key
    if (after === undefined) return
  }
}

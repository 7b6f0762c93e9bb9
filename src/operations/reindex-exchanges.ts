import { embedExchanges, type RefusedText } from '../recall/embed-exchanges.ts'
import { closedExchanges } from '../recall/closed-exchanges.ts'
import type { Embedder } from '../model/model.ts'
import type { VectorsOf } from '../stores/exchanges.ts'
import type { MessageStore } from '../stores/messages.ts'
import type { Stores } from '../stores/stores.ts'
import { embedPatiently } from './embed-patiently.ts'

/** All agents of all tenants: no key begins otherwise than with a printable sign. */
const everyone = ['!', '\u{7f}'] as const
const agentsAtOnce = 100
/** The latest messages of a model among which a step's is looked for. */
const lookedAt = 5

export interface ReindexExchangesOptions {
  readonly dryRun: boolean
  /** Told after each batch. */
  readonly onProgress?: (done: number) => void
  /** Told of what the embedding model refuses: it is left out, and found by its words. */
  readonly onRefused?: (text: RefusedText & { readonly agentId: string }) => void
}

export interface ReindexExchangesReport {
  /** How many it embedded; in a dry run, how many it would embed. */
  readonly exchanges: number
  /** Vectors of other models that it removed, or would. */
  readonly formerExchanges: readonly VectorsOf[]
}

/**
 * Makes the vectors of all agents' exchanges that have left a context and have none of the embedder's, and then removes those of other models. Recall
 * memory is found by words meanwhile. Broken off at any moment, it is run again and goes on where it was.
 */
export async function reindexExchanges(stores: Pick<Stores, 'memory' | 'archival'>, embedder: Embedder, { dryRun, onProgress, onRefused }: ReindexExchangesOptions): Promise<ReindexExchangesReport> {
  const { memory, archival } = stores
  const space = { model: embedder.model, dimensions: embedder.dimensions }
  const embed = (texts: readonly string[]): ReturnType<Embedder['embed']> => embedPatiently(embedder, texts)
  let done = 0
  const onBatch = (exchanges: number): void => {
    done += exchanges
    onProgress?.(done)
  }
  for await (const { agentId, left } of whatHasLeft(memory)) {
    if (!dryRun) await embedExchanges({ stores, space, embed, agentId, left, onBatch, onRefused: (text) => onRefused?.({ agentId, ...text }) })
    else done += await countOf(closedExchanges(memory.messages, agentId, { after: await archival.exchanges.latest(agentId, space), left }))
  }
  const formerExchanges = await archival.exchanges.others(space)
  if (!dryRun) await archival.exchanges.keepOnly(space)
  return { exchanges: done, formerExchanges }
}

/** What is before the queue that the latest step had: an agent that was imported, or begun anew from the stores, has had no compaction of it. */
async function beforeTheQueue(messages: MessageStore, agentId: string): Promise<number | undefined> {
  const { messages: latest } = await messages.search(agentId, { order: 'newest', roles: ['assistant'], offset: 0, limit: lookedAt })
  const queue = latest.flatMap(({ context }) => context?.prompt?.queue ?? [])
  const [first] = queue
  return first === undefined ? undefined : first[0] - 1
}

async function countOf(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const item of items) if (item !== undefined) count += 1
  return count
}

/** Of each agent the highest sequence number that has left its context. */
async function* whatHasLeft({ agents, summaries, messages }: Stores['memory']): AsyncIterable<{ readonly agentId: string; readonly left: number }> {
  for (let after: string | undefined; ; ) {
    const page = await agents.list({ within: everyone, limit: agentsAtOnce, ...(after !== undefined && { after }) })
    for (const { key } of page) {
      const [summary, before] = await Promise.all([summaries.latest(key), beforeTheQueue(messages, key)])
      // Neither a summary nor a step of an earlier version says it, and of an agent that was imported none before its first step. What is still in the context is embedded
      // too then, which costs little.
      const known = summary === undefined ? before : summary.left
      const left = known === undefined ? await messages.latestSeq(key) : Math.max(known, before ?? 0)
      if (left > 0) yield { agentId: key, left }
    }
    after = page.at(-1)?.key
    if (after === undefined) return
  }
}

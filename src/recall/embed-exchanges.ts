import type { EmbeddingSpace } from '../stores/embedding-space.ts'
import type { ExchangePart } from '../stores/exchanges.ts'
import type { Stores } from '../stores/stores.ts'
import { closedExchanges, type ClosedExchange } from './closed-exchanges.ts'

/** Texts of one request to the endpoint; a kill costs no more than one. */
const batch = 64

/**
 * Makes the vectors of an agent's exchanges that are missing, up to what has left the context: from where the stored ones end, in batches. Broken
 * off at any moment, the next call goes on there. Several at once do harm to nothing.
 * @param options.left the highest sequence number that has left the context
 * @param options.most how many exchanges at the most
 * @param options.goesOn asked before each batch
 * @returns how many exchanges were embedded
 * @throws what the embedder or a store throws
 */
export async function embedExchanges(options: {
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  readonly space: EmbeddingSpace
  readonly embed: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>
  readonly agentId: string
  readonly left: number
  readonly most?: number
  readonly goesOn?: () => boolean
  readonly onBatch?: (exchanges: number) => void
}): Promise<number> {
  const { stores, space, embed, agentId, left, most = Infinity, goesOn = () => true, onBatch } = options
  const { exchanges } = stores.archival
  let embedded = 0
  const keep = async (waiting: readonly ClosedExchange[]): Promise<boolean> => {
    const vectors = await embed(waiting.flatMap(({ texts }) => texts))
    let next = 0
    const parts = waiting.flatMap(({ first, last, at, texts }): readonly ExchangePart[] => texts.map((_, part) => ({ first, last, at, part, vector: vectors[next++] ?? [] })))
    await exchanges.insert(agentId, parts, space)
    embedded += waiting.length
    onBatch?.(waiting.length)
    // Asked only now: whose deletion ends after this erases these vectors too.
    const { agents } = stores.memory
    if (!(await agents.wasDeleted(agentId))) return (await agents.get(agentId))?.deletingAt === undefined
    await stores.archival.eraseAgent(agentId)
    return false
  }

  let waiting: ClosedExchange[] = []
  let texts = 0
  for await (const exchange of closedExchanges(stores.memory.messages, agentId, { after: await exchanges.latest(agentId, space), left })) {
    if (embedded + waiting.length >= most || !goesOn()) break
    waiting.push(exchange)
    texts += exchange.texts.length
    if (texts < batch) continue
    if (!(await keep(waiting))) return embedded
    waiting = []
    texts = 0
  }
  if (waiting.length > 0 && goesOn()) await keep(waiting)
  return embedded
}

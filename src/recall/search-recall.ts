import type { EmbeddingSpace } from '../stores/embedding-space.ts'
import type { MeantExchange } from '../stores/exchanges.ts'
import type { MessageQuery, MessageStore, Stores } from '../stores/stores.ts'

/** What makes a vector of a question; an `Embedder` is one. */
export interface QueryEmbedder extends EmbeddingSpace {
  embed(texts: readonly string[], signal: AbortSignal, as?: 'passage' | 'query'): Promise<readonly (readonly number[])[]>
}

/** What meaning may take of a search's time: then it is answered by words alone. */
const meaningMs = 1_500

/** So many of the exchanges that were meant are ranked together with what has the words. */
export const mostMeant = 100

/**
 * A search of recall memory as `MessageStore.search` does it, by words, and where it is ranked by relevance by meaning as well. What is still
 * in the context has no vector, and is found by its words. So is all else where the embedding model, or the store of the vectors, is away.
 * @param options.embedder absent: by words alone
 */
export async function searchRecall(options: {
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  readonly embedder: QueryEmbedder | undefined
  readonly agentId: string
  readonly query: MessageQuery
  /** Aborts the request to the embedding model. */
  readonly signal?: AbortSignal
}): ReturnType<MessageStore['search']> {
  const { stores, embedder, agentId, query } = options
  const meant = embedder === undefined || query.text === undefined || query.text.trim() === '' || query.order !== 'relevance' ? [] : await meantBy({ ...options, embedder, text: query.text })
  return stores.memory.messages.search(agentId, meant.length === 0 ? query : { ...query, meant })
}

async function meantBy({ stores, embedder, agentId, query, signal, text }: Parameters<typeof searchRecall>[0] & { readonly embedder: QueryEmbedder; readonly text: string }): Promise<readonly MeantExchange[]> {
  const { exchanges } = stores.archival
  const space = { model: embedder.model, dimensions: embedder.dimensions }
  const enough = AbortSignal.timeout(meaningMs)
  const ask = async (): Promise<readonly MeantExchange[]> => {
    // Of most agents all is in the context: the model is not asked then.
    if ((await exchanges.latest(agentId, space)) === undefined) return []
    const [vector = []] = await embedder.embed([text], signal === undefined ? enough : AbortSignal.any([enough, signal]), 'query')
    const { before, from, to } = query
    return exchanges.nearest(agentId, { vector, limit: mostMeant, ...(before !== undefined && { before }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) }, space)
  }
  return Promise.race([ask().catch(() => []), new Promise<readonly MeantExchange[]>((resolve) => enough.addEventListener('abort', () => resolve([]), { once: true }))])
}

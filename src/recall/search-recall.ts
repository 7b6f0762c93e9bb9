import type { MeantExchange } from '../stores/exchanges.ts'
import type { FoundMessages, MessageQuery } from '../stores/messages.ts'
import type { Stores } from '../stores/stores.ts'
import { inTime } from './in-time.ts'
import { timesNamedIn } from './named-times.ts'
import { meaningMs, type QueryEmbedder } from './question-vector.ts'

/** So many of the exchanges that were meant are ranked together with what has the words. */
export const mostMeant = 100

/**
 * A search of recall memory as `MessageStore.search` does it, by words, and where it is ranked by relevance by meaning and by the times that the question
 * names as well. What is still
 * in the context has no vector, and is found by its words. So is all else where the embedding model, or the store of the vectors, is away:
 * then the answer says `byWordsAlone`.
 * @param options.embedder absent: by words alone
 */
export async function searchRecall(options: {
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  readonly embedder: QueryEmbedder | undefined
  readonly agentId: string
  readonly query: MessageQuery
  /** ISO 8601: `in May` is the last one before. */
  readonly askedAt: string
  /** Aborts the request to the embedding model. */
  readonly signal?: AbortSignal
}): Promise<FoundMessages> {
  const { stores, embedder, agentId, query, askedAt } = options
  if (query.text === undefined || query.text.trim() === '' || query.order !== 'relevance') return stores.memory.messages.search(agentId, query)
  const meant = embedder === undefined ? [] : await meantBy({ ...options, embedder, text: query.text })
  const named = timesNamedIn(query.text, askedAt)
  const found = await stores.memory.messages.search(agentId, { ...query, ...(meant !== undefined && meant.length > 0 && { meant }), ...(named.length > 0 && { named }) })
  return meant === undefined ? { ...found, byWordsAlone: true } : found
}

/** Undefined where they could not be asked for, or not in time. */
async function meantBy({ stores, embedder, agentId, query, signal, text }: Parameters<typeof searchRecall>[0] & { readonly embedder: QueryEmbedder; readonly text: string }): Promise<readonly MeantExchange[] | undefined> {
  const { exchanges } = stores.archival
  const space = { model: embedder.model, dimensions: embedder.dimensions }
  return inTime(async (late) => {
    // Of most agents all is in the context: the model is not asked then.
    if ((await exchanges.latest(agentId, space)) === undefined) return []
    const [vector = []] = await embedder.embed([text], late, 'query')
    const { before, from, to } = query
    return exchanges.nearest(agentId, { vector, limit: mostMeant, ...(before !== undefined && { before }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) }, space)
  }, { signal, withinMs: meaningMs }).catch(() => undefined)
}

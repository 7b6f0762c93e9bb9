import type { EmbeddingSpace, PassageHit, PassageQuery } from '../archival.ts'
import { queryWordsOf } from '../../words/words.ts'
import type { CurrentCollection } from './collection.ts'
import { wordsVector } from './create-collection.ts'
import { vectorNameOf } from './embedding-space.ts'
import { filterOf } from './filter.ts'
import { passageOf } from './payload.ts'
import { termVectorOf } from './term-vector.ts'

/** Ranks fused at first. A page beyond them fuses four times as many, and so on; pages within one depth never overlap. */
const firstDepth = 256

/**
 * By meaning and by words, each ranked by the server, and the two rankings fused there. The order among equal scores is the
 * server's whim, so a page is cut here, from the whole fused ranking by score and id, and only its passages are fetched.
 */
export async function searchPassages(
  collection: CurrentCollection,
  agentId: string,
  query: PassageQuery,
  space: EmbeddingSpace,
): Promise<{ total: number; hits: PassageHit[] }> {
  const { client, name } = collection
  const filter = filterOf(agentId, query)
  const [{ count: total }, ranked] = await Promise.all([client.count(name, { filter, exact: true }), rank(collection, query, filter, space)])
  const page = ranked.slice(query.offset, query.offset + query.limit)
  if (page.length === 0) return { total, hits: [] }
  const points = await client.retrieve(name, { ids: page.map(({ id }) => id), with_payload: true })
  const payloads = new Map(points.map(({ id, payload }) => [id, payload]))
  // A point that was erased between the two requests is no hit.
  const hits = page.flatMap(({ id, score }) => (payloads.has(id) ? [{ passage: passageOf(payloads.get(id)), score }] : []))
  return { total, hits }
}

async function rank(
  { client, name }: CurrentCollection,
  query: PassageQuery,
  filter: ReturnType<typeof filterOf>,
  space: EmbeddingSpace,
): Promise<{ id: string | number; score: number }[]> {
  let limit = firstDepth
  while (limit < query.offset + query.limit) limit *= 4
  const { indices, values } = termVectorOf(queryWordsOf(query.words))
  const byMeaning = { query: [...query.vector], using: vectorNameOf(space.model), filter, limit }
  const byWords = { query: { indices: [...indices], values: [...values] }, using: wordsVector, filter, limit }
  const prefetch = indices.length === 0 ? [byMeaning] : [byMeaning, byWords]
  const { points } = await client.query(name, { prefetch, query: { fusion: 'rrf' }, limit, with_payload: false })
  return points.map(({ id, score }) => ({ id, score })).sort((one, other) => other.score - one.score || compare(String(one.id), String(other.id)))
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

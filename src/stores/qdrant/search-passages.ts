import type { EmbeddingSpace, PassageHit, PassageQuery } from '../archival.ts'
import { queryFormsOf } from '../../words/words.ts'
import { meantPassages, rankPassages } from '../passage-ranking.ts'
import { maxQueryWords } from '../relevance.ts'
import type { CurrentCollection } from './collection.ts'
import { vectorNameOf } from './embedding-space.ts'
import { filterOf } from './filter.ts'
import { passageOf } from './payload.ts'
import { weighPoints } from './point-words.ts'

/** Of each ranking of the server so many are read, whichever page is asked for: else a passage could be on two pages, and another on none. */
const depth = 1_000

/**
 * Of passages that are near, or have the words, the server gives lists, and they are ranked here as in the embedded store. All that are in none of
 * these lists follow in the order of nearness, which is read as deep as the page asks. The order among equal scores is the server's whim, so
 * that equals are ordered by id. Where it ends: among tens of thousands of passages of an agent nearness is approximate.
 */
export async function searchPassages(
  collection: CurrentCollection,
  agentId: string,
  query: PassageQuery,
  space: EmbeddingSpace,
): Promise<{ total: number; hits: PassageHit[] }> {
  const { client, name } = collection
  const filter = filterOf(agentId, query)
  const { total, head } = await rankHead(collection, query, filter, space)
  const end = query.offset + query.limit
  const ranked = end <= head.length || head.length >= total ? head : [...head, ...(await rankTail(collection, { query, filter, space, head, end }))]
  const page = ranked.slice(query.offset, end)
  if (page.length === 0) return { total, hits: [] }
  const points = await client.retrieve(name, { ids: page.map(({ id }) => id), with_payload: true })
  const payloads = new Map(points.map(({ id, payload }) => [id, payload]))
  // A point that was erased between the requests is no hit.
  const hits = page.flatMap(({ id, score }) => (payloads.has(id) ? [{ passage: passageOf(payloads.get(id)), score }] : []))
  return { total, hits }
}

interface Ranked {
  readonly id: string | number
  readonly score: number
}

type Filter = ReturnType<typeof filterOf>

/** Those that are near, and those that have the words. */
async function rankHead(collection: CurrentCollection, query: PassageQuery, filter: Filter, space: EmbeddingSpace): Promise<{ readonly total: number; readonly head: readonly Ranked[] }> {
  const words = queryFormsOf(query.words).slice(0, maxQueryWords)
  const { nearest, weights, all } = await weighPoints(collection, { words, filter, depth, near: nearnessOf(query, filter, space, depth) })
  const near = nearest.toSorted(byScore)
  const known = new Set(near.map(({ id }) => id))
  const ids = [...near.map(({ id }) => id), ...[...weights.keys()].filter((id) => !known.has(id)).sort((one, other) => compare(String(one), String(other)))]
  const similarities = near.slice(0, meantPassages).map(({ score }) => score)
  const ranked = rankPassages({ count: ids.length, similarities, weightOf: (place) => weights.get(ids[place] ?? '') ?? 0, all, end: ids.length })
  return { total: all, head: ranked.map(({ near: place, score }) => ({ id: ids[place] ?? '', score })) }
}

/** What the head has not, the nearest first, and at last those that have no vector. Passages of one depth never overlap, and those of the next begin as it does. */
async function rankTail(
  { client, name }: CurrentCollection,
  { query, filter, space, head, end }: { readonly query: PassageQuery; readonly filter: Filter; readonly space: EmbeddingSpace; readonly head: readonly Ranked[]; readonly end: number },
): Promise<readonly Ranked[]> {
  const inHead = new Set(head.map(({ id }) => id))
  let limit = depth
  while (limit < end) limit *= 4
  const { points } = await client.query(name, nearnessOf(query, filter, space, limit))
  const near = points.filter(({ id }) => !inHead.has(id)).sort(byScore).map(({ id }) => ({ id, score: 0 }))
  if (points.length === limit) return near
  const without = { must: filter.must, must_not: [{ has_vector: vectorNameOf(space.model) }] }
  const { points: others } = await client.scroll(name, { filter: without, limit: end, with_payload: false })
  return [...near, ...others.filter(({ id }) => !inHead.has(id)).map(({ id }) => ({ id, score: 0 }))]
}

const nearnessOf = (query: PassageQuery, filter: Filter, space: EmbeddingSpace, limit: number) => ({ query: [...query.vector], using: vectorNameOf(space.model), filter, limit, with_payload: false })

const byScore = (one: Ranked, other: Ranked): number => other.score - one.score || compare(String(one.id), String(other.id))
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

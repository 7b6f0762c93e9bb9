import type { QdrantClient } from '@qdrant/js-client-rest'
import { isSameSpace, type EmbeddingSpace } from '../embedding-space.ts'
import { inOrderOfStoring, type ExchangePart, type ExchangePlace, type ExchangeQuery, type ExchangeStore, type MeantExchange, type VectorsOf } from '../exchanges.ts'
import { storesSchema } from '../schema.ts'
import { isGone } from './collection.ts'
import { readSpace } from './create-collection.ts'
import { assertDimensions, vectorNameOf } from './embedding-space.ts'
import { ofAgent, type Condition } from './filter.ts'
import { collectionInForce } from './in-force.ts'
import { pointIdOf } from './point-id.ts'
import { withIndexes } from './with-indexes.ts'

/** Vectors of one request: well below the server's 32 MB. */
const batchSize = 256

/** Part 0 has no number: neither had any part that an earlier version stored. */
const isFirstPart: Condition = { is_empty: { key: 'part' } }

/** A collection for each embedding model: none of them is a collection of passages, nor what takes the place of one. */
const prefixOf = (base: string): string => `${base}-exchanges--`

/**
 * The vectors of exchanges, beside the collection of passages that is named `base`. A collection comes with the first vectors of its model.
 * Where the guarantee ends: as with passages, a search among hundreds of thousands of vectors of one agent is approximate.
 */
export function qdrantExchanges(client: QdrantClient, base: string): ExchangeStore & { readonly eraseAgent: (agentId: string) => Promise<void> } {
  const nameOf = (space: EmbeddingSpace): string => `${prefixOf(base)}${vectorNameOf(space.model)}-${space.dimensions}`
  const collections = async (): Promise<readonly string[]> =>
    (await client.getCollections()).collections.map(({ name }) => name).filter((name) => name.startsWith(prefixOf(base)))
  const othersOf = async (space: EmbeddingSpace): Promise<readonly VectorsOf[]> => {
    const others = (await collections()).filter((name) => name !== nameOf(space)).toSorted()
    // A collection without points is of agents that were deleted.
    return (await Promise.all(others.map((name) => unlessGone([], () => vectorsIn(client, name))))).flat()
  }
  const prepared = new Set<string>()
  const prepare = async (name: string, space: EmbeddingSpace): Promise<void> => {
    if (prepared.has(name)) return
    await createCollection(client, name, space)
    prepared.add(name)
  }
  const upsert = async (name: string, parts: readonly ExchangePart[], agentId: string, space: EmbeddingSpace): Promise<void> => {
    for (let start = 0; start < parts.length; start += batchSize) {
      const points = parts.slice(start, start + batchSize).map((part) => pointOf(agentId, part, space))
      // Points that are there are only touched if this holds, and it holds for none of these.
      await client.upsert(name, { wait: true, points, update_filter: { must_not: [{ has_id: points.map(({ id }) => id) }] } })
    }
  }
  return {
    insert: async (agentId, parts, space) => {
      for (const { vector } of parts) assertDimensions(vector, space)
      if (parts.length === 0) return
      const inOrder = inOrderOfStoring(parts)
      const name = nameOf(space)
      await prepare(name, space)
      try {
        await upsert(name, inOrder, agentId, space)
      } catch (error) {
        if (!isGone(error)) throw error
        // Somebody has removed the collection since.
        prepared.delete(name)
        await prepare(name, space)
        await upsert(name, inOrder, agentId, space)
      }
    },
    latest: (agentId, space) =>
      unlessGone(undefined, async () => {
        const filter = { must: [...ofAgent(agentId).must, isFirstPart] }
        const name = nameOf(space)
        const { points } = await withIndexes(
          () => createIndexes(client, name),
          () => client.scroll(name, { filter, limit: 1, with_payload: ['first', 'last'], order_by: { key: 'first', direction: 'desc' } }),
        )
        return points.map(({ payload }) => placeOf(payload))[0]
      }),
    nearest: (agentId, query, space) => {
      assertDimensions(query.vector, space)
      return unlessGone([], () => nearest(client, nameOf(space), { agentId, query, space }))
    },
    isInForce: async (space) => {
      const passages = await collectionInForce(client, base)
      if (passages !== undefined) return isSameSpace(await readSpace(client, passages), space)
      return (await collections()).includes(nameOf(space)) || (await othersOf(space)).length === 0
    },
    others: othersOf,
    keepOnly: async (space) => {
      const others = (await collections()).filter((name) => name !== nameOf(space))
      for (const name of others) await client.deleteCollection(name)
      return others.length > 0
    },
    eraseAgent: async (agentId) => {
      for (const name of await collections()) await unlessGone(undefined, () => client.delete(name, { wait: true, filter: ofAgent(agentId) }))
    },
  }
}

async function vectorsIn(client: QdrantClient, name: string): Promise<readonly VectorsOf[]> {
  const { count } = await client.count(name, { exact: true })
  return count === 0 ? [] : [{ ...(await readSpace(client, name)), vectors: count }]
}

async function nearest(client: QdrantClient, name: string, { agentId, query, space }: { readonly agentId: string; readonly query: ExchangeQuery; readonly space: EmbeddingSpace }): Promise<readonly MeantExchange[]> {
  const filter = { must: [...ofAgent(agentId).must, ...conditionsOf(query)] }
  const best = new Map<number, MeantExchange>()
  // Several parts of one exchange may be among the nearest: then more of them are asked for.
  for (let limit = query.limit * 2; ; limit *= 4) {
    const { points } = await client.query(name, { query: [...query.vector], using: vectorNameOf(space.model), filter, limit, with_payload: ['first', 'last'] })
    for (const { score, payload } of points) {
      const place = placeOf(payload)
      if (!best.has(place.first)) best.set(place.first, { ...place, similarity: score })
    }
    if (best.size >= query.limit || points.length < limit) break
  }
  return [...best.values()].sort((one, other) => other.similarity - one.similarity || other.first - one.first).slice(0, query.limit)
}

function conditionsOf({ before, from, to }: ExchangeQuery): readonly Condition[] {
  const begun = { ...(from !== undefined && { gte: Date.parse(from) }), ...(to !== undefined && { lt: Date.parse(to) }) }
  return [
    ...(before === undefined ? [] : [{ key: 'first', range: { lt: before } }]),
    ...(from === undefined && to === undefined ? [] : [{ key: 'at', range: begun }]),
  ]
}

function pointOf(agentId: string, { first, last, part, at, vector }: ExchangePart, space: EmbeddingSpace) {
  return {
    id: pointIdOf(agentId, `exchange ${first}/${part}`),
    vector: { [vectorNameOf(space.model)]: [...vector] },
    payload: { agentId, first, last, ...(part > 0 && { part }), at: Date.parse(at), schema: storesSchema },
  }
}

function placeOf(payload: unknown): ExchangePlace {
  const { first, last } = (payload ?? {}) as { readonly first?: unknown; readonly last?: unknown }
  if (typeof first !== 'number' || typeof last !== 'number') throw new Error('a point of a collection of exchanges is no exchange: the collection must hold nothing else')
  return { first, last }
}

/** Two may create at the same time: one request wins, and the other finds the collection there. */
async function createCollection(client: QdrantClient, name: string, space: EmbeddingSpace): Promise<void> {
  try {
    await client.createCollection(name, {
      vectors: { [vectorNameOf(space.model)]: { size: space.dimensions, distance: 'Cosine' } },
      // Every search is within one agent: a graph per agent, and none across them.
      hnsw_config: { m: 0, payload_m: 16 },
    })
  } catch (error) {
    if (!(await client.collectionExists(name)).exists) throw error
  }
  await createIndexes(client, name)
}

async function createIndexes(client: QdrantClient, name: string): Promise<void> {
  await client.createPayloadIndex(name, { field_name: 'agentId', field_schema: { type: 'keyword', is_tenant: true }, wait: true })
  for (const field of ['first', 'at']) await client.createPayloadIndex(name, { field_name: field, field_schema: 'integer', wait: true })
}

async function unlessGone<Answer>(otherwise: Answer, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (isGone(error)) return otherwise
    throw error
  }
}

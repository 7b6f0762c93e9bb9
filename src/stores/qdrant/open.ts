import type { ArchivalStore, Passage } from '../archival.ts'
import { assertKnown, firstSchema, storesSchema } from '../schema.ts'
import { naming } from './away.ts'
import { passageCollection, usualCollection, type CurrentCollection } from './collection.ts'
import { connectQdrant } from './connect.ts'
import { createIndexes } from './create-collection.ts'
import { assertDimensions } from './embedding-space.ts'
import { editPassage, passageUnder, supersedePassage } from './change-passage.ts'
import { qdrantExchanges } from './exchanges.ts'
import { filterOf, ofAgent } from './filter.ts'
import { insertPassages } from './insert-passages.ts'
import { listPassages } from './list-passages.ts'
import { pointIdOf } from './point-id.ts'
import { namingAway, qdrantReindexing } from './reindexing.ts'
import { storedRecord } from './schema-record.ts'
import { searchPassages } from './search-passages.ts'
import { withIndexes } from './with-indexes.ts'

export interface QdrantArchival extends ArchivalStore {
  /** For a person: host and collection, no secrets. */
  readonly describe: string
  /** Some of what is stored is of an earlier schema: it is read as it is, and `perdure migrate` brings it up to date. */
  readonly outdated: boolean
}

/**
 * Archival memory in Qdrant 1.16 or newer: one collection for all agents, each agent a tenant of it. A write that returned was
 * applied and is in the server's log. Where the guarantee ends: pages of one search fit together as long as nothing is written
 * in between, and a search over hundreds of thousands of passages of one agent is approximate, as its graph is.
 * @param options.collection Default: `perdure-passages`. Made by the first insert, for the embedding model of that insert.
 * @throws PerdureError `server-unavailable` (so does each of its functions while the server is away), `config-invalid`, `schema-newer`
 */
export async function openQdrantArchival(options: {
  readonly url: string
  readonly apiKey?: string
  readonly collection?: string
}): Promise<QdrantArchival> {
  const { client, host } = await connectQdrant(options)
  const name = options.collection ?? usualCollection
  const collection = passageCollection(client, name)
  const asking = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => naming(host, ask)
  const { eraseAgent: eraseExchanges, ...exchanges } = qdrantExchanges(client, name)
  const describe = `Qdrant at ${host}, collection ${name}`
  const outdated = await asking(async () => {
    const record = await collection.using(async (current) => (await storedRecord(client, current.name)) ?? { schema: firstSchema })
    if (record === undefined) return false
    assertKnown({ of: describe, ...record })
    return record.schema < storesSchema
  })
  return {
    describe,
    outdated,
    exchanges: {
      insert: (agentId, parts, space) => asking(() => exchanges.insert(agentId, parts, space)),
      latest: (agentId, space) => asking(() => exchanges.latest(agentId, space)),
      nearest: (agentId, query, space) => asking(() => exchanges.nearest(agentId, query, space)),
      isInForce: (space) => asking(() => exchanges.isInForce(space)),
      others: (space) => asking(() => exchanges.others(space)),
      keepOnly: (space) => asking(() => exchanges.keepOnly(space)),
    },
    insert: (passages, space) =>
      asking(async () => {
        for (const { vector } of passages) assertDimensions(vector, space)
        if (passages.length > 0) await collection.writing(space, (current) => insertPassages(current, passages, space))
      }),
    search: (agentId, query, space) =>
      asking(async () => {
        assertDimensions(query.vector, space)
        return (await collection.usingSpace(space, (current) => searchPassages(current, agentId, query, space))) ?? { total: 0, hits: [] }
      }),
    count: (agentId) =>
      asking(async () => {
        const counted = await collection.using((current) => client.count(current.name, { filter: filterOf(agentId), exact: true }))
        return counted?.count ?? 0
      }),
    list: (agentId, offset, limit, options = {}) =>
      asking(async () => {
        const list = (current: CurrentCollection): Promise<Passage[]> =>
          withIndexes(() => createIndexes(client, current.name), () => listPassages(current, agentId, { ...options, offset, limit }))
        return (await collection.using(list)) ?? []
      }),
    get: (agentId, op) => asking(() => collection.using((current) => passageUnder(current, agentId, op))),
    edit: (edited, space) => asking(() => editPassage(collection, edited, space)),
    supersede: (agentId, op, by) => asking(() => supersedePassage(collection, { agentId, op, by })),
    remove: (agentId, ops) =>
      asking(async () => {
        if (ops.length > 0) await collection.removing((at) => client.delete(at, { wait: true, points: ops.map((op) => pointIdOf(agentId, op)) }))
      }),
    eraseAgent: (agentId) =>
      asking(async () => {
        await collection.removing((at) => client.delete(at, { wait: true, filter: ofAgent(agentId) }))
        await eraseExchanges(agentId)
      }),
    reindexing: (to) => namingAway(qdrantReindexing(client, name, to), host),
    // The client holds no connection that would have to be closed: idle ones close by themselves.
    close: () => Promise.resolve(),
  }
}

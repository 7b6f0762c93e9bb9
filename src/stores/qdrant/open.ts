import type { ArchivalStore } from '../archival.ts'
import { passageCollection } from './collection.ts'
import { connectQdrant } from './connect.ts'
import { filterOf } from './filter.ts'
import { insertPassages } from './insert-passages.ts'
import { listPassages } from './list-passages.ts'
import { searchPassages } from './search-passages.ts'

export interface QdrantArchival extends ArchivalStore {
  /** For a person: host and collection, no secrets. */
  readonly describe: string
}

/**
 * Archival memory in Qdrant 1.16 or newer: one collection for all agents, each agent a tenant of it. A write that returned was
 * applied and is in the server's log. Where the guarantee ends: pages of one search fit together as long as nothing is written
 * in between, and a search over hundreds of thousands of passages of one agent is approximate, as its graph is.
 * @param options.collection Default: `perdure-passages`. Made by the first insert, for the embedding model of that insert.
 * @throws PerdureError `server-unavailable`, `config-invalid`
 */
export async function openQdrantArchival(options: {
  readonly url: string
  readonly apiKey?: string
  readonly collection?: string
}): Promise<QdrantArchival> {
  const { client, host } = await connectQdrant(options)
  const name = options.collection ?? 'perdure-passages'
  const collection = passageCollection(client, name)
  return {
    describe: `Qdrant at ${host}, collection ${name}`,
    insert: async (passages, space) => {
      if (passages.length > 0) await insertPassages(collection, passages, space)
    },
    search: (agentId, query, space) => searchPassages(collection, agentId, query, space),
    count: async (agentId) => ((await collection.exists()) ? (await client.count(name, { filter: filterOf(agentId), exact: true })).count : 0),
    list: async (agentId, offset, limit) => ((await collection.exists()) ? listPassages(collection, agentId, offset, limit) : []),
    eraseAgent: async (agentId) => {
      if (await collection.exists()) await client.delete(name, { wait: true, filter: filterOf(agentId) })
    },
    // The client holds no connection that would have to be closed: idle ones close by themselves.
    close: () => Promise.resolve(),
  }
}

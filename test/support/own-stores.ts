import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { QdrantClient } from '@qdrant/js-client-rest'
import { inject } from 'vitest'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openServerStores } from '../../src/stores/servers.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface OwnStores {
  readonly stores: Stores
  /** After they were closed. */
  remove(): Promise<void>
}

/** Vectors of its own for a test with an embedding model of its own: which model is in force is one for all agents. */
export async function openOwnStores(): Promise<OwnStores> {
  const servers = inject('storeServers')
  if (servers === undefined) {
    const folder = await temporaryFolder()
    return { stores: await openEmbeddedStores({ file: join(folder.path, 'memory.db') }), remove: () => folder.remove() }
  }
  if ('unavailable' in servers) throw new Error(servers.unavailable)
  const collection = `test-${randomUUID()}`
  const remove = async (): Promise<void> => {
    const client = new QdrantClient({ url: servers.qdrantUrl, checkCompatibility: false })
    const { collections } = await client.getCollections()
    for (const { name } of collections) if (name.startsWith(collection)) await client.deleteCollection(name)
  }
  return { stores: await openServerStores({ ...servers, collection }), remove }
}

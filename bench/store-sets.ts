import { randomUUID } from 'node:crypto'
import { openStores, type StoresConfig } from '../src/stores/open.ts'
import { openServerStores } from '../src/stores/servers.ts'
import type { Stores } from '../src/stores/stores.ts'
import { startMongo } from '../test/servers/mongo.ts'
import { startQdrant } from '../test/servers/qdrant.ts'
import { isUnavailable, type Unavailable } from '../test/servers/require-server.ts'
import { measuredWith } from './figures.ts'

type ServerSettings = Parameters<typeof openServerStores>[0]

/** Where a set of stores is, for several processes to open. */
export type StoresPlace = Extract<StoresConfig, { kind: 'embedded' }> | ({ readonly kind: 'servers' } & ServerSettings)

export const openPlace = (place: StoresPlace): Promise<Stores> => (place.kind === 'embedded' ? openStores(place) : openServerStores(place))

export interface StoreServers {
  readonly describe: string
  /** Where a set of stores of its own would be, for another process to open. */
  settings(): ServerSettings
  /** A set of stores of its own on the servers. */
  open(): Promise<Stores>
  stop(): Promise<void>
}

/** MongoDB and Qdrant, or what stands in for them, wherever the tests find them. */
export async function startStoreServers(): Promise<StoreServers | Unavailable> {
  const mongo = await startMongo()
  if (isUnavailable(mongo)) return mongo
  const qdrant = await startQdrant()
  if (isUnavailable(qdrant)) {
    await mongo.stop()
    return qdrant
  }
  measuredWith(mongo.kind)
  measuredWith(qdrant.kind)
  const settings: StoreServers['settings'] = () => {
    const name = `bench-${randomUUID()}`
    return { mongodbUri: mongo.uri, qdrantUrl: qdrant.uri, database: name, collection: name }
  }
  return {
    describe: `${mongo.kind}; ${qdrant.kind}`,
    settings,
    open: () => openServerStores(settings()),
    stop: async () => {
      await Promise.all([mongo.stop(), qdrant.stop()])
    },
  }
}

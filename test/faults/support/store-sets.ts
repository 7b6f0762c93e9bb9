import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/config.ts'
import type { TestServer } from '../../servers/data-server.ts'
import type { StartOptions } from '../../servers/first-found.ts'
import { startMongo } from '../../servers/mongo.ts'
import { startQdrant } from '../../servers/qdrant.ts'
import { isUnavailable, type Unavailable } from '../../servers/require-server.ts'
import { killable, type KillableServer } from './killable-server.ts'

/** One of the two sets of stores, as the variables that give it to a worker and to a client alike. */
export interface StoreSet {
  readonly name: string
  environment(folder: string): Environment
  stop(): Promise<void>
}

export const embedded: StoreSet = {
  name: 'embedded',
  environment: (folder) => ({ PERDURE_HOME: join(folder, 'home'), MONGODB_URI: undefined, QDRANT_URL: undefined }),
  stop: () => Promise.resolve(),
}

export async function startServers(): Promise<StoreSet | Unavailable> {
  const pair = await startPair({ own: false })
  return isUnavailable(pair) ? pair : storeSetOf(pair)
}

/** Servers of the test's own, which it may kill. */
export async function startOwnServers(): Promise<(StoreSet & { readonly mongo: KillableServer; readonly qdrant: KillableServer; readonly qdrantUrl: string }) | Unavailable> {
  const pair = await startPair({ own: true })
  return isUnavailable(pair) ? pair : { ...storeSetOf(pair), mongo: killable(pair.mongo), qdrant: killable(pair.qdrant), qdrantUrl: pair.qdrant.uri }
}

interface Pair {
  readonly mongo: TestServer
  readonly qdrant: TestServer
}

async function startPair(options: StartOptions): Promise<Pair | Unavailable> {
  const [mongo, qdrant] = await Promise.all([startMongo(options), startQdrant(options)])
  if (!isUnavailable(mongo) && !isUnavailable(qdrant)) return { mongo, qdrant }
  await Promise.all([mongo, qdrant].map(async (found) => (isUnavailable(found) ? undefined : found.stop())))
  return { unavailable: [mongo, qdrant].flatMap((found) => (isUnavailable(found) ? [found.unavailable] : [])).join('; ') }
}

function storeSetOf({ mongo, qdrant }: Pair): StoreSet {
  const database = new URL(mongo.uri)
  database.pathname = `/perdure-faults-${randomUUID().slice(0, 8)}`
  return {
    name: 'servers',
    environment: (folder) => ({ PERDURE_HOME: join(folder, 'home'), MONGODB_URI: database.href, QDRANT_URL: qdrant.uri }),
    stop: async () => {
      await Promise.all([mongo.stop(), qdrant.stop()])
    },
  }
}

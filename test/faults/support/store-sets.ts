import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Environment } from '../../../src/config.ts'
import { startMongo } from '../../servers/mongo.ts'
import { startQdrant } from '../../servers/qdrant.ts'
import { isUnavailable, type Unavailable } from '../../servers/require-server.ts'

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
  const [mongo, qdrant] = await Promise.all([startMongo(), startQdrant()])
  const stop = async (): Promise<void> => {
    await Promise.all([mongo, qdrant].map(async (found) => (isUnavailable(found) ? undefined : found.stop())))
  }
  if (isUnavailable(mongo) || isUnavailable(qdrant)) {
    await stop()
    return { unavailable: [mongo, qdrant].flatMap((found) => (isUnavailable(found) ? [found.unavailable] : [])).join('; ') }
  }
  const database = new URL(mongo.uri)
  database.pathname = `/perdure-faults-${randomUUID().slice(0, 8)}`
  return {
    name: 'servers',
    environment: (folder) => ({ PERDURE_HOME: join(folder, 'home'), MONGODB_URI: database.href, QDRANT_URL: qdrant.uri }),
    stop,
  }
}

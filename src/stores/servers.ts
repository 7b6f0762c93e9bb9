import { openMongoMemory } from './mongo/open.ts'
import { openQdrantArchival } from './qdrant/open.ts'
import type { Stores } from './stores.ts'

const outdatedNotice = 'Some of what the servers hold is of an earlier version of Perdure. It is read as it is; `perdure migrate` brings it up to date, also while workers are at work.'

/**
 * The servers' set of stores.
 * @throws PerdureError `server-unavailable`, `config-invalid`, `schema-newer`
 */
export async function openServerStores(options: {
  readonly mongodbUri: string
  readonly qdrantUrl: string
  readonly qdrantApiKey?: string
  /** Default: the one named in the URI, else `perdure`. */
  readonly database?: string
  /** Qdrant's collection. Default: `perdure-passages`. */
  readonly collection?: string
}): Promise<Stores> {
  const { mongodbUri, qdrantUrl, qdrantApiKey, database, collection } = options
  const memory = await openMongoMemory({ uri: mongodbUri, ...(database === undefined ? {} : { database }) })
  try {
    const archival = await openQdrantArchival({
      url: qdrantUrl,
      ...(qdrantApiKey === undefined ? {} : { apiKey: qdrantApiKey }),
      ...(collection === undefined ? {} : { collection }),
    })
    return {
      kind: 'servers',
      describe: `${memory.describe}; ${archival.describe}`,
      ...((memory.outdated || archival.outdated) && { notice: outdatedNotice }),
      memory,
      archival,
      live: memory.live,
      close: async () => {
        await Promise.all([memory.close(), archival.close()])
      },
    }
  } catch (error) {
    await memory.close()
    throw error
  }
}

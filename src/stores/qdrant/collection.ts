import type { QdrantClient } from '@qdrant/js-client-rest'
import type { EmbeddingSpace } from '../archival.ts'
import { assertSameSpace, modelOf, vectorNameOf } from './embedding-space.ts'
import { recordSchema } from './schema-record.ts'

export const usualCollection = 'perdure-passages'

/** Name of the sparse vector. */
export const wordsVector = 'words'

/** One collection for all agents, created for the first vectors that come. */
export interface PassageCollection {
  readonly client: QdrantClient
  readonly name: string
  /** Whether there is a collection yet; read once it is there. */
  exists(): Promise<boolean>
  /** The collection, made if need be. @throws PerdureError `embedding-mismatch` */
  require(space: EmbeddingSpace): Promise<void>
  /** False where there is no collection yet. @throws PerdureError `embedding-mismatch` */
  holds(space: EmbeddingSpace): Promise<boolean>
}

export function passageCollection(client: QdrantClient, name: string): PassageCollection {
  let known: EmbeddingSpace | undefined
  let ready: Promise<void> | undefined

  const stored = async (): Promise<EmbeddingSpace | undefined> => {
    if (known === undefined && (await client.collectionExists(name)).exists) known = await readSpace(client, name)
    return known
  }
  const make = async (space: EmbeddingSpace): Promise<void> => {
    if ((await stored()) === undefined && (await create(client, name, space)) === 'created') await recordSchema(client, name)
    // Also where another process made the collection: it may have died before it came to the indexes.
    await createIndexes(client, name)
  }
  return {
    client,
    name,
    exists: async () => (await stored()) !== undefined,
    require: async (space) => {
      ready ??= make(space)
      try {
        await ready
      } catch (error) {
        ready = undefined
        throw error
      }
      assertSameSpace((await stored()) ?? space, space)
    },
    holds: async (space) => {
      const found = await stored()
      if (found === undefined) return false
      assertSameSpace(found, space)
      return true
    },
  }
}

/** Of a collection that is there. @throws Error where Perdure has not made it */
export async function readSpace(client: QdrantClient, name: string): Promise<EmbeddingSpace> {
  const { vectors } = (await client.getCollection(name)).config.params
  for (const [vectorName, params] of Object.entries(vectors ?? {})) {
    const dimensions = sizeOf(params)
    if (dimensions !== undefined) return { model: modelOf(vectorName), dimensions }
  }
  throw new Error(`collection ${name} of Qdrant was not made by Perdure: it has no dense vector that is named by its model`)
}

function sizeOf(params: unknown): number | undefined {
  return typeof params === 'object' && params !== null && 'size' in params && typeof params.size === 'number' ? params.size : undefined
}

/** Two may create at the same time: one request wins, and the other finds the collection there. */
async function create(client: QdrantClient, name: string, space: EmbeddingSpace): Promise<'created' | 'there'> {
  try {
    await client.createCollection(name, {
      vectors: { [vectorNameOf(space.model)]: { size: space.dimensions, distance: 'Cosine' } },
      sparse_vectors: { [wordsVector]: { modifier: 'idf' } },
      // Every search is within one agent: a graph per agent, and none across them.
      hnsw_config: { m: 0, payload_m: 16 },
    })
    return 'created'
  } catch (error) {
    if (!(await client.collectionExists(name)).exists) throw error
    return 'there'
  }
}

type IndexSchema = NonNullable<Parameters<QdrantClient['createPayloadIndex']>[1]['field_schema']>

async function createIndexes(client: QdrantClient, name: string): Promise<void> {
  const index = (field: string, schema: IndexSchema): Promise<unknown> =>
    client.createPayloadIndex(name, { field_name: field, field_schema: schema, wait: true })
  await index('agentId', { type: 'keyword', is_tenant: true })
  await index('tags', 'keyword')
  await index('source', 'keyword')
  await index('at', 'datetime')
  await index('order', 'integer')
  await index('schema', 'integer')
}

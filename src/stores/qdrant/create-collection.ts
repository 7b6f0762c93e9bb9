import type { QdrantClient } from '@qdrant/js-client-rest'
import type { EmbeddingSpace } from '../archival.ts'
import { modelOf, vectorNameOf } from './embedding-space.ts'

/** Name of the sparse vector. */
export const wordsVector = 'words'

/** Reads a collection that exists. @throws Error if Perdure has not made it */
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
export async function createCollection(client: QdrantClient, name: string, space: EmbeddingSpace): Promise<'created' | 'there'> {
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

export async function createIndexes(client: QdrantClient, name: string): Promise<void> {
  const index = (field: string, schema: IndexSchema): Promise<unknown> =>
    client.createPayloadIndex(name, { field_name: field, field_schema: schema, wait: true })
  await index('agentId', { type: 'keyword', is_tenant: true })
  await index('tags', 'keyword')
  await index('source', 'keyword')
  await index('at', 'datetime')
  await index('order', 'integer')
  await index('schema', 'integer')
  await index('supersededBy', 'keyword')
  await index('edition', 'integer')
}

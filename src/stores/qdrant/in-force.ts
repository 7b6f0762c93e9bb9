import type { QdrantClient } from '@qdrant/js-client-rest'
import type { EmbeddingSpace } from '../archival.ts'
import { vectorNameOf } from './embedding-space.ts'

/**
 * Which collection is in force, an alias says: changing it is one atomic request. Without it, it is the one that the first insert made,
 * whose name no alias can take.
 */
export const aliasOf = (base: string): string => `${base}-in-force`

/** The collection for all passages embedded anew. */
export const successorOf = (base: string, space: EmbeddingSpace): string => `${base}--${vectorNameOf(space.model)}-${space.dimensions}`

/** Undefined while there is none. */
export async function collectionInForce(client: QdrantClient, base: string): Promise<string | undefined> {
  const aliased = await targetOf(client, base)
  if (aliased !== undefined) return aliased
  if ((await client.collectionExists(base)).exists) return base
  // Between the two questions it may have been replaced.
  return targetOf(client, base)
}

async function targetOf(client: QdrantClient, base: string): Promise<string | undefined> {
  const { aliases } = await client.getAliases()
  return aliases.find(({ alias_name }) => alias_name === aliasOf(base))?.collection_name
}

/** All that hold passages: that in force, one being filled, one that was replaced and not removed yet. */
export async function collectionsOf(client: QdrantClient, base: string): Promise<readonly string[]> {
  const { collections } = await client.getCollections()
  return collections.map(({ name }) => name).filter((name) => name === base || name.startsWith(`${base}--`))
}

export async function putInForce(client: QdrantClient, base: string, name: string): Promise<void> {
  const before = await targetOf(client, base)
  const former = before === undefined ? [] : [{ delete_alias: { alias_name: aliasOf(base) } }]
  await client.updateCollectionAliases({ actions: [...former, { create_alias: { collection_name: name, alias_name: aliasOf(base) } }] })
}

import { chunkOp, sharedChunkOp, type StoredDocument } from '../../protocol/documents.ts'
import type { Stores } from '../../stores/stores.ts'

/** Passages of one request. */
const batch = 500

type OfContent = Pick<StoredDocument, 'agentId' | 'name' | 'hash'>

/** All that there is of a content under this name. What another document of the same content reads as well stays. */
export async function dropContent(stores: Stores, document: OfContent): Promise<void> {
  const { documents } = stores.memory
  const { agentId, name, hash } = document
  await dropFrom(stores, document, 0)
  if (!(await documents.isUsed(agentId, hash, name))) await documents.dropContent(agentId, hash)
}

/**
 * The passages that this name has from a place on, and the chunks that no other name reads. Passages first: while the chunks stand, it is
 * known which passages there are.
 */
export async function dropFrom({ memory, archival }: Stores, document: OfContent, from: number): Promise<void> {
  const { documents } = memory
  const { agentId, name, hash } = document
  const count = await documents.countChunks(agentId, hash)
  // So it is after each reading that no earlier one was cut off in.
  if (count <= from) return
  const isShared = await documents.isUsed(agentId, hash, name)
  for (let first = from; first < count; first += batch) {
    const places = Array.from({ length: Math.min(batch, count - first) }, (_, index) => first + index)
    await archival.remove(agentId, places.flatMap((place) => [chunkOp(document, place), ...(isShared ? [] : [sharedChunkOp(document, place)])]))
  }
  if (!isShared) await documents.dropChunks(agentId, hash, from)
}

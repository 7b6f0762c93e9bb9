import { chunkOp, type DocumentActivities, type StoredDocument } from '../../protocol/documents.ts'
import type { Stores } from '../../stores/stores.ts'
import type { ActivityDependencies } from '../dependencies.ts'

/** Passages of one request. */
const batch = 500

export function createFinishDocument({ stores, faultPoint }: ActivityDependencies): DocumentActivities['finishDocument'] {
  const { documents } = stores.memory
  return async ({ agentId, name, hash, set, chunks }) => {
    const document = await documents.get(agentId, name)
    if (document?.hash !== hash) return
    for (const earlier of document.earlier ?? []) if (earlier !== hash) await dropContent(stores, agentId, { name, hash: earlier })
    await documents.put({ ...withoutEarlier(document), set, status: 'loaded', chunks, at: new Date().toISOString() })
    await documents.dropContent(agentId, hash)
    await countDocuments(stores, agentId)
    faultPoint('document-finished')
  }
}

function withoutEarlier(document: StoredDocument): StoredDocument {
  const { earlier, ...rest } = document
  return earlier === undefined ? document : rest
}

export function createRemoveDocument({ stores }: ActivityDependencies): DocumentActivities['removeDocument'] {
  const { documents } = stores.memory
  return async ({ agentId, name, hash }) => {
    const document = await documents.get(agentId, name)
    if (document?.status !== 'removing') return
    for (const content of new Set([hash, ...(document.earlier ?? [])])) await dropContent(stores, agentId, { name, hash: content })
    await documents.remove(agentId, name)
    await countDocuments(stores, agentId)
  }
}

/** A content that another document has as well stays. Passages first: while the chunks stand, it is known which passages there are. */
async function dropContent({ memory, archival }: Stores, agentId: string, { name, hash }: { readonly name: string; readonly hash: string }): Promise<void> {
  const { documents } = memory
  if (await documents.isUsed(agentId, hash, name)) return
  const count = await documents.countChunks(agentId, hash)
  for (let first = 0; first < count; first += batch) {
    const places = Array.from({ length: Math.min(batch, count - first) }, (_, index) => first + index)
    await archival.remove(agentId, places.map((place) => chunkOp(agentId, hash, place)))
  }
  await documents.dropChunks(agentId, hash)
  await documents.dropContent(agentId, hash)
}

/** What the agent is told of: that there are documents, and how many. */
async function countDocuments({ memory }: Stores, agentId: string): Promise<void> {
  await memory.agents.setDocuments(agentId, await memory.documents.count(agentId))
}

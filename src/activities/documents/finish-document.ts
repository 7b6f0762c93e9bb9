import type { DocumentActivities, StoredDocument } from '../../protocol/documents.ts'
import type { Stores } from '../../stores/stores.ts'
import type { ActivityDependencies } from '../dependencies.ts'
import { dropContent } from './drop-content.ts'

/** Documents looked at at once. */
const batch = 500

/** Earlier contents go when the present one's passages are in. A document that was given over again meanwhile stays as it is. */
export function createFinishDocument({ stores, faultPoint }: ActivityDependencies): DocumentActivities['finishDocument'] {
  const { documents } = stores.memory
  return async ({ agentId, name, hash, set, chunks }) => {
    const document = await documents.get(agentId, name)
    if (document?.set !== set || document.hash !== hash) return
    if (document.status === 'waiting') {
      for (const earlier of document.earlier ?? []) if (earlier !== hash) await dropContent(stores, { agentId, name, hash: earlier })
      await documents.put({ ...withoutEarlier(document), status: 'loaded', chunks, at: new Date().toISOString() }, document)
    }
    await documents.dropContent(agentId, hash)
    faultPoint('document-finished')
  }
}

function withoutEarlier(document: StoredDocument): StoredDocument {
  const { earlier, ...rest } = document
  return earlier === undefined ? document : rest
}

export function createRemoveDocument({ stores }: ActivityDependencies): DocumentActivities['removeDocument'] {
  const { documents } = stores.memory
  return async ({ agentId, name }) => {
    const document = await documents.get(agentId, name)
    if (document?.status !== 'removing') return
    await dropContents(stores, document)
    await documents.remove(document)
  }
}

/** Removes what was loaded for an agent that was deleted meanwhile. */
export async function dropAll(stores: Stores, agentId: string): Promise<void> {
  const { documents } = stores.memory
  for (;;) {
    const { documents: left } = await documents.list(agentId, { offset: 0, limit: batch })
    if (left.length === 0) return
    for (const document of left) {
      await dropContents(stores, document)
      await documents.remove(document)
    }
  }
}

async function dropContents(stores: Stores, { agentId, name, hash, earlier = [] }: StoredDocument): Promise<void> {
  for (const content of new Set([hash, ...earlier])) await dropContent(stores, { agentId, name, hash: content })
}

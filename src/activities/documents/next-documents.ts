import type { DocumentActivities, DocumentRef, StoredDocument } from '../../protocol/documents.ts'
import type { Stores } from '../../stores/stores.ts'
import { dropAll } from './finish-document.ts'

/** Documents, and bytes of them, that one activity loads from beginning to end. */
const most = { documents: 32, bytes: 256 * 1024 }
/** Compressed formats, whose files hold more text than they have bytes. */
const packed = { names: /\.(?:pdf|docx|docm|pptx|xlsx|xlsm|od[tsp]|epub)$/i, times: 8 }

/** By name. A large document, or a removal, comes alone; small ones that stand together come together. */
export function createNextDocuments(stores: Stores): DocumentActivities['nextDocuments'] {
  const { agents, documents } = stores.memory
  return async ({ agentId }) => {
    if ((await agents.get(agentId)) === undefined) {
      await dropAll(stores, agentId)
      return null
    }
    const pending = await documents.pending(agentId, most.documents)
    const [first] = pending
    if (first === undefined) return null
    if (first.status === 'removing') return { action: 'remove', documents: [refOf(first)] }
    const small = firstSmall(pending)
    return small.length === 0 ? { action: 'load', documents: [refOf(first)] } : { action: 'load-small', documents: small.map(refOf) }
  }
}

function firstSmall(pending: readonly StoredDocument[]): readonly StoredDocument[] {
  let bytes = 0
  const end = pending.findIndex((document) => document.status !== 'waiting' || (bytes += textBytesOf(document)) > most.bytes)
  return end < 0 ? pending : pending.slice(0, end)
}

const textBytesOf = ({ name, bytes }: StoredDocument): number => (packed.names.test(name) ? packed.times * bytes : bytes)

const refOf = ({ agentId, name, hash, set }: StoredDocument): DocumentRef => ({ agentId, name, hash, set })

import { parseDocument, type ParsedDocument } from '../../documents/parse.ts'
import type { DocumentActivities, DocumentRef } from '../../protocol/documents.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { contentHash } from '../../stores/content-hash.ts'
import type { DocumentStore } from '../../stores/documents.ts'
import type { ActivityDependencies } from '../dependencies.ts'
import { recordFailure } from './failed-document.ts'

/** Chunks of one write. */
const batch = 200

/** A file that can't be read stays so at every attempt. So its document fails, by name, and the others go on. */
export function createReadDocument({ stores, faultPoint }: ActivityDependencies): DocumentActivities['readDocument'] {
  const { documents } = stores.memory
  return async (ref) => {
    const { agentId, name, hash } = ref
    const bytes = await documents.content(agentId, hash)
    // A content that is gone, or on its way out, was read under another name.
    if (bytes === undefined || contentHash(name, bytes) !== hash) {
      const chunks = await documents.countChunks(agentId, hash)
      return chunks > 0 ? { chunks } : failed(documents, ref, new PerdureError('document-broken', `${name} was removed while it came in; load it again`))
    }
    let parsed: ParsedDocument
    try {
      parsed = await parseDocument({ name, bytes })
    } catch (error) {
      if (!PerdureError.isInstance(error)) throw error
      return failed(documents, ref, error)
    }
    const { chunks, format, pages } = parsed
    for (let first = 0; first < chunks.length; first += batch) await documents.putChunks(agentId, hash, first, chunks.slice(first, first + batch))
    await update(documents, ref, { format, chunks: chunks.length, ...(pages !== undefined && { pages }) })
    // Nothing may stay of an agent that is being deleted.
    if (!(await documents.isUsed(agentId, hash))) await documents.dropChunks(agentId, hash)
    faultPoint('document-read')
    return { chunks: chunks.length }
  }
}

async function failed(documents: DocumentStore, ref: DocumentRef, { code, message }: PerdureError): Promise<{ readonly failed: string }> {
  await recordFailure(documents, ref, { code, detail: message })
  return { failed: code }
}

/** Changes the record as long as it is this set's: one that was given over again meanwhile belongs to another load. */
async function update(documents: DocumentStore, { agentId, name, set }: DocumentRef, change: object): Promise<void> {
  const document = await documents.get(agentId, name)
  if (document?.set === set && document.status === 'waiting') await documents.put({ ...document, ...change, at: new Date().toISOString() }, document)
}

import { ApplicationFailure } from '@temporalio/activity'
import { parseDocument, type ParsedDocument } from '../../documents/parse.ts'
import type { DocumentActivities, DocumentRef } from '../../protocol/documents.ts'
import { PerdureError } from '../../protocol/errors.ts'
import type { DocumentStore } from '../../stores/documents.ts'
import type { ActivityDependencies } from '../dependencies.ts'
import { heartbeating } from '../heartbeating.ts'

/** Chunks of one write. */
const batch = 200

/** What is wrong with a file stays wrong however often it is read: then the document has failed, by name, and the rest of its set goes on. */
export function createReadDocument({ stores, faultPoint }: ActivityDependencies): DocumentActivities['readDocument'] {
  const { documents } = stores.memory
  return (ref) =>
    heartbeating(async () => {
      const bytes = await documents.content(ref.agentId, ref.hash)
      if (bytes === undefined) return readBefore(documents, ref)
      let parsed: ParsedDocument
      try {
        parsed = await parseDocument({ name: ref.name, bytes })
      } catch (error) {
        if (!PerdureError.isInstance(error)) throw error
        await recordFailure(documents, ref, error)
        return { failed: error.code }
      }
      const { chunks, format, pages } = parsed
      for (let first = 0; first < chunks.length; first += batch) await documents.putChunks(ref.agentId, ref.hash, first, chunks.slice(first, first + batch))
      await update(documents, ref, { format, chunks: chunks.length, ...(pages !== undefined && { pages }) })
      faultPoint('document-read')
      return { chunks: chunks.length }
    })
}

/** A content that is gone was read under another name. */
async function readBefore(documents: DocumentStore, { agentId, hash, name }: DocumentRef): Promise<{ readonly chunks: number }> {
  const chunks = await documents.countChunks(agentId, hash)
  if (chunks > 0) return { chunks }
  throw ApplicationFailure.nonRetryable(`the content of ${name} is not in the store; load the document again`, 'activity-failed')
}

async function recordFailure(documents: DocumentStore, ref: DocumentRef, { code, message }: PerdureError): Promise<void> {
  await update(documents, ref, { status: 'failed', code, detail: message })
  await documents.dropContent(ref.agentId, ref.hash)
}

/** Changes the record as long as it is about this content: one that was replaced meanwhile belongs to another load. */
async function update(documents: DocumentStore, { agentId, name, hash }: DocumentRef, change: object): Promise<void> {
  const document = await documents.get(agentId, name)
  if (document?.hash === hash) await documents.put({ ...document, ...change, at: new Date().toISOString() })
}

import { setImmediate as afterOthers } from 'node:timers/promises'
import type { DocumentReader } from '../../documents/reader/create-reader.ts'
import type { Found } from '../../documents/found.ts'
import type { DocumentRef } from '../../protocol/documents.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { contentHasher } from '../../stores/content-hash.ts'
import type { DocumentStore } from '../../stores/documents.ts'
import type { ActivityDependencies } from '../dependencies.ts'
import { dropFrom } from './drop-content.ts'
import { recordFailure } from './failed-document.ts'

export type ReadDocument = (ref: DocumentRef, signal: AbortSignal) => Promise<{ readonly chunks: number } | { readonly failed: string }>

/** A file that can't be read stays so at every attempt. So its document fails, by name, and the others go on. */
export function createReadDocument({ stores, faultPoint }: ActivityDependencies, reader: DocumentReader): ReadDocument {
  const { documents } = stores.memory
  return async (ref, signal) => {
    const { agentId, name, hash } = ref
    let count = 0
    let found: Found
    try {
      found = await reader.read({
        name, signal,
        parts: contentOf(documents, ref),
        onChunks: async (chunks) => {
          await documents.putChunks(agentId, hash, count, chunks)
          count += chunks.length
        },
      })
    } catch (error) {
      if (error instanceof ContentGone) {
        // It was read under another name.
        const chunks = await documents.countChunks(agentId, hash)
        return chunks > 0 ? { chunks } : failed(documents, ref, new PerdureError('document-broken', `${name} was removed while it came in; load it again`))
      }
      if (!PerdureError.isInstance(error) || !error.code.startsWith('document-')) throw error
      return failed(documents, ref, error)
    }
    // What an earlier attempt, of a version that parts it into more, has left. Nothing goes before the reading: the chunks may be all that is
    // left of a content that was read under another name, or what another worker has read while this one stood still.
    await dropFrom(stores, ref, count)
    await update(documents, ref, { ...found, chunks: count })
    // Nothing may stay of an agent that is being deleted.
    if (!(await documents.isUsed(agentId, hash))) await documents.dropChunks(agentId, hash, 0)
    faultPoint('document-read')
    return { chunks: count }
  }
}

/** The content is gone, or on its way out. */
class ContentGone extends Error {}

async function* contentOf(documents: DocumentStore, { agentId, name, hash }: DocumentRef): AsyncGenerator<Uint8Array> {
  const hasher = contentHasher(name)
  for (let place = 0; ; place += 1) {
    const part = await documents.contentPart(agentId, hash, place)
    if (part === undefined) break
    hasher.update(part)
    yield part
    await afterOthers()
  }
  if (hasher.digest() !== hash) throw new ContentGone()
}

async function failed(documents: DocumentStore, ref: DocumentRef, { code, message }: PerdureError): Promise<{ readonly failed: string }> {
  const { agentId, hash } = ref
  await recordFailure(documents, ref, { code, detail: message })
  // Those that were stored before it failed.
  if (!(await documents.isUsed(agentId, hash))) await documents.dropChunks(agentId, hash, 0)
  return { failed: code }
}

/** Changes the record as long as it is this set's: one that was given over again meanwhile belongs to another load. */
async function update(documents: DocumentStore, { agentId, name, set }: DocumentRef, change: object): Promise<void> {
  const document = await documents.get(agentId, name)
  if (document?.set === set && document.status === 'waiting') await documents.put({ ...document, ...change, at: new Date().toISOString() }, document)
}

import { chunkOp, type Chunk, type DocumentRef } from '../../protocol/documents.ts'
import type { ActivityDependencies } from '../dependencies.ts'

/** Texts of one request to the embedder. */
const atOnce = 64

/** The place comes first in a passage's text: it is found by it, and who reads the passage can name it. */
export function passageText({ text, page, lines, heading }: Chunk): string {
  const where = page !== undefined ? `page ${page}` : lines === undefined ? undefined : lines[0] === lines[1] ? `line ${lines[0]}` : `lines ${lines[0]}-${lines[1]}`
  const place = [where, heading].filter((part) => part !== undefined).join(' · ')
  return place === '' ? text : `(${place})\n${text}`
}

export type IndexDocument = (range: DocumentRef & { readonly from: number; readonly to: number }, signal: AbortSignal) => Promise<void>

/** Sends one request to the embedder after the other, so that passages which the endpoint or the store can't take yet do not pile up in memory. */
export function createIndexDocument({ stores, embedder, faultPoint }: ActivityDependencies): IndexDocument {
  const { memory, archival } = stores
  return async (range, signal) => {
    const { agentId, name, hash, from, to } = range
    const at = (await memory.documents.get(agentId, name))?.at ?? new Date().toISOString()
    for (let first = from; first < to; first += atOnce) {
      signal.throwIfAborted()
      const last = Math.min(to, first + atOnce)
      const chunks = await memory.documents.chunks(agentId, hash, first, last)
      if (chunks.length < last - first) {
        if (!(await memory.documents.isUsed(agentId, hash))) break
        // Tried again, and failed by name in the end: a document is not loaded with passages missing.
        throw new Error(`of the chunks ${first} to ${last - 1} of ${name} only ${chunks.length} are there; load it again`)
      }
      const texts = chunks.map(passageText)
      const vectors = await embedder.embed(texts, signal)
      const passages = texts.map((text, index) => ({
        passage: { agentId, op: chunkOp(range, first + index), text, tags: ['document'], source: name, at },
        vector: vectors[index] ?? [],
      }))
      await archival.insert(passages, embedder)
    }
    // Its agent may have been deleted meanwhile: then nothing of it is to stay. Looked at afterwards, so that no deletion slips by.
    if (!(await memory.documents.isUsed(agentId, hash))) {
      await archival.remove(agentId, Array.from({ length: to - from }, (_, index) => chunkOp(range, from + index)))
    }
    faultPoint('document-indexed')
  }
}

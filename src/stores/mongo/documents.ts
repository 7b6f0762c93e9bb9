import { Binary, type Collection } from 'mongodb'
import type { Chunk, StoredDocument } from '../../protocol/documents.ts'
import type { DocumentStore } from '../documents.ts'
import { idOf, insertIfAbsent, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody, versioned } from './versioned.ts'

export type DocumentDocument = StoredDocument & Identified

interface OfContent extends Identified {
  readonly agentId: string
  readonly hash: string
  readonly place: number
}

export type DocumentPartDocument = OfContent & { readonly content: Binary }

/** `page` and `line` (the last one) stand beside the chunk, to be found by. */
export type DocumentChunkDocument = OfContent & { readonly chunk: Chunk; readonly page?: number; readonly line?: number }

export interface DocumentCollections {
  readonly documents: Collection<DocumentDocument>
  readonly documentParts: Collection<DocumentPartDocument>
  readonly documentChunks: Collection<DocumentChunkDocument>
}

const unfinished = { status: { $in: ['waiting', 'removing'] } } as const
const byPlace = { projection: withoutId.projection, sort: { place: 1 } } as const

export function mongoDocuments({ documents, documentParts, documentChunks }: DocumentCollections): DocumentStore {
  const place = (agentId: string, hash: string, number: number): OfContent => ({ _id: idOf(agentId, `${hash} ${number}`), agentId, hash, place: number })
  const byName = { projection: withoutId.projection, sort: { name: 1 } } as const
  return {
    put: async (document, before) => {
      const _id = idOf(document.agentId, document.name)
      if (before === undefined) return (await insertIfAbsent(documents, { _id, ...document })) === 'inserted'
      const { matchedCount } = await documents.replaceOne({ _id, set: before.set, status: before.status }, versioned(document))
      return matchedCount > 0
    },
    get: async (agentId, name) => (await findBody<StoredDocument, DocumentDocument>(documents, { _id: idOf(agentId, name) }, withoutId)) ?? undefined,
    remove: async ({ agentId, name, set, status }) => {
      await documents.deleteOne({ _id: idOf(agentId, name), set, status })
    },
    list: async (agentId, { offset, limit }) => ({
      total: await documents.countDocuments({ agentId }),
      documents: await findBodies<StoredDocument, DocumentDocument>(documents, { agentId }, { ...byName, skip: offset, limit }),
    }),
    count: (agentId) => documents.countDocuments({ agentId, status: 'loaded' }),
    pending: (agentId, limit) => findBodies<StoredDocument, DocumentDocument>(documents, { agentId, ...unfinished }, { ...byName, limit }),
    countPending: (agentId, set) => documents.countDocuments({ agentId, set, ...unfinished }),
    agentsWithUnfinished: async ({ taskQueue, before, limit }) => {
      const found = await documents
        .aggregate<{ readonly _id: string }>([
          { $match: { taskQueue, ...unfinished, at: { $lt: before } } },
          { $group: { _id: '$agentId', since: { $min: '$at' } } },
          { $sort: { since: 1 } },
          { $limit: limit },
        ])
        .toArray()
      return found.map(({ _id }) => _id)
    },
    ofSet: (agentId, set) => findBodies<StoredDocument, DocumentDocument>(documents, { agentId, set }, byName),
    isUsed: async (agentId, hash, besides = '') =>
      (await documents.findOne({ agentId, name: { $ne: besides }, status: { $ne: 'failed' }, $or: [{ hash }, { earlier: hash }] }, { projection: { _id: 1 } })) !== null,

    putContent: async (agentId, hash, part, bytes) => {
      await insertIfAbsent(documentParts, { ...place(agentId, hash, part), content: new Binary(bytes) })
    },
    contentPart: async (agentId, hash, part) => {
      const { _id } = place(agentId, hash, part)
      const found = await findBody<Pick<DocumentPartDocument, 'content'>, DocumentPartDocument>(documentParts, { _id }, withoutId)
      return found?.content.value()
    },
    dropContent: async (agentId, hash) => {
      await documentParts.deleteMany({ agentId, hash })
    },

    putChunks: async (agentId, hash, first, chunks) => {
      // One request for all. Chunks that an interrupted attempt has stored are written again.
      const writes = chunks.map((chunk, index) => {
        const { _id, ...rest } = place(agentId, hash, first + index)
        const found = { ...(chunk.page !== undefined && { page: chunk.page }), ...(chunk.lines && { line: chunk.lines[1] }) }
        return { replaceOne: { filter: { _id }, replacement: versioned({ ...rest, chunk, ...found }), upsert: true } }
      })
      if (writes.length > 0) await documentChunks.bulkWrite(writes, { ordered: false })
    },
    chunks: async (agentId, hash, from, to) => {
      const found = await findBodies<Pick<DocumentChunkDocument, 'chunk'>, DocumentChunkDocument>(documentChunks, { agentId, hash, place: { $gte: from, $lt: to } }, byPlace)
      return found.map(({ chunk }) => chunk)
    },
    countChunks: (agentId, hash) => documentChunks.countDocuments({ agentId, hash }),
    placeOf: async (agentId, hash, where) => {
      const filter = 'page' in where ? { page: { $gte: where.page } } : { line: { $gte: where.line } }
      const found = await documentChunks.findOne({ agentId, hash, ...filter }, { projection: { place: 1 }, sort: { place: 1 } })
      return found?.place
    },
    dropChunks: async (agentId, hash, from) => {
      await documentChunks.deleteMany({ agentId, hash, place: { $gte: from } })
    },
  }
}

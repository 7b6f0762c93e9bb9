import type { Collection } from 'mongodb'
import { beforeStep, liveMarkOf, liveSeconds, type LiveBatch, type LiveStore } from '../live.ts'
import { idOf, isDuplicate, type Identified } from './insert-if-absent.ts'

/** `until`: MongoDB deletes the document then. */
export type LiveDocument = LiveBatch & Identified & { readonly place: string; readonly until: Date }

const plain = { projection: { _id: 0, place: 0, until: 0 } } as const

/** Nobody waits for a majority, or the journal: what is lost here was only to be seen. */
export const liveWriteConcern = { w: 1, journal: false } as const

export function mongoLive(collection: Collection<LiveDocument>): LiveStore {
  return {
    append: async (batch) => {
      const place = liveMarkOf(batch)
      try {
        await collection.insertOne({ ...batch, _id: idOf(batch.agentId, place), place, until: new Date(Date.now() + liveSeconds * 1_000) })
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
    },
    afterEach: async (marks, limit) => {
      const above = [...marks].map(([agentId, place]) => ({ agentId, place: { $gt: place } }))
      const [only] = above
      if (only === undefined) return []
      return collection.find<LiveBatch>(above.length === 1 ? only : { $or: above }, { ...plain, sort: { agentId: 1, place: 1 }, limit }).toArray()
    },
    latestAttempt: async (agentId, seq) => {
      const place = { $gte: beforeStep(seq), $lt: beforeStep(seq + 1) }
      const latest = await collection.findOne<{ attempt: number }>({ agentId, place }, { projection: { attempt: 1 }, sort: { place: -1 } })
      return latest?.attempt ?? 0
    },
    changeMark: async () => undefined,
    forget: async (agentId) => {
      await collection.deleteMany({ agentId })
    },
    forgetTurns: async (agentId, turn) => {
      await collection.deleteMany({ agentId, turn: { $lte: turn } })
    },
    close: async () => undefined,
  }
}

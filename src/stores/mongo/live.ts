import type { Collection } from 'mongodb'
import { liveMarkOf, type LiveBatch, type LiveStore } from '../live.ts'
import { idOf, isDuplicate, type Identified } from './insert-if-absent.ts'

/** `at`: MongoDB deletes the document ten minutes later. */
export type LiveDocument = LiveBatch & Identified & { readonly place: string; readonly at: Date }

const plain = { projection: { _id: 0, place: 0, at: 0 } } as const

/** Nobody waits for a majority, or the journal: what is lost here was only to be seen. */
export const liveWriteConcern = { w: 1, journal: false } as const

export function mongoLive(collection: Collection<LiveDocument>): LiveStore {
  return {
    append: async (batch) => {
      const place = liveMarkOf(batch)
      try {
        await collection.insertOne({ ...batch, _id: idOf(batch.agentId, place), place, at: new Date() })
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
      const place = { $gte: liveMarkOf({ seq, attempt: 0, batch: 0 }), $lt: liveMarkOf({ seq: seq + 1, attempt: 0, batch: 0 }) }
      const latest = await collection.findOne<{ attempt: number }>({ agentId, place }, { projection: { attempt: 1 }, sort: { place: -1 } })
      return latest?.attempt ?? 0
    },
    changeMark: async () => undefined,
    forget: async (agentId) => {
      await collection.deleteMany({ agentId })
    },
    close: async () => undefined,
  }
}

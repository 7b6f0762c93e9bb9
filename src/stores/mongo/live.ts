import type { Collection } from 'mongodb'
import { beforeStep, liveMarkOf, liveSeconds, type KeptAside, type LiveBatch, type LiveStore } from '../live.ts'
import { idOf, isDuplicate, type Identified } from './insert-if-absent.ts'

/** An aside has no place, so whoever asks for live text does not find it. `until`: MongoDB deletes the document then. */
export type LiveDocument = Identified & { readonly agentId: string; readonly until: Date } & ((LiveBatch & { readonly place: string }) | { readonly aside: KeptAside })

const plain = { projection: { _id: 0, place: 0, until: 0 } } as const

/** Nobody waits for a majority, or the journal: what is lost here was only to be seen. */
export const liveWriteConcern = { w: 1, journal: false } as const

const goneAt = (): Date => new Date(Date.now() + liveSeconds * 1_000)
const asideId = ({ agentId, id }: Pick<KeptAside, 'agentId' | 'id'>): string => idOf(agentId, `aside/${id}`)

export function mongoLive(collection: Collection<LiveDocument>): LiveStore {
  return {
    append: async (batch) => {
      const place = liveMarkOf(batch)
      try {
        await collection.insertOne({ ...batch, _id: idOf(batch.agentId, place), place, until: goneAt() })
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
    putAside: async (aside) => {
      const { agentId } = aside
      await collection.updateOne({ _id: asideId(aside) }, { $set: { agentId, aside, until: goneAt() } }, { upsert: true })
    },
    answerAside: async (aside) => {
      await collection.updateOne({ _id: asideId(aside) }, { $set: { aside, until: goneAt() } })
    },
    aside: async (agentId, id) => (await collection.findOne<{ readonly aside: KeptAside }>({ _id: asideId({ agentId, id }) }, { projection: { aside: 1 } }))?.aside,
    forgetAside: async (agentId, id) => {
      await collection.deleteOne({ _id: asideId({ agentId, id }) })
    },
    forget: async (agentId) => {
      await collection.deleteMany({ agentId })
    },
    forgetTurns: async (agentId, turn) => {
      await collection.deleteMany({ agentId, turn: { $lte: turn } })
    },
    close: async () => undefined,
  }
}

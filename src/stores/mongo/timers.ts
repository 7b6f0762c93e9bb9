import type { Collection } from 'mongodb'
import type { StoredTimers, TimerStore } from '../timers.ts'
import type { Identified } from './insert-if-absent.ts'
import { findBody, versioned } from './versioned.ts'

/** `nextDue`: absent where no timer waits. */
export type TimersDocument = StoredTimers & Identified & { readonly nextDue?: number }

const plain = { projection: { _id: 0, nextDue: 0 } } as const

export function mongoTimers(collection: Collection<TimersDocument>): TimerStore {
  return {
    put: async (stored) => {
      const { agentId, timers } = stored
      const due = timers.length === 0 ? {} : { nextDue: Math.min(...timers.map(({ dueAt }) => dueAt)) }
      await collection.replaceOne({ _id: agentId }, versioned({ ...stored, ...due }), { upsert: true })
    },
    get: async (agentId) => (await findBody<StoredTimers, TimersDocument>(collection, { _id: agentId }, plain)) ?? undefined,
    agentsWithDue: async ({ taskQueue, before, limit }) => {
      const found = await collection.find({ taskQueue, nextDue: { $lt: before } }, { projection: { agentId: 1 }, sort: { nextDue: 1 }, limit }).toArray()
      return found.map(({ agentId }) => agentId)
    },
  }
}

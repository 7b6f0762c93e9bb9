import type { Collection } from 'mongodb'
import type { Checkpoint, CheckpointStore } from '../stores.ts'
import { idOf, withoutId, type Identified } from './insert-if-absent.ts'

export type CheckpointDocument = Checkpoint & Identified

export function mongoCheckpoints(collection: Collection<CheckpointDocument>): CheckpointStore {
  return {
    put: async (checkpoint) => {
      await collection.replaceOne({ _id: idOf(checkpoint.agentId, checkpoint.name) }, checkpoint, { upsert: true })
    },
    get: async (agentId, name) => (await collection.findOne<Checkpoint>({ _id: idOf(agentId, name) }, withoutId)) ?? undefined,
    list: (agentId) =>
      collection.find<{ name: string; at: string }>({ agentId }, { projection: { _id: 0, name: 1, at: 1 } }).sort({ _id: 1 }).toArray(),
  }
}

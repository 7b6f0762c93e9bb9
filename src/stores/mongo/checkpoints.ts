import type { Collection } from 'mongodb'
import type { Checkpoint, CheckpointStore } from '../checkpoints.ts'
import { idOf, withoutId, type Identified } from './insert-if-absent.ts'
import { findBody, versioned } from './versioned.ts'

export type CheckpointDocument = Checkpoint & Identified

export function mongoCheckpoints(collection: Collection<CheckpointDocument>): CheckpointStore {
  return {
    put: async (checkpoint) => {
      await collection.replaceOne({ _id: idOf(checkpoint.agentId, checkpoint.name) }, versioned(checkpoint), { upsert: true })
    },
    get: async (agentId, name) => (await findBody<Checkpoint, CheckpointDocument>(collection, { _id: idOf(agentId, name) }, withoutId)) ?? undefined,
    list: (agentId) =>
      collection.find<{ name: string; at: string }>({ agentId }, { projection: { _id: 0, name: 1, at: 1 } }).sort({ _id: 1 }).toArray(),
  }
}

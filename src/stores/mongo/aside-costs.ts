import type { Collection } from 'mongodb'
import type { AsideCost, AsideCostStore } from '../asides.ts'
import { idOf, insertIfAbsent, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies } from './versioned.ts'

export type AsideCostDocument = AsideCost & Identified

export function mongoAsideCosts(collection: Collection<AsideCostDocument>): AsideCostStore {
  return {
    insert: async (cost) => {
      await insertIfAbsent(collection, { ...cost, _id: idOf(cost.agentId, cost.id) })
    },
    list: (agentId) => findBodies<AsideCost, AsideCostDocument>(collection, { agentId }, withoutId),
  }
}

import type { Collection } from 'mongodb'
import type { Claim, ClaimStore } from '../stores.ts'
import { idOf, insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBody } from './versioned.ts'

export type ClaimDocument = Claim & Identified

export function mongoClaims(collection: Collection<ClaimDocument>): ClaimStore {
  const find = (agentId: string, op: string): Promise<Claim | null> => findBody<Claim, ClaimDocument>(collection, { _id: idOf(agentId, op) }, withoutId)
  const claim = async (given: Claim): Promise<Claim> => {
    if ((await insertIfAbsent(collection, { ...given, _id: idOf(given.agentId, given.op) })) === 'inserted') return given
    return present(await find(given.agentId, given.op), `claim ${given.op}`)
  }
  return {
    claim,
    get: async (agentId, op) => (await find(agentId, op)) ?? undefined,
    settle: async (settled) => {
      const { agentId, op, outcome } = settled
      const stored = await claim(settled)
      if (stored.outcome !== undefined) return stored
      // Claimed and open: the first to set the outcome sets it, and everybody reads what was set.
      await collection.updateOne({ _id: idOf(agentId, op), outcome: { $exists: false } }, { $set: { outcome } })
      return present(await find(agentId, op), `claim ${op}`)
    },
  }
}

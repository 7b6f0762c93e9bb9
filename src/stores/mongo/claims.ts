import type { Collection } from 'mongodb'
import type { Claim, ClaimStore } from '../claims.ts'
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
    setOutcome: async (given) => {
      const { agentId, op, outcome } = given
      const stored = await claim(given)
      if (stored.outcome !== undefined) return stored
      // Claimed, without an outcome yet: the first outcome stays, and everybody reads that one.
      await collection.updateOne({ _id: idOf(agentId, op), outcome: { $exists: false } }, { $set: { outcome } })
      return present(await find(agentId, op), `claim ${op}`)
    },
  }
}

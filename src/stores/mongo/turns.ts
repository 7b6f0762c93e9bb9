import type { Collection } from 'mongodb'
import type { TurnOutcome } from '../../protocol/turn.ts'
import type { TurnStore } from '../stores.ts'
import { turnOfEvent } from '../turn-of-event.ts'
import { idOf, isDuplicate, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody, versioned } from './versioned.ts'

export type TurnDocument = TurnOutcome & Identified & { readonly agentId: string }

const plain = { projection: { _id: 0, agentId: 0 } } as const

export function mongoTurns(collection: Collection<TurnDocument>): TurnStore {
  return {
    put: async (agentId, outcome) => {
      const _id = idOf(agentId, outcome.turn)
      // A turn's end stays: where one is, nothing matches, and the insert finds the id taken.
      await collection.replaceOne({ _id, end: 'parked' }, versioned({ ...outcome, agentId }), { upsert: true }).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error
      })
    },
    get: async (agentId, turn) => (await findBody<TurnOutcome, TurnDocument>(collection, { _id: idOf(agentId, turn) }, plain)) ?? undefined,
    byEvent: async (agentId, eventId) =>
      turnOfEvent(await findBodies<TurnOutcome, TurnDocument>(collection, { agentId, eventId }, { ...plain, sort: { turn: -1 } })),
  }
}

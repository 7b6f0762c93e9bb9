import type { Collection } from 'mongodb'
import { hasEnded, type TurnOutcome } from '../../protocol/turn.ts'
import type { Counters } from '../../protocol/state.ts'
import type { TurnStore } from '../turns.ts'
import { turnOfEvent, turnsOfEvents } from '../turn-of-event.ts'
import type { EventDocument } from './events.ts'
import { idOf, isDuplicate, type Identified } from './insert-if-absent.ts'
import type { MessageDocument } from './message-document.ts'
import { insertMessage } from './messages.ts'
import { findBodies, findBody, versioned } from './versioned.ts'

export type TurnDocument = TurnOutcome & Identified & { readonly agentId: string; readonly counters?: Counters }

interface TurnCollections {
  readonly turns: Collection<TurnDocument>
  readonly events: Collection<EventDocument>
  readonly messages: Collection<MessageDocument>
}

/** With the agent, where several are asked for. */
const ofAgents = { projection: { _id: 0, counters: 0 } } as const
const plain = { projection: { _id: 0, agentId: 0, counters: 0 } } as const

export function mongoTurns({ turns: collection, events, messages }: TurnCollections): TurnStore {
  /** Side by side with the record: a crash in between leaves an event pending whose turn has ended. Whoever settles or ends that turn again puts its end again. */
  const endEvent = (agentId: string, eventId: string): Promise<unknown> =>
    events.updateOne({ _id: idOf(agentId, eventId) }, { $set: { ended: true }, $unset: { pendingSince: '', taskQueue: '' } })
  const find = async (agentId: string, turn: number): Promise<TurnOutcome | undefined> =>
    (await findBody<TurnOutcome, TurnDocument>(collection, { _id: idOf(agentId, turn) }, plain)) ?? undefined
  const put = async (agentId: string, outcome: TurnOutcome, counters: Counters | undefined): Promise<void> => {
    const _id = idOf(agentId, outcome.turn)
    // A turn's end stays: where one is, nothing matches, and the insert finds the id taken.
    const record = collection.replaceOne({ _id, end: 'parked' }, versioned({ ...outcome, agentId, ...(counters && { counters }) }), { upsert: true }).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error
    })
    await Promise.all([record, ...(hasEnded(outcome) ? [endEvent(agentId, outcome.eventId)] : [])])
  }
  return {
    put,
    endWith: async (result, outcome, counters) => {
      if (hasEnded(await find(result.agentId, outcome.turn)) || !(await insertMessage(messages, result))) return false
      await put(result.agentId, outcome, counters)
      return true
    },
    latestEnded: async (agentId) => {
      const found = await findBody<TurnOutcome & { counters?: Counters }, TurnDocument>(collection, { agentId, end: { $ne: 'parked' } }, { projection: { _id: 0, agentId: 0 }, sort: { turn: -1 } })
      if (found === null) return undefined
      const { counters, ...outcome } = found
      return { outcome, ...(counters && { counters }) }
    },
    get: find,
    each: async (turns) => {
      const found = await findBodies<TurnOutcome & { agentId: string }, TurnDocument>(collection, { _id: { $in: turns.map(({ agentId, turn }) => idOf(agentId, turn)) } }, ofAgents)
      return found.map(({ agentId, ...outcome }) => ({ agentId, turn: outcome.turn, outcome }))
    },
    ofEvents: async (events) => {
      const found = await findBodies<TurnOutcome & { agentId: string }, TurnDocument>(collection, { $or: events.map(({ agentId, eventId }) => ({ agentId, eventId })) }, { ...ofAgents, sort: { turn: -1 } })
      return turnsOfEvents(found.map(({ agentId, ...outcome }) => ({ agentId, outcome })))
    },
    byEvent: async (agentId, eventId) =>
      turnOfEvent(await findBodies<TurnOutcome, TurnDocument>(collection, { agentId, eventId }, { ...plain, sort: { turn: -1 } })),
  }
}

import type { Collection } from 'mongodb'
import type { EventBody } from '../../protocol/events.ts'
import type { EventStore } from '../stores.ts'
import { idOf, insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBody } from './versioned.ts'

export type EventDocument = EventBody & Identified

export function mongoEvents(collection: Collection<EventDocument>): EventStore {
  const find = (agentId: string, eventId: string): Promise<EventBody | null> =>
    findBody<EventBody, EventDocument>(collection, { _id: idOf(agentId, eventId) }, withoutId)
  return {
    put: async (body) => {
      if ((await insertIfAbsent(collection, { ...body, _id: idOf(body.agentId, body.eventId) })) === 'inserted') return body
      return present(await find(body.agentId, body.eventId), `event ${body.eventId}`)
    },
    get: async (agentId, eventId) => (await find(agentId, eventId)) ?? undefined,
  }
}

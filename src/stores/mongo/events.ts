import type { Collection } from 'mongodb'
import type { EventBody } from '../../protocol/events.ts'
import { isSameEvent } from '../same-event.ts'
import type { EventStore } from '../events.ts'
import { idOf, insertIfAbsent, present, type Identified } from './insert-if-absent.ts'
import { findBody } from './versioned.ts'

/** `pendingSince`: only while it has yet to have its turn. `ended`: its turn has. */
export type EventDocument = EventBody & Identified & { readonly bytes?: number; readonly taskQueue?: string; readonly pendingSince?: Date; readonly ended?: true }

const plain = { projection: { _id: 0, bytes: 0, taskQueue: 0, pendingSince: 0, ended: 0 } } as const

/** Its turn has not ended, and nobody is to take it up. */
const notPending = { ended: { $exists: false }, pendingSince: { $exists: false } } as const

export function mongoEvents(collection: Collection<EventDocument>): EventStore {
  const find = (agentId: string, eventId: string): Promise<EventBody | null> => findBody<EventBody, EventDocument>(collection, { _id: idOf(agentId, eventId) }, plain)
  const stored = async ({ agentId, eventId }: EventBody): Promise<EventBody> => present(await find(agentId, eventId), `event ${eventId}`)
  return {
    put: async (body) => {
      if ((await insertIfAbsent(collection, { ...body, _id: idOf(body.agentId, body.eventId) })) === 'inserted') return body
      return stored(body)
    },
    deposit: async (body, taskQueue) => {
      const _id = idOf(body.agentId, body.eventId)
      const pending = { bytes: Buffer.byteLength(body.text), taskQueue, pendingSince: new Date() }
      if ((await insertIfAbsent(collection, { ...body, ...pending, _id })) === 'inserted') return { body, fresh: true }
      const earlier = await stored(body)
      if (!isSameEvent(earlier, body)) return { body: earlier, fresh: false }
      const { modifiedCount } = await collection.updateOne({ _id, ...notPending }, { $set: pending })
      return { body: earlier, fresh: modifiedCount === 1 }
    },
    withdraw: async (agentId, eventId) => {
      await collection.updateOne({ _id: idOf(agentId, eventId) }, { $unset: { pendingSince: '', taskQueue: '' } })
    },
    pendAgain: async (agentId, eventId, taskQueue) => {
      await collection.updateOne({ _id: idOf(agentId, eventId), ...notPending }, { $set: { taskQueue, pendingSince: new Date() } })
    },
    get: async (agentId, eventId) => (await find(agentId, eventId)) ?? undefined,
    pending: async (agentId, limit) => {
      const options = { projection: { _id: 0, eventId: 1, kind: 1, bytes: 1, pendingSince: 1, 'clientTools.name': 1 }, sort: { pendingSince: 1, eventId: 1 }, limit } as const
      const found = await collection.find({ agentId, pendingSince: { $gt: new Date(0) } }, options).toArray()
      return found.map(({ eventId, kind, bytes = 0, pendingSince = new Date(0), clientTools }) => ({ eventId, kind, bytes, since: pendingSince.toISOString(), ...(clientTools && { tools: true }) }))
    },
    latestPending: async (agentId, except) => {
      const options = { projection: { _id: 0, eventId: 1 }, sort: { pendingSince: -1, eventId: -1 } } as const
      return (await collection.findOne({ agentId, pendingSince: { $gt: new Date(0) }, eventId: { $ne: except } }, options))?.eventId
    },
    agentsWithPending: async ({ taskQueue, before, after, limit }) => {
      const found = await collection
        .aggregate<{ readonly _id: string }>([
          { $match: { taskQueue, $or: [{ pendingSince: { $lt: new Date(before) } }, ...(after === undefined ? [] : [{ pendingSince: { $gt: new Date(after) } }])] } },
          { $group: { _id: '$agentId', since: { $min: '$pendingSince' } } },
          { $sort: { since: 1 } },
          { $limit: limit },
        ])
        .toArray()
      return found.map(({ _id }) => _id)
    },
  }
}

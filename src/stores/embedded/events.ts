import type { EventBody } from '../../protocol/events.ts'
import type { EventStore } from '../stores.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedEvents(database: EmbeddedDatabase): EventStore {
  const find = (agentId: string, eventId: string): EventBody | undefined => {
    const row = database.row('SELECT body FROM event WHERE agent = ? AND id = ?', agentId, eventId)
    return row && (bodyOf(row) as EventBody)
  }
  return {
    put: async (event) => {
      const insert = 'INSERT INTO event (agent, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
      const inserted = database.run(insert, event.agentId, event.eventId, JSON.stringify(event))
      return inserted === 1 ? event : (find(event.agentId, event.eventId) ?? event)
    },
    get: async (agentId, eventId) => find(agentId, eventId),
  }
}

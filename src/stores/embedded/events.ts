import type { EventBody } from '../../protocol/events.ts'
import { isSameEvent } from '../same-event.ts'
import type { EventStore, PendingEvent } from '../events.ts'
import { bodyOf, numberOf, textOf } from './columns.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'

const depositSql = 'INSERT INTO event (agent, id, body, pending_since, bytes, task_queue) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
const againSql = `UPDATE event SET pending_since = ?, bytes = coalesce(?, bytes), task_queue = ?
  WHERE agent = ? AND id = ? AND ended = 0 AND pending_since IS NULL`
// The order of the rows decides between events of the same moment.
const pendingSql = `SELECT id, json_extract(body, '$.kind') AS kind, bytes, pending_since, json_type(body, '$.clientTools') AS tools FROM event
  WHERE agent = ? AND pending_since IS NOT NULL ORDER BY pending_since, rowid LIMIT ?`
const latestSql = 'SELECT id FROM event WHERE agent = ? AND pending_since IS NOT NULL AND id != ? ORDER BY pending_since DESC, rowid DESC LIMIT 1'
const agentsSql = `SELECT agent FROM event WHERE task_queue = ? AND pending_since IS NOT NULL AND (pending_since < ? OR pending_since > ?)
  GROUP BY agent ORDER BY min(pending_since) LIMIT ?`

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
    deposit: async (event, taskQueue) => {
      const { agentId, eventId, text } = event
      const pending = [Date.now(), Buffer.byteLength(text), taskQueue] as const
      if (database.run(depositSql, agentId, eventId, JSON.stringify(event), ...pending) === 1) return { body: event, fresh: true }
      const body = find(agentId, eventId) ?? event
      return { body, fresh: isSameEvent(body, event) && database.run(againSql, ...pending, agentId, eventId) === 1 }
    },
    withdraw: async (agentId, eventId) => {
      database.run('UPDATE event SET pending_since = NULL WHERE agent = ? AND id = ?', agentId, eventId)
    },
    pendAgain: async (agentId, eventId, taskQueue) => {
      database.run(againSql, Date.now(), null, taskQueue, agentId, eventId)
    },
    get: async (agentId, eventId) => find(agentId, eventId),
    pending: async (agentId, limit) => database.rows(pendingSql, agentId, limit).map(pendingEvent),
    latestPending: async (agentId, except) => {
      const row = database.row(latestSql, agentId, except)
      return row && textOf(row, 'id')
    },
    agentsWithPending: async ({ taskQueue, before, after, limit }) => database.rows(agentsSql, taskQueue, Date.parse(before), after === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(after), limit).map((row) => textOf(row, 'agent')),
  }
}

function pendingEvent(row: SqlRow): PendingEvent {
  return {
    eventId: textOf(row, 'id'),
    kind: textOf(row, 'kind') as PendingEvent['kind'],
    bytes: numberOf(row, 'bytes'),
    since: new Date(numberOf(row, 'pending_since')).toISOString(),
    ...(row['tools'] !== null && { tools: true }),
  }
}

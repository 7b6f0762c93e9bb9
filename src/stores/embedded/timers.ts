import type { StoredTimers, TimerStore } from '../timers.ts'
import { bodyOf, textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

const putSql = `INSERT INTO timers (agent, task_queue, next_due, body) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET task_queue = excluded.task_queue, next_due = excluded.next_due, body = excluded.body`
const dueSql = 'SELECT agent FROM timers WHERE task_queue = ? AND next_due IS NOT NULL AND next_due < ? ORDER BY next_due LIMIT ?'

export function embeddedTimers(database: EmbeddedDatabase): TimerStore {
  return {
    put: async (stored) => {
      const { agentId, taskQueue, timers } = stored
      const nextDue = timers.length === 0 ? null : Math.min(...timers.map(({ dueAt }) => dueAt))
      database.run(putSql, agentId, taskQueue, nextDue, JSON.stringify(stored))
    },
    get: async (agentId) => {
      const row = database.row('SELECT body FROM timers WHERE agent = ?', agentId)
      return row && (bodyOf(row) as StoredTimers)
    },
    agentsWithDue: async ({ taskQueue, before, limit }) => database.rows(dueSql, taskQueue, before, limit).map((row) => textOf(row, 'agent')),
  }
}

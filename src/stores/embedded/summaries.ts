import type { Summary, SummaryStore } from '../summaries.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { momentOf } from './moment.ts'

export function embeddedSummaries(database: EmbeddedDatabase): SummaryStore {
  const find = (sql: string, ...values: readonly string[]): Summary | undefined => {
    const row = database.row(sql, ...values)
    return row && (bodyOf(row) as Summary)
  }
  const byOp = (agentId: string, op: string) => find('SELECT body FROM summary WHERE agent = ? AND op = ?', agentId, op)

  return {
    insert: async (summary) => {
      const insert = 'INSERT INTO summary (agent, op, at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
      const inserted = database.run(insert, summary.agentId, summary.op, momentOf('at', summary.at), JSON.stringify(summary))
      return inserted === 1 ? summary : (byOp(summary.agentId, summary.op) ?? summary)
    },
    get: async (agentId, op) => byOp(agentId, op),
    list: async (agentId) => database.rows('SELECT body FROM summary WHERE agent = ? ORDER BY at, id', agentId).map((row) => bodyOf(row) as Summary),
    latest: async (agentId) => find('SELECT body FROM summary WHERE agent = ? ORDER BY at DESC, id DESC LIMIT 1', agentId),
  }
}

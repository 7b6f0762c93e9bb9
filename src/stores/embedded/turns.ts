import type { TurnOutcome } from '../../protocol/turn.ts'
import type { TurnStore } from '../stores.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedTurns(database: EmbeddedDatabase): TurnStore {
  const find = (sql: string, ...values: readonly (string | number)[]): TurnOutcome | undefined => {
    const row = database.row(sql, ...values)
    return row && (bodyOf(row) as TurnOutcome)
  }
  return {
    put: async (agentId, outcome) => {
      const put = `INSERT INTO turn (agent, turn, event, body) VALUES (?, ?, ?, ?)
        ON CONFLICT (agent, turn) DO UPDATE SET event = excluded.event, body = excluded.body WHERE json_extract(turn.body, '$.end') = 'parked'`
      database.run(put, agentId, outcome.turn, outcome.eventId, JSON.stringify(outcome))
    },
    get: async (agentId, turn) => find('SELECT body FROM turn WHERE agent = ? AND turn = ?', agentId, turn),
    byEvent: async (agentId, eventId) => find('SELECT body FROM turn WHERE agent = ? AND event = ? ORDER BY turn LIMIT 1', agentId, eventId),
  }
}

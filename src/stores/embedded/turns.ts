import type { TurnOutcome } from '../../protocol/turn.ts'
import type { TurnStore } from '../stores.ts'
import { turnOfEvent } from '../turn-of-event.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

// `+turn`: else the planner goes through all turns of the agent, for the sake of their order.
const byEventSql = 'SELECT body FROM turn WHERE agent = ? AND event = ? ORDER BY +turn DESC'

export function embeddedTurns(database: EmbeddedDatabase): TurnStore {
  return {
    put: async (agentId, outcome) => {
      const put = `INSERT INTO turn (agent, turn, event, body) VALUES (?, ?, ?, ?)
        ON CONFLICT (agent, turn) DO UPDATE SET event = excluded.event, body = excluded.body WHERE json_extract(turn.body, '$.end') = 'parked'`
      database.run(put, agentId, outcome.turn, outcome.eventId, JSON.stringify(outcome))
    },
    get: async (agentId, turn) => {
      const row = database.row('SELECT body FROM turn WHERE agent = ? AND turn = ?', agentId, turn)
      return row && (bodyOf(row) as TurnOutcome)
    },
    byEvent: async (agentId, eventId) =>
      turnOfEvent(database.rows(byEventSql, agentId, eventId).map((row) => bodyOf(row) as TurnOutcome)),
  }
}

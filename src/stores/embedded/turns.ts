import { hasEnded, type EndedTurn, type TurnOutcome } from '../../protocol/turn.ts'
import type { Counters } from '../../protocol/state.ts'
import type { TurnStore } from '../turns.ts'
import { turnOfEvent, turnsOfEvents } from '../turn-of-event.ts'
import { bodyOf, numberOf, textOf } from './columns.ts'
import { insertMessage } from './messages.ts'
import type { EmbeddedDatabase } from './sql.ts'

// `+turn`: else the planner goes through all turns of the agent, for the sake of their order.
const byEventSql = 'SELECT body FROM turn WHERE agent = ? AND event = ? ORDER BY +turn DESC'
const ofEventsSql = `SELECT turn.agent, turn.body FROM json_each(?) AS ref CROSS JOIN turn
  WHERE turn.agent = ref.value ->> 0 AND turn.event = ref.value ->> 1 ORDER BY +turn.turn DESC`
const eachSql = `SELECT turn.agent, turn.turn, turn.body FROM json_each(?) AS ref CROSS JOIN turn
  WHERE turn.agent = ref.value ->> 0 AND turn.turn = ref.value ->> 1`
const putSql = `INSERT INTO turn (agent, turn, event, body, counters) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (agent, turn) DO UPDATE SET event = excluded.event, body = excluded.body, counters = excluded.counters
    WHERE json_extract(turn.body, '$.end') = 'parked'`

export function embeddedTurns(database: EmbeddedDatabase): TurnStore {
  const find = (agentId: string, turn: number): TurnOutcome | undefined => {
    const row = database.row('SELECT body FROM turn WHERE agent = ? AND turn = ?', agentId, turn)
    return row && (bodyOf(row) as TurnOutcome)
  }
  const put = (agentId: string, outcome: TurnOutcome, counters: Counters | undefined): number =>
    database.run(putSql, agentId, outcome.turn, outcome.eventId, JSON.stringify(outcome), counters === undefined ? null : JSON.stringify(counters))
  const end = (agentId: string, outcome: EndedTurn, counters: Counters | undefined): void => {
    put(agentId, outcome, counters)
    database.run('UPDATE event SET pending_since = NULL, ended = 1 WHERE agent = ? AND id = ?', agentId, outcome.eventId)
  }
  return {
    put: async (agentId, outcome, counters) => {
      if (hasEnded(outcome)) database.transaction(() => end(agentId, outcome, counters))
      else put(agentId, outcome, counters)
    },
    endWith: async (result, outcome, counters) =>
      database.transaction(() => {
        const { agentId } = result
        if (hasEnded(find(agentId, outcome.turn)) || !insertMessage(database, result)) return false
        end(agentId, outcome, counters)
        return true
      }),
    get: async (agentId, turn) => find(agentId, turn),
    each: async (turns) =>
      database.rows(eachSql, JSON.stringify(turns.map(({ agentId, turn }) => [agentId, turn]))).map((row) => ({ agentId: textOf(row, 'agent'), turn: numberOf(row, 'turn'), outcome: bodyOf(row) as TurnOutcome })),
    byEvent: async (agentId, eventId) =>
      turnOfEvent(database.rows(byEventSql, agentId, eventId).map((row) => bodyOf(row) as TurnOutcome)),
    ofEvents: async (events) =>
      turnsOfEvents(database.rows(ofEventsSql, JSON.stringify(events.map(({ agentId, eventId }) => [agentId, eventId]))).map((row) => ({ agentId: textOf(row, 'agent'), outcome: bodyOf(row) as TurnOutcome }))),
    latestEnded: async (agentId) => {
      const row = database.row(`SELECT body, counters FROM turn WHERE agent = ? AND json_extract(body, '$.end') <> 'parked' ORDER BY turn DESC LIMIT 1`, agentId)
      if (row === undefined) return undefined
      const counters = row['counters'] === null ? {} : { counters: JSON.parse(textOf(row, 'counters')) as Counters }
      return { outcome: bodyOf(row) as TurnOutcome, ...counters }
    },
  }
}

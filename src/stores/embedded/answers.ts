import type { AnswerBody } from '../../protocol/waiting.ts'
import type { AnswerStore } from '../answers.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedAnswers(database: EmbeddedDatabase): AnswerStore {
  const find = (agentId: string, op: string, id: string): AnswerBody | undefined => {
    const row = database.row('SELECT body FROM answer WHERE agent = ? AND op = ? AND id = ?', agentId, op, id)
    return row && (bodyOf(row) as AnswerBody)
  }
  return {
    put: async (answer) => {
      const { agentId, op, id } = answer
      const inserted = database.run('INSERT INTO answer (agent, op, id, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', agentId, op, id, JSON.stringify(answer))
      return inserted === 1 ? answer : (find(agentId, op, id) ?? answer)
    },
    get: async (agentId, op, id) => find(agentId, op, id),
    to: async (agentId, ops) => {
      const sql = 'SELECT answer.body FROM json_each(?) AS asked CROSS JOIN answer WHERE answer.agent = ? AND answer.op = asked.value ORDER BY answer.rowid'
      return database.rows(sql, JSON.stringify(ops), agentId).map((row) => bodyOf(row) as AnswerBody)
    },
  }
}

import type { AgentStore, StoredAgent } from '../stores.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'

const columns = 'body, instructions, archived_at'

/** `body` is the agent as created, but for its budgets, which change there; what else may change later stands beside it. */
function agentOf(row: SqlRow): StoredAgent {
  const agent = bodyOf(row) as StoredAgent
  const { instructions, archived_at: archivedAt } = row
  return {
    ...agent,
    ...(typeof instructions === 'string' ? { definition: { ...agent.definition, instructions: JSON.parse(instructions) as string } } : {}),
    ...(typeof archivedAt === 'string' ? { archivedAt } : {}),
  }
}

export function embeddedAgents(database: EmbeddedDatabase): AgentStore {
  const find = (agentId: string): StoredAgent | undefined => {
    const row = database.row(`SELECT ${columns} FROM agent WHERE id = ?`, agentId)
    return row && agentOf(row)
  }
  return {
    create: async (agent) => {
      database.run('INSERT INTO agent (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING', agent.definition.id, JSON.stringify(agent))
      return find(agent.definition.id) ?? agent
    },
    get: async (agentId) => find(agentId),
    // Every id is above the empty text.
    list: async ({ after = '', limit }) => database.rows(`SELECT ${columns} FROM agent WHERE id > ? ORDER BY id LIMIT ?`, after, limit).map(agentOf),
    setInstructions: async (agentId, instructions) => {
      database.run('UPDATE agent SET instructions = ? WHERE id = ?', JSON.stringify(instructions), agentId)
    },
    setBudgets: async (agentId, { budget, agentBudget }) => {
      const set = agentBudget === undefined ? `json_remove(body, '$.definition.agentBudget')` : `json_set(body, '$.definition.agentBudget', json(?))`
      const life = agentBudget === undefined ? [] : [JSON.stringify(agentBudget)]
      database.run(`UPDATE agent SET body = json_set(${set}, '$.definition.budget', json(?)) WHERE id = ?`, ...life, JSON.stringify(budget), agentId)
    },
    setDocuments: async (agentId, count) => {
      database.run(`UPDATE agent SET body = json_set(body, '$.documents', ?) WHERE id = ?`, count, agentId)
    },
    archive: async (agentId, at) => {
      database.run('UPDATE agent SET archived_at = ? WHERE id = ?', at, agentId)
    },
  }
}

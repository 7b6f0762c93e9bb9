import { generationOf, laterKeys, nameOf } from '../../protocol/agent-key.ts'
import { agentUnderKey, inForce, nextKey } from '../new-agent.ts'
import type { AgentFilter, AgentStore, NewAgent, StoredAgent } from '../stores.ts'
import { bodyOf, numberOf, textOf } from './columns.ts'
import { allOf, where, type Condition, type EmbeddedDatabase, type SqlRow } from './sql.ts'

const columns = 'id, body, archived_at, deleting_at'

/** `body` is the agent as created, but for its definition, which changes there; what else may change later stands beside it. */
function agentOf(row: SqlRow): StoredAgent {
  const agent = bodyOf(row) as Omit<StoredAgent, 'key'>
  const { archived_at: archivedAt, deleting_at: deletingAt } = row
  return {
    key: textOf(row, 'id'),
    ...agent,
    ...(typeof archivedAt === 'string' ? { archivedAt } : {}),
    ...(typeof deletingAt === 'string' ? { deletingAt } : {}),
  }
}

export function embeddedAgents(database: EmbeddedDatabase): AgentStore {
  const find = (agentId: string): StoredAgent | undefined => {
    const row = database.row(`SELECT ${columns} FROM agent WHERE id = ?`, agentId)
    return row && agentOf(row)
  }
  const named = (name: string): readonly StoredAgent[] =>
    database.rows(`SELECT ${columns} FROM agent WHERE id = ? OR (id >= ? AND id < ?)`, name, ...laterKeys(name)).map(agentOf)

  const create = (agent: NewAgent): StoredAgent => {
    const name = agent.definition.id
    const known = named(name)
    const current = inForce(known)
    if (current !== undefined) return current
    const key = nextKey(name, known, usedGeneration(database, name))
    const stored = agentUnderKey(agent, key)
    database.run('INSERT INTO agent (id, body) VALUES (?, ?)', key, JSON.stringify(stored))
    return { key, ...stored }
  }
  return {
    create: async (agent) => database.transaction(() => create(agent)),
    current: async (name) => inForce(named(name)),
    get: async (agentId) => find(agentId),
    // Every key is above the empty text.
    list: async ({ after = '', limit, ...filter }) => {
      const { sql, values } = allOf([...where('id > ?', after), ...filtersOf(filter)])
      return database.rows(`SELECT ${columns} FROM agent WHERE ${sql} AND deleting_at IS NULL ORDER BY id LIMIT ?`, ...values, limit).map(agentOf)
    },
    beingDeleted: async (name) => {
      const found = database.rows(`SELECT ${columns} FROM agent WHERE deleting_at IS NOT NULL ORDER BY id`).map(agentOf)
      return name === undefined ? found : found.filter(({ key }) => nameOf(key) === name)
    },
    wasDeleted: async (agentId) => find(agentId) === undefined && usedGeneration(database, nameOf(agentId)) >= generationOf(agentId),
    markDeleting: async (agentId, at) => {
      database.transaction(() => {
        database.run('UPDATE agent SET deleting_at = ? WHERE id = ? AND deleting_at IS NULL', at, agentId)
        retireKey(database, agentId)
      })
    },
    define: async (agentId, version, definition) => {
      const later = `UPDATE agent SET body = json_set(body, '$.definition', json(?), '$.version', ?) WHERE id = ? AND coalesce(body ->> '$.version', 1) < ?`
      database.run(later, JSON.stringify(definition), version, agentId, version)
    },
    setDocuments: async (agentId, count) => {
      database.run(`UPDATE agent SET body = json_set(body, '$.documents', ?) WHERE id = ?`, count, agentId)
    },
    archive: async (agentId, at) => {
      database.run('UPDATE agent SET archived_at = ? WHERE id = ?', at, agentId)
    },
  }
}

function filtersOf({ tag, model, archived, keys }: AgentFilter): readonly Condition[] {
  return [
    ...where('id IN (SELECT agent FROM agent_tag WHERE tag = ?)', tag),
    ...where(`body ->> '$.definition.model' = ?`, model),
    ...where('id IN (SELECT value FROM json_each(?))', keys && JSON.stringify(keys)),
    ...where('(archived_at IS NOT NULL) = ?', archived === undefined ? undefined : Number(archived)),
  ]
}

function usedGeneration(database: EmbeddedDatabase, name: string): number {
  const row = database.row('SELECT generation FROM agent_name WHERE name = ?', name)
  return row === undefined ? 0 : numberOf(row, 'generation')
}

/** Remembers, beyond the agent's deletion, that its key has been used. An agent that is not there changes nothing. */
export function retireKey(database: EmbeddedDatabase, agentId: string): void {
  const retire = `INSERT INTO agent_name (name, generation) SELECT ?, ? FROM agent WHERE id = ?
    ON CONFLICT (name) DO UPDATE SET generation = max(generation, excluded.generation)`
  database.run(retire, nameOf(agentId), generationOf(agentId), agentId)
}

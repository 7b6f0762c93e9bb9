import { generationOf, laterKeys, lineOf } from '../../protocol/agent-key.ts'
import { agentUnderKey, inForce, lineOfNew, nextKey } from '../new-agent.ts'
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
  const ofLine = (line: string): readonly StoredAgent[] =>
    database.rows(`SELECT ${columns} FROM agent WHERE id = ? OR (id >= ? AND id < ?)`, line, ...laterKeys(line)).map(agentOf)

  const create = (agent: NewAgent): StoredAgent => {
    const line = lineOfNew(agent)
    const known = ofLine(line)
    const current = inForce(known)
    if (current !== undefined) return current
    const key = nextKey(line, known, usedGeneration(database, line))
    const stored = agentUnderKey(agent, key)
    database.run('INSERT INTO agent (id, body) VALUES (?, ?)', key, JSON.stringify(stored))
    return { key, ...stored }
  }
  return {
    create: async (agent) => database.transaction(() => create(agent)),
    current: async (line) => inForce(ofLine(line)),
    get: async (agentId) => find(agentId),
    list: async ({ within: [from, to], after = '', limit, ...filter }) => {
      // One bound below: of two the index may begin at the wrong one.
      const begin = after < from ? where('id >= ?', from) : where('id > ?', after)
      const { sql, values } = allOf([...begin, ...where('id < ?', to), ...filtersOf(filter)])
      return database.rows(`SELECT ${columns} FROM agent WHERE ${sql} AND deleting_at IS NULL ORDER BY id LIMIT ?`, ...values, limit).map(agentOf)
    },
    beingDeleted: async (line) => {
      const found = database.rows(`SELECT ${columns} FROM agent WHERE deleting_at IS NOT NULL ORDER BY id`).map(agentOf)
      return line === undefined ? found : found.filter(({ key }) => lineOf(key) === line)
    },
    wasDeleted: async (agentId) => find(agentId) === undefined && usedGeneration(database, lineOf(agentId)) >= generationOf(agentId),
    retired: async (line) => usedGeneration(database, line),
    markDeleting: async (agentId, at, by) => {
      database.transaction(() => {
        const body = by === undefined ? { sql: 'body', values: [] } : { sql: `json_set(body, '$.deletingBy', ?)`, values: [by] }
        database.run(`UPDATE agent SET deleting_at = ?, body = ${body.sql} WHERE id = ? AND deleting_at IS NULL`, at, ...body.values, agentId)
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

function usedGeneration(database: EmbeddedDatabase, line: string): number {
  const row = database.row('SELECT generation FROM agent_name WHERE name = ?', line)
  return row === undefined ? 0 : numberOf(row, 'generation')
}

/** Remembers, beyond the agent's deletion, that its key has been used. An agent that is not there changes nothing. */
export function retireKey(database: EmbeddedDatabase, agentId: string): void {
  const retire = `INSERT INTO agent_name (name, generation) SELECT ?, ? FROM agent WHERE id = ?
    ON CONFLICT (name) DO UPDATE SET generation = max(generation, excluded.generation)`
  database.run(retire, lineOf(agentId), generationOf(agentId), agentId)
}

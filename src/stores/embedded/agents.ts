import { generationOf, laterKeys, lineOf } from '../../protocol/agent-key.ts'
import { isDeletedBy, withDeletion, type NameDeletion } from '../name-deletions.ts'
import { agentUnderKey, inForce, lineOfNew, nextKey } from '../new-agent.ts'
import type { AgentFilter, AgentStore, LeavingAgent, NewAgent, StoredAgent } from '../agents.ts'
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
    wasDeletedBy: async (lineOrKey, command) => {
      const line = lineOf(lineOrKey)
      const leaving = ofLine(line).filter(({ deletingAt }) => deletingAt !== undefined)
      return isDeletedBy({ lineOrKey, command, leaving, kept: nameRecord(database, line).deletions })
    },
    markDeleting: async (agentId, at, by) => {
      database.transaction(() => {
        const body = by === undefined ? { sql: 'body', values: [] } : { sql: `json_set(body, '$.deletingBy', json(?))`, values: [JSON.stringify(by)] }
        database.run(`UPDATE agent SET deleting_at = ?, body = ${body.sql} WHERE id = ? AND deleting_at IS NULL`, at, ...body.values, agentId)
        retireKey(database, agentId, by)
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

/** What outlives the agents of a line. */
interface NameRecord {
  /** How many of them were deleted, or are being deleted. */
  readonly generation: number
  readonly deletions: readonly NameDeletion[]
}

function nameRecord(database: EmbeddedDatabase, line: string): NameRecord {
  const row = database.row('SELECT generation, deletions FROM agent_name WHERE name = ?', line)
  return row === undefined ? { generation: 0, deletions: [] } : { generation: numberOf(row, 'generation'), deletions: JSON.parse(textOf(row, 'deletions')) as readonly NameDeletion[] }
}

const usedGeneration = (database: EmbeddedDatabase, line: string): number => nameRecord(database, line).generation

/**
 * Remembers, beyond the agent's deletion, that its key has been used, and by which command it is deleted. Of an agent that is not there only the
 * command is remembered, and only where the agent was deleted. Idempotent, and to be called in a transaction.
 * @param by a command that wants the deletion, beside the one that the agent's record names
 */
export function retireKey(database: EmbeddedDatabase, agentId: string, by?: string): void {
  const [line, generation] = [lineOf(agentId), generationOf(agentId)]
  const row = database.row('SELECT body FROM agent WHERE id = ?', agentId)
  if (row !== undefined) {
    database.run('INSERT INTO agent_name (name, generation) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET generation = max(generation, excluded.generation)', line, generation)
  }
  const { generation: used, deletions: known } = nameRecord(database, line)
  if (used < generation) return
  let deletions = known
  const { deletingBy } = (row === undefined ? {} : bodyOf(row)) as Pick<LeavingAgent, 'deletingBy'>
  for (const command of [deletingBy, by]) if (command !== undefined) deletions = withDeletion(deletions, { generation, command })
  if (deletions !== known) database.run('UPDATE agent_name SET deletions = ? WHERE name = ?', JSON.stringify(deletions), line)
}

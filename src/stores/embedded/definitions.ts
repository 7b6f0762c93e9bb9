import type { DefinitionStore, DefinitionVersion, ProposedChange } from '../definitions.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedDefinitions(database: EmbeddedDatabase): DefinitionStore {
  const find = (sql: string, ...values: readonly (string | number)[]): DefinitionVersion | undefined => {
    const row = database.row(sql, ...values)
    return row && (bodyOf(row) as DefinitionVersion)
  }
  const byOp = (agentId: string, op: string) => find('SELECT body FROM definition_version WHERE agent = ? AND op = ?', agentId, op)
  const byNumber = (agentId: string, version: number) => find('SELECT body FROM definition_version WHERE agent = ? AND version = ?', agentId, version)
  return {
    get: async (agentId, version) => byNumber(agentId, version),
    latest: async (agentId) => find('SELECT body FROM definition_version WHERE agent = ? ORDER BY version DESC LIMIT 1', agentId),
    byOp: async (agentId, op) => byOp(agentId, op),
    insert: async (version) => {
      const { agentId, version: number, op } = version
      const insert = 'INSERT INTO definition_version (agent, version, op, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
      if (database.run(insert, agentId, number, op, JSON.stringify(version)) === 1) return { status: 'stored', version }
      const earlier = byOp(agentId, op)
      if (earlier !== undefined) return { status: 'stored', version: earlier }
      return { status: 'conflict', version: byNumber(agentId, number) ?? version }
    },
    history: async (agentId, { limit, before = Number.MAX_SAFE_INTEGER }) =>
      database
        .rows('SELECT body FROM definition_version WHERE agent = ? AND version < ? ORDER BY version DESC LIMIT ?', agentId, before, limit)
        .map((row) => bodyOf(row) as DefinitionVersion),
    propose: async (change) => {
      database.run('INSERT INTO definition_change (agent, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', change.agentId, change.id, JSON.stringify(change))
    },
    proposed: async (agentId, id) => {
      const row = database.row('SELECT body FROM definition_change WHERE agent = ? AND id = ?', agentId, id)
      return row && (bodyOf(row) as ProposedChange)
    },
  }
}

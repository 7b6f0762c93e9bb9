import type { BlockDefinition } from '../../protocol/definition.ts'
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
  const keep = (agentId: string, version: number, block: BlockDefinition): void => {
    const insert = `INSERT INTO former_block (agent, block, label, version, body) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (agent, block) DO UPDATE SET label = excluded.label, version = excluded.version, body = excluded.body WHERE excluded.version > version`
    database.run(insert, agentId, block.blockId, block.label, version, JSON.stringify(block))
  }
  const findBlock = (sql: string, ...values: readonly string[]): BlockDefinition | undefined => {
    const row = database.row(sql, ...values)
    return row && (bodyOf(row) as BlockDefinition)
  }
  return {
    get: async (agentId, version) => byNumber(agentId, version),
    latest: async (agentId) => find('SELECT body FROM definition_version WHERE agent = ? ORDER BY version DESC LIMIT 1', agentId),
    byOp: async (agentId, op) => byOp(agentId, op),
    insert: async (version, left = []) => {
      const { agentId, version: number, op } = version
      const insert = 'INSERT INTO definition_version (agent, version, op, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
      const inserted = database.transaction(() => {
        if (database.run(insert, agentId, number, op, JSON.stringify(version)) === 0) return false
        for (const block of left) keep(agentId, number - 1, block)
        return true
      })
      if (inserted) return { status: 'stored', version }
      const earlier = byOp(agentId, op)
      if (earlier !== undefined) return { status: 'stored', version: earlier }
      return { status: 'conflict', version: byNumber(agentId, number) ?? version }
    },
    history: async (agentId, { limit, before = Number.MAX_SAFE_INTEGER }) =>
      database
        .rows('SELECT body FROM definition_version WHERE agent = ? AND version < ? ORDER BY version DESC LIMIT ?', agentId, before, limit)
        .map((row) => bodyOf(row) as DefinitionVersion),
    formerBlock: async (agentId, blockId) => findBlock('SELECT body FROM former_block WHERE agent = ? AND block = ?', agentId, blockId),
    formerBlockOf: async (agentId, label, except) =>
      findBlock(
        'SELECT body FROM former_block WHERE agent = ? AND label = ? AND block NOT IN (SELECT value FROM json_each(?)) ORDER BY version DESC LIMIT 1',
        agentId, label, JSON.stringify(except),
      ),
    propose: async (change) => {
      database.run('INSERT INTO definition_change (agent, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', change.agentId, change.id, JSON.stringify(change))
    },
    proposed: async (agentId, id) => {
      const row = database.row('SELECT body FROM definition_change WHERE agent = ? AND id = ?', agentId, id)
      return row && (bodyOf(row) as ProposedChange)
    },
  }
}

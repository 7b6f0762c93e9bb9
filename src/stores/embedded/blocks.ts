import type { BlockStore, BlockVersion } from '../blocks.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedBlocks(database: EmbeddedDatabase): BlockStore {
  const find = (sql: string, ...values: readonly (string | number)[]): BlockVersion | undefined => {
    const row = database.row(sql, ...values)
    return row && (bodyOf(row) as BlockVersion)
  }
  const current = (blockId: string) => find('SELECT body FROM block_version WHERE block = ? ORDER BY version DESC LIMIT 1', blockId)
  const byOp = (blockId: string, op: string) => find('SELECT body FROM block_version WHERE block = ? AND op = ?', blockId, op)
  const byNumber = (blockId: string, version: number) =>
    find('SELECT body FROM block_version WHERE block = ? AND version = ?', blockId, version)

  return {
    current: async (blockId) => current(blockId),
    currents: async (blockIds) => blockIds.map(current),
    byOp: async (blockId, op) => byOp(blockId, op),
    insert: async (version) => {
      const insert = 'INSERT INTO block_version (block, version, op, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
      if (database.run(insert, version.blockId, version.version, version.op, JSON.stringify(version)) === 1) return { status: 'stored', version }
      const earlier = byOp(version.blockId, version.op)
      if (earlier !== undefined) return { status: 'stored', version: earlier }
      return { status: 'conflict', version: byNumber(version.blockId, version.version) ?? version }
    },
    history: async (blockId, limit) =>
      database
        .rows('SELECT body FROM block_version WHERE block = ? ORDER BY version DESC LIMIT ?', blockId, limit)
        .map((row) => bodyOf(row) as BlockVersion),
    version: async (blockId, version) => byNumber(blockId, version),
  }
}

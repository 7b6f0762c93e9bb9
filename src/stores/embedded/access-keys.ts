import type { AccessKeyStore, StoredAccessKey } from '../access-keys.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'

const columns = 'body, last_used_at, revoked_at'

export function embeddedAccessKeys(database: EmbeddedDatabase): AccessKeyStore {
  const find = (id: string): StoredAccessKey | undefined => {
    const row = database.row(`SELECT ${columns} FROM access_key WHERE id = ?`, id)
    return row && keyOf(row)
  }
  return {
    put: async (key) => {
      const { lastUsedAt = null, revokedAt = null, ...body } = key
      const put = 'INSERT INTO access_key (id, created_at, last_used_at, revoked_at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
      return database.run(put, key.id, key.createdAt, lastUsedAt, revokedAt, JSON.stringify(body)) === 1 ? key : (find(key.id) ?? key)
    },
    get: async (id) => find(id),
    any: async () => database.row('SELECT 1 FROM access_key LIMIT 1') !== undefined,
    list: async ({ within, offset, limit }) => database.rows(`SELECT ${columns} FROM access_key WHERE id >= ? AND id < ? ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`, ...within, limit, offset).map(keyOf),
    used: async (id, at) => {
      database.run('UPDATE access_key SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)', at, id, at)
    },
    revoke: async (id, at) => {
      database.run('UPDATE access_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', at, id)
      return find(id)
    },
  }
}

function keyOf(row: SqlRow): StoredAccessKey {
  const { last_used_at: lastUsedAt, revoked_at: revokedAt } = row
  return { ...(bodyOf(row) as StoredAccessKey), ...(typeof lastUsedAt === 'string' && { lastUsedAt }), ...(typeof revokedAt === 'string' && { revokedAt }) }
}

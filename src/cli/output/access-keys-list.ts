import { isInForce } from '../../client/access-key-check.ts'
import type { AccessKey } from '../../client/access-keys.ts'
import { columns } from './columns.ts'
import { oneLine, shortTime } from './text.ts'

/** One line for each key, and one that says what the columns are. */
export function accessKeysList(keys: readonly AccessKey[], now: number): string[] {
  if (keys.length === 0) return ['No key; `perdure keys create` makes one. Where no tenant has any, servers answer this machine alone.']
  const rows = keys.map((key) => [key.id, shortTime(key.createdAt), key.lastUsedAt === undefined ? 'never' : shortTime(key.lastUsedAt), stateOf(key, now), key.scopes.join(' '), oneLine(key.name, 60)])
  return columns([['KEY', 'CREATED', 'USED', 'STATE', 'SCOPES', 'NAME'], ...rows])
}

function stateOf(key: AccessKey, now: number): string {
  if (!isInForce(key, now)) return key.revokedAt === undefined ? 'expired' : 'revoked'
  return key.expiresAt === undefined ? 'in force' : `until ${shortTime(key.expiresAt)}`
}

import type { AccessKeyCheck } from '../client/access-key-check.ts'
import type { AccessKey } from '../client/access-keys.ts'
import type { Scope } from '../protocol/scopes.ts'
import { Refusal } from './refusal.ts'

/** The key in force that a request brings. @throws Refusal `key-refused`; PerdureError of the store */
export async function keyOf({ headers }: Request, keys: AccessKeyCheck): Promise<AccessKey> {
  const [, bearer = ''] = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
  const key = await keys.inForce(bearer)
  if (key !== undefined) return key
  // One answer to all: which keys there are, or were, is nobody's business.
  throw new Refusal('key-refused', 'send a key that is in force, as "Authorization: Bearer KEY"; `perdure keys create` makes one', { 'www-authenticate': 'Bearer realm="perdure"' })
}

/** @throws Refusal `scope-missing`, which names the scopes. @param needed one of them is enough */
export function assertScope(key: AccessKey, needed: readonly Scope[]): void {
  if (needed.some((scope) => allows(key, scope))) return
  throw new Refusal('scope-missing', `this needs a key with the scope ${needed.join(' or ')}, or admin; the one that was sent has ${key.scopes.join(', ')}`, {
    'www-authenticate': `Bearer realm="perdure", error="insufficient_scope", scope="${needed[0] ?? 'admin'}"`,
  })
}

/** Whether a key allows this. @param key undefined where no keys are needed: then everything is allowed */
export const allows = (key: AccessKey | undefined, scope: Scope): boolean => key === undefined || key.scopes.includes(scope) || key.scopes.includes('admin')

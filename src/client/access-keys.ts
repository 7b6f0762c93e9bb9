import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { isIsoTime } from '../protocol/iso-time.ts'
import { limits } from '../protocol/limits.ts'
import { scopes as allScopes, type Scope } from '../protocol/scopes.ts'
import { idsOf, innerId, outerId, tenantOf, type Tenant } from '../protocol/tenant.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import type { AccessKeyStore, StoredAccessKey } from '../stores/access-keys.ts'
import { assertPage } from './assert-input.ts'
import { isKeyId, newKeyText } from './key-text.ts'

export interface AccessKeyInput {
  /** What it is for, for a person: 1 to 200 characters. */
  readonly name: string
  /** What it allows: one at least. */
  readonly scopes: readonly Scope[]
  /** ISO 8601, or a `Date`, in the future. Absent: it does not expire. */
  readonly expiresAt?: string | Date
}

/** What is known of a key. Its secret is not. */
export interface AccessKey extends Omit<StoredAccessKey, 'digest'> {
  /** Whose agents it opens. Absent: those of the default tenant. */
  readonly tenant?: Tenant
}

export interface AccessKeyMethods {
  /**
   * Makes a key of the client's tenant with which a program asks `perdure serve` (`key`). It is told here, once; nobody can read it again. From the first key on
   * servers answer nobody without one. A call that failed may have made a key that nobody knows: it opens nothing.
   * @throws PerdureError `invalid-argument`
   */
  createAccessKey(input: AccessKeyInput): Promise<{ readonly key: string; readonly accessKey: AccessKey }>
  /** The tenant's, the newest first, also those that are revoked or expired. Default `limit`: 1,000. */
  accessKeys(page?: { readonly offset?: number; readonly limit?: number }): Promise<readonly AccessKey[]>
  /**
   * Servers refuse the key from then on, each within five seconds. For good; the same again changes nothing.
   * @throws PerdureError `access-key-unknown`; `invalid-argument` for what is no id
   */
  revokeAccessKey(id: string): Promise<AccessKey>
}

export function accessKeyMethods(store: AccessKeyStore, tenant: Tenant | undefined): AccessKeyMethods {
  return {
    createAccessKey: async (input) => {
      const { id, text, digest } = newKeyText(tenant)
      const stored = await store.put({ id, digest, createdAt: new Date().toISOString(), ...checked(input, Date.now()) })
      return { key: text, accessKey: known(stored) }
    },
    accessKeys: async ({ offset = 0, limit = limits.pageSize } = {}) => {
      assertPage({ offset, limit })
      return (await store.list({ within: idsOf(tenant), offset, limit })).map(known)
    },
    revokeAccessKey: async (id) => {
      // What is no id may be a whole key, so it is not repeated.
      if (!isKeyId(id)) throw invalidArgument('the id of an access key has 16 digits and letters a to f: of pdr_ID_SECRET the part ID')
      const revoked = await store.revoke(innerId(tenant, id), new Date().toISOString())
      if (revoked === undefined) throw new PerdureError('access-key-unknown', `there is no access key ${id}; \`perdure keys list\` lists them`)
      return known(revoked)
    },
  }
}

/** Field by field: what a later version stores beside them is not told by accident. */
export function known({ id, name, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }: StoredAccessKey): AccessKey {
  const tenant = tenantOf(id)
  return { id: outerId(tenant, id), ...(tenant !== undefined && { tenant }), name, scopes, createdAt, ...(expiresAt !== undefined && { expiresAt }), ...(lastUsedAt !== undefined && { lastUsedAt }), ...(revokedAt !== undefined && { revokedAt }) }
}

/** @throws PerdureError `invalid-argument` */
function checked({ name, scopes, expiresAt }: AccessKeyInput, now: number): Pick<StoredAccessKey, 'name' | 'scopes' | 'expiresAt'> {
  if (typeof name !== 'string' || name.trim() === '' || name.length > limits.accessKeyNameCharacters) {
    throw invalidArgument(`name says what the key is for, in 1 to ${limits.accessKeyNameCharacters} characters`)
  }
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every((scope) => allScopes.includes(scope as Scope))) {
    throw invalidArgument(`scopes is a list of one or more of ${allScopes.join(', ')}`)
  }
  const expiry = expiresAt === undefined ? undefined : new Date(isIsoTime(expiresAt) || expiresAt instanceof Date ? expiresAt : NaN)
  if (expiry !== undefined && !(expiry.getTime() > now)) throw invalidArgument('expiresAt is a time in the future in ISO 8601, like 2030-03-01T12:00:00Z')
  return { name: wellFormed(name), scopes: allScopes.filter((scope) => scopes.includes(scope)), ...(expiry !== undefined && { expiresAt: expiry.toISOString() }) }
}

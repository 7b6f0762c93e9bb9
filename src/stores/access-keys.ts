import type { Scope } from '../protocol/scopes.ts'
import type { IdRange } from '../protocol/tenant.ts'

/** Lets a program ask the server over HTTP for what its scopes say. The secret itself is not stored. */
export interface StoredAccessKey {
  /** The part of the key that is no secret; it says whose key it is (`tenantOf`). */
  readonly id: string
  /** What it is for, for a person. Several may have the same. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** SHA-256 of the secret, in hexadecimal. */
  readonly digest: string
  /** ISO 8601. */
  readonly createdAt: string
  /** ISO 8601. Absent: never. */
  readonly expiresAt?: string
  /** ISO 8601, to a minute. Absent: never used. */
  readonly lastUsedAt?: string
  /** ISO 8601. A key that was revoked stays so. */
  readonly revokedAt?: string
}

/** Keys are of no agent, and no key is ever removed: where there was one, a server is never open again. */
export interface AccessKeyStore {
  /** Inserts if absent under the id; returns the key as stored. */
  put(key: StoredAccessKey): Promise<StoredAccessKey>
  get(id: string): Promise<StoredAccessKey | undefined>
  /** Whether there is a key, in force or not. */
  any(): Promise<boolean>
  /** The newest first. @param page.within the ids among which keys are looked for: those of a tenant (`idsOf`) */
  list(page: { readonly within: IdRange; readonly offset: number; readonly limit: number }): Promise<readonly StoredAccessKey[]>
  /** Notes a use, unless a later one is noted. */
  used(id: string, at: string): Promise<void>
  /** From then on it is revoked; the first time stands. Returns the key as stored. */
  revoke(id: string, at: string): Promise<StoredAccessKey | undefined>
}

import type { AccessKeyStore, StoredAccessKey } from '../stores/access-keys.ts'
import { known, type AccessKey } from './access-keys.ts'
import { readKeyText } from './key-text.ts'

/** Knows the access keys that are stored, as they were five seconds ago at the latest: so long a key that was revoked elsewhere may still open. */
export interface AccessKeyCheck {
  /** Whether there is a key, be it revoked: then every request needs one. @throws PerdureError of the store */
  areNeeded(): Promise<boolean>
  /**
   * The key of a text, if it is in force: stored, not revoked, not expired. Its use is noted, to a minute.
   * @throws PerdureError of the store
   */
  inForce(text: string): Promise<AccessKey | undefined>
  /** There is a key from now on, as this process has made one: it is not asked again whether there is any. */
  keyMade(): void
}

const rememberedMs = 5_000
/** How exactly the last use of a key is kept. */
const usedMs = 60_000

interface Remembered {
  readonly key: StoredAccessKey
  /** Of the clock that is never set back. */
  readonly readAt: number
  /** When its last use was written, by whichever process. */
  usedAt: number
}

export interface Clocks {
  /** The time of day, in epoch milliseconds: a key expires by it. */
  readonly now: () => number
  /** Milliseconds that are never set back: what is remembered grows old by them. */
  readonly elapsed: () => number
}

export function accessKeyCheck(store: Pick<AccessKeyStore, 'any' | 'get' | 'used'>, { now, elapsed }: Clocks = { now: Date.now, elapsed: () => performance.now() }): AccessKeyCheck {
  const remembered = new Map<string, Remembered>()
  let some = false
  let noneAt = -Infinity
  // Only keys that are there are remembered: others could be any number.
  const find = async (id: string): Promise<Remembered | undefined> => {
    const before = remembered.get(id)
    const readAt = elapsed()
    if (before !== undefined && readAt - before.readAt < rememberedMs) return before
    const key = await store.get(id)
    if (key === undefined) return undefined
    const found = { key, readAt, usedAt: Math.max(before?.usedAt ?? 0, Date.parse(key.lastUsedAt ?? '') || 0) }
    remembered.set(id, found)
    return found
  }
  const note = (found: Remembered, at: number): void => {
    if (at - found.usedAt < usedMs) return
    found.usedAt = at
    // Nobody waits for it, and a store that is away loses a note.
    store.used(found.key.id, new Date(at).toISOString()).catch(() => undefined)
  }
  return {
    areNeeded: async () => {
      const askedAt = elapsed()
      if (some || askedAt - noneAt < rememberedMs) return some
      if (await store.any()) some = true
      else noneAt = askedAt
      return some
    },
    inForce: async (text) => {
      const given = readKeyText(text)
      const found = given && (await find(given.id))
      const at = now()
      if (found === undefined || !given?.isOf(found.key.digest) || !isInForce(found.key, at)) return undefined
      note(found, at)
      return known(found.key)
    },
    keyMade: () => {
      some = true
    },
  }
}

/** Whether it opens anything: it was not revoked, and has not expired. */
export const isInForce = ({ revokedAt, expiresAt }: Pick<StoredAccessKey, 'revokedAt' | 'expiresAt'>, at: number): boolean => revokedAt === undefined && (expiresAt === undefined || Date.parse(expiresAt) > at)

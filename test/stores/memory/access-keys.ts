import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { idsOf } from '../../../src/protocol/tenant.ts'
import type { StoredAccessKey } from '../../../src/stores/access-keys.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, moment } from './samples.ts'

const sampleKey = (more: Partial<StoredAccessKey> = {}): StoredAccessKey => ({
  id: randomBytes(8).toString('hex'),
  name: 'the page',
  scopes: ['agents:read', 'messages'],
  digest: randomBytes(32).toString('hex'),
  createdAt: moment(1),
  ...more,
})

export function accessKeyPromises(under: () => MemoryUnderTest): void {
  describe('access keys', () => {
    test('there is none until one is put; then there always is one, also one that is revoked [http:keys]', async () => {
      const { store, another } = under()
      expect([await store.accessKeys.any(), await store.accessKeys.list({ within: idsOf(undefined), offset: 0, limit: 10 })]).toEqual([false, []])
      const key = sampleKey()
      await store.accessKeys.put(key)
      await store.accessKeys.revoke(key.id, moment(2))
      expect(await another.accessKeys.any()).toBe(true)
    })

    test('one put again under its id is the first one [http:keys]', async () => {
      const { accessKeys } = under().store
      const key = sampleKey({ expiresAt: moment(9) })
      expect(await accessKeys.get(key.id)).toBeUndefined()
      expect(await accessKeys.put(key)).toEqual(key)
      expect(await accessKeys.put({ ...key, scopes: ['admin'], digest: 'another' })).toEqual(key)
      expect(await under().another.accessKeys.get(key.id)).toEqual(key)
    })

    test('the time of its revocation is the first one, and its last use the latest [http:keys]', async () => {
      const { accessKeys } = under().store
      const key = sampleKey()
      await accessKeys.put(key)
      for (const day of [3, 5, 4]) await accessKeys.used(key.id, moment(day))
      expect(await accessKeys.get(key.id)).toEqual({ ...key, lastUsedAt: moment(5) })
      expect(await accessKeys.revoke(key.id, moment(6))).toEqual({ ...key, lastUsedAt: moment(5), revokedAt: moment(6) })
      expect((await accessKeys.revoke(key.id, moment(7)))?.revokedAt).toBe(moment(6))
      expect((await under().another.accessKeys.get(key.id))?.revokedAt).toBe(moment(6))
    })

    test('one that is not there is neither used nor revoked, and none comes to be [http:keys]', async () => {
      const { accessKeys } = under().store
      await accessKeys.used('0'.repeat(16), moment(1))
      expect(await accessKeys.revoke('0'.repeat(16), moment(1))).toBeUndefined()
      expect(await accessKeys.get('0'.repeat(16))).toBeUndefined()
    })

    test('are listed page by page, the newest first [http:keys]', async () => {
      const { accessKeys } = under().store
      const keys = [1, 2, 3].map((day) => sampleKey({ createdAt: moment(10_000 + day) }))
      for (const key of keys) await accessKeys.put(key)
      const [first, second, third] = keys
      expect(await accessKeys.list({ within: idsOf(undefined), offset: 0, limit: 2 })).toEqual([third, second])
      expect(await accessKeys.list({ within: idsOf(undefined), offset: 2, limit: 1 })).toEqual([first])
    })

    test('keep any name [http:keys]', async () => {
      const { accessKeys } = under().store
      for (const name of awkwardTexts) {
        const key = sampleKey({ name })
        await accessKeys.put(key)
        expect(await accessKeys.get(key.id)).toEqual(key)
      }
    })
  })
}

import type { Collection } from 'mongodb'
import type { AccessKeyStore, StoredAccessKey } from '../access-keys.ts'
import { insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody } from './versioned.ts'

export type AccessKeyDocument = StoredAccessKey & Identified

export function mongoAccessKeys(collection: Collection<AccessKeyDocument>): AccessKeyStore {
  const find = (id: string): Promise<StoredAccessKey | null> => findBody<StoredAccessKey, AccessKeyDocument>(collection, { _id: id }, withoutId)
  return {
    put: async (key) => {
      if ((await insertIfAbsent(collection, { ...key, _id: key.id })) === 'inserted') return key
      return present(await find(key.id), `access key ${key.id}`)
    },
    get: async (id) => (await find(id)) ?? undefined,
    any: async () => (await collection.findOne({}, { projection: { _id: 1 } })) !== null,
    list: ({ within: [from, to], offset, limit }) => findBodies<StoredAccessKey, AccessKeyDocument>(collection, { _id: { $gte: from, $lt: to } }, { ...withoutId, sort: { createdAt: -1, _id: -1 }, skip: offset, limit }),
    used: async (id, at) => {
      await collection.updateOne({ _id: id }, { $max: { lastUsedAt: at } })
    },
    revoke: async (id, at) => {
      await collection.updateOne({ _id: id, revokedAt: { $exists: false } }, { $set: { revokedAt: at } })
      return (await find(id)) ?? undefined
    },
  }
}

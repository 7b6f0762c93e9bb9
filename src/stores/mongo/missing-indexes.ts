import type { Db } from 'mongodb'
import { indexes } from './collections.ts'

/** Names of the indexes that a worker would make at its start. */
export async function missingIndexes(database: Db): Promise<string[]> {
  const collections = [...new Set(indexes.map(({ collection }) => collection))]
  const present = new Set((await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name))
  const found = await Promise.all(
    collections.map(async (name) => {
      const keys = present.has(name) ? (await database.collection(name).indexes()).map(({ key }) => JSON.stringify(key)) : []
      return [name, new Set(keys)] as const
    }),
  )
  const there = new Map(found)
  return indexes.filter(({ collection, keys }) => there.get(collection)?.has(JSON.stringify(keys)) !== true).map(({ collection, keys }) => `${collection}(${Object.keys(keys).join(', ')})`)
}

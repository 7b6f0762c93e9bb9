import { MongoClient, type Collection } from 'mongodb'
import { afterAll, describe, expect, test } from 'vitest'
import { startMongo } from './mongo.ts'
import { describeWithServer } from './require-server.ts'

interface Item {
  readonly _id: number
  readonly text: string
  readonly tags: readonly string[]
}

const found = await startMongo({ own: true })

describeWithServer('the MongoDB of the tests', found, (server) => {
  const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 5_000, writeConcern: { w: 'majority', journal: true } })
  const items = (): Collection<Item> => client.db('crash').collection<Item>('items')

  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  describe('SIGKILL', () => {
    test('loses no acknowledged write, and keeps unique indexes', async () => {
      await items().createIndex({ text: 1 }, { unique: true }, {})
      const acknowledged = new Set<number>()
      for (let round = 0; round < 3; round += 1) {
        const writing = Array.from({ length: 200 }, async (_, index) => {
          const id = round * 1_000 + index
          await items().insertOne({ _id: id, text: `item ${id}`, tags: [] })
          acknowledged.add(id)
        })
        const settled = Promise.allSettled(writing)
        while (acknowledged.size < round * 100 + 50) await new Promise((resolve) => setImmediate(resolve))
        await server.crash?.()
        await settled
        const kept = new Set((await items().find({}).toArray()).map((item) => item._id))
        expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([])
      }
      await expect(items().insertOne({ _id: -1, text: 'item 0', tags: [] })).rejects.toThrow('E11000')
    })

    test('of a batch that failed in the middle, what was stored stays stored', async () => {
      const batch = [1, 2, 1, 3].map((number) => ({ _id: 10_000 + number, text: `batch ${number}`, tags: [] }))
      await expect(items().insertMany(batch)).rejects.toThrow('E11000')
      await server.crash?.()
      expect((await items().find({ _id: { $gt: 10_000 } }).toArray()).map((item) => item._id)).toEqual([10_001, 10_002])
    })
  })

  describe('replies', () => {
    test('are what the document was, whatever is written while they are read', async () => {
      await items().insertOne({ _id: 20_000, text: 'changing', tags: [] })
      const writing = Array.from({ length: 100 }, (_, index) => items().updateOne({ _id: 20_000 }, { $push: { tags: `tag ${index}` } }))
      const reading = Array.from({ length: 100 }, () => items().findOne({ _id: 20_000 }))
      await Promise.all(writing)
      for (const item of await Promise.all(reading)) expect(new Set(item?.tags).size).toBe(item?.tags.length)
      expect((await items().findOne({ _id: 20_000 }))?.tags).toHaveLength(100)
    })

    test('of compare-and-set updates at the same time exactly one succeeds', async () => {
      await items().insertOne({ _id: 30_000, text: 'start', tags: [] })
      const attempts = Array.from({ length: 20 }, (_, index) => items().updateOne({ _id: 30_000, text: 'start' }, { $set: { text: `won by ${index}` } }))
      const results = await Promise.all(attempts)
      expect(results.filter((result) => result.modifiedCount === 1)).toHaveLength(1)
    })
  })
})

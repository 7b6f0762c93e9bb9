import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, expect, test } from 'vitest'
import { PerdureError } from '../../src/protocol/errors.ts'
import { openMongoMemory } from '../../src/stores/mongo/open.ts'
import { startMongo } from '../servers/mongo.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { liveStoreContract } from './live.contract.ts'
import { memoryStoreContract } from './memory.contract.ts'

const mongo = await startMongo()

async function dropDatabase(uri: string, database: string): Promise<void> {
  const client = new MongoClient(uri)
  await client.db(database).dropDatabase()
  await client.close()
}

async function failureOf(uri: string): Promise<PerdureError> {
  const error: unknown = await openMongoMemory({ uri }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (PerdureError.isInstance(error)) return error
  throw new Error('it opened, or failed in another way', { cause: error })
}

test('a MongoDB that does not answer is named by its host, without its password', async () => {
  const error = await failureOf('mongodb://ada:secret@127.0.0.1:1/memory?serverSelectionTimeoutMS=200')
  expect(error.code).toBe('server-unavailable')
  expect(error.message).toContain('127.0.0.1:1')
  expect(error.message).not.toContain('secret')
})

test.for(['mongodb://ada:secret@', 'ada:secret@localhost', 'mongodb://ada:se@cret@localhost/'])('%s is refused as no connection string, and not repeated', async (uri) => {
  const error = await failureOf(uri)
  expect(error.code).toBe('config-invalid')
  expect(`${error.message}${String(error.cause)}`).not.toContain('cret')
})

describeWithServer('MongoDB', mongo, (server) => {
  afterAll(() => server.stop())

  const openTwice = async () => {
    const database = `test-${randomUUID()}`
    const [first, another] = [await openMongoMemory({ uri: server.uri, database }), await openMongoMemory({ uri: server.uri, database })]
    return {
      first,
      another,
      close: async () => {
        await Promise.all([first.close(), another.close()])
        await dropDatabase(server.uri, database)
      },
    }
  }

  memoryStoreContract('MongoDB', async () => {
    const { first, another, close } = await openTwice()
    return { store: first, reopen: () => Promise.resolve(another), close }
  })

  liveStoreContract('MongoDB', async () => {
    const { first, another, close } = await openTwice()
    return { store: first.live, reopen: () => Promise.resolve(another.live), close }
  })
})

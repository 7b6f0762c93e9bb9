import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, expect, test } from 'vitest'
import { PerdureError } from '../../src/protocol/errors.ts'
import { openMongoMemory } from '../../src/stores/mongo/open.ts'
import { startMongo } from '../servers/mongo.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { liveStoreContract } from './live.contract.ts'
import { memoryStoreContract } from './memory.contract.ts'
import { freshAgentId, moment, sampleAgent } from './memory/samples.ts'

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

test.for<[uri: string, right: RegExp]>([
  ['mongodb://ada:se@cret@localhost/', /write each sign of user and password .* like %40 for @/],
  ['mongodb://ada:se%cret@localhost/', /like .* %25 for %/],
  ['mongodb://ada:se?cret@localhost/', /like %40 for @/],
  ['mongodb://ada:secret@localhost:abc/', /a port is a number from 1 to 65535/],
  ['mongodb://ada:secret@localhost:27017,127.0.0.1:99999/', /a port is a number from 1 to 65535/],
  ['mongodb://ada:secret@localhost/?maxPoolSize=many', /one of its options has a value that cannot be/],
  ['mongodb://ada:secret@localhost/?tls=maybe', /one of its options has a value that cannot be/],
  ['mongodb://ada:secret@/memory', /it should look like mongodb:\/\//],
  ['mongodb+srv://ada:secret@cluster0.example.net:27017/', /behind mongodb\+srv:\/\/ a host has no port/],
  ['mongodb://ada:secret@localhost/?foo=bar', /it has an option foo, which there is not/],
])('%s is refused with what would be right', async ([uri, right]) => {
  const error = await failureOf(uri)
  expect(error).toMatchObject({ code: 'config-invalid', message: expect.stringMatching(right) as string })
  expect(String(error)).not.toMatch(/cret|localhost\/|cluster0/)
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

  test('a deletion that was broken off before its name was retired is known as that of its command when the agent is erased [agent:generations]', async () => {
    const database = `test-${randomUUID()}`
    const memory = await openMongoMemory({ uri: server.uri, database })
    const raw = await new MongoClient(server.uri).connect()
    const { agents } = memory
    const name = freshAgentId()
    await agents.create(sampleAgent(name))
    await raw.db(database).collection('agents').updateOne({ _id: name as unknown as never }, { $set: { deletingAt: moment(2), deletingBy: 'command' } })
    expect(await raw.db(database).collection('agentNames').countDocuments()).toBe(0)
    expect([await agents.wasDeletedBy(name, 'command'), await agents.wasDeletedBy(name, 'another')]).toEqual([true, false])
    await memory.eraseAgent(name)
    expect([await agents.wasDeletedBy(name, 'command'), await agents.wasDeletedBy(name, 'another')]).toEqual([true, false])
    expect((await agents.create(sampleAgent(name))).key).toBe(`${name}~2`)
    await Promise.all([memory.close(), raw.close()])
    await dropDatabase(server.uri, database)
  })
})

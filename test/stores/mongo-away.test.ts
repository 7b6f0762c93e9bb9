import { randomUUID } from 'node:crypto'
import {
  MongoBulkWriteError,
  MongoClient,
  MongoError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoOperationTimeoutError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoStalePrimaryError,
  MongoWriteConcernError,
} from 'mongodb'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAwayForNow } from '../../src/protocol/errors.ts'
import { isAway } from '../../src/stores/mongo/away.ts'
import { openMongoMemory, type MongoMemory } from '../../src/stores/mongo/open.ts'
import { startMongo } from '../servers/mongo.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { mongoFailures, type MongoFailures } from './failing/mongo-failures.ts'
import { sampleMessage, sampleOutcome } from './memory/samples.ts'

const codes = {
  HostUnreachable: 6, HostNotFound: 7, CursorNotFound: 43, MaxTimeMSExpired: 50, WriteConcernTimeout: 64, NetworkTimeout: 89, ShutdownInProgress: 91,
  FailedToSatisfyReadPreference: 133, PrimarySteppedDown: 189, ExceededTimeLimit: 262, SocketException: 9_001, NotWritablePrimary: 10_107,
  InterruptedAtShutdown: 11_600, InterruptedDueToReplStateChange: 11_602, NotPrimaryNoSecondaryOk: 13_435, NotPrimaryOrSecondary: 13_436,
}

describe("the driver's errors", () => {
  test.for(Object.entries(codes))('with code %s count as away, also in the acknowledgement of a write and in one of many [mailbox:durable]', ([codeName, code]) => {
    expect(isAway(new MongoServerError({ message: codeName, code }))).toBe(true)
    expect(isAway(new MongoWriteConcernError({ ok: 1, writeConcernError: { code, errmsg: codeName } }))).toBe(true)
    const many = new MongoBulkWriteError({ message: codeName, code: 1, writeErrors: [{ code, index: 0, errmsg: codeName }] as never }, {} as never)
    expect(isAway(many)).toBe(true)
  })

  test('of which no answer came count as away, and so do those that a label marks [mailbox:durable]', () => {
    const labelled = new MongoServerError({ message: 'of a later version', code: 99_999, errorLabels: ['RetryableWriteError'] })
    const pool = Object.defineProperty(new MongoError('waited too long'), 'name', { value: 'MongoWaitQueueTimeoutError' })
    const without = [
      new MongoNetworkError('reset'), new MongoNetworkTimeoutError('timed out'), new MongoServerSelectionError('no primary', {} as never),
      new MongoOperationTimeoutError('timed out'), new MongoServerClosedError('closed'), new MongoStalePrimaryError('stale'),
    ]
    for (const error of [labelled, pool, ...without]) expect(isAway(error), error.name).toBe(true)
  })

  test('that stay as they are do not count as away', () => {
    for (const code of [11_000, 13, 18, 2, 14_031, undefined]) expect(isAway(new MongoServerError({ message: 'no', ...(code !== undefined && { code }) })), String(code)).toBe(false)
    for (const error of [new Error('timed out'), new TypeError('x'), 'text', undefined]) expect(isAway(error)).toBe(false)
  })
})

describe('a connection string', () => {
  const refusalOf = (query: string): Promise<unknown> =>
    openMongoMemory({ uri: `mongodb://ada:secret@127.0.0.1:1/memory?serverSelectionTimeoutMS=1&${query}` }).catch((error: unknown) => error)

  test.for([
    'readPreference=secondaryPreferred', 'READPREFERENCE=nearest', 'readPreferenceTags=dc:east', 'maxStalenessSeconds=120', 'retryWrites=false', 'w=1', 'w=0', 'journal=false',
    'j=false', 'wtimeoutMS=100', 'readConcernLevel=available',
  ])('that sets %s is refused by name, as memory would not find what it has written', async (setting) => {
    const [name = ''] = setting.split('=')
    const error = await refusalOf(setting)
    expect(error).toMatchObject({ code: 'config-invalid', message: expect.stringContaining(`Leave ${name} out`) as string })
    expect(String(error)).not.toContain('secret')
  })

  test.for(['readPreference=primary&retryWrites=true&w=majority&journal=true&wtimeoutMS=0', 'readConcernLevel=majority', 'retryReads=false&appName=mine'])(
    'that sets %s is taken',
    async (query) => expect(await refusalOf(query)).toMatchObject({ code: 'server-unavailable' }),
  )
})

describeWithServer('MongoDB behind a failover', await startMongo(), (server) => {
  let failures: MongoFailures
  let memory: MongoMemory
  const database = `test-${randomUUID()}`
  beforeEach(async () => {
    failures = await mongoFailures(server.uri)
    memory = await openMongoMemory({ uri: `mongodb://${failures.host}/`, database })
  })
  afterEach(async () => {
    await memory.close()
    await failures.close()
  })
  afterAll(async () => {
    const client = new MongoClient(server.uri)
    await client.db(database).dropDatabase()
    await client.close()
    await server.stop()
  })

  const refused = (code: number, codeName: string) => ({ ok: 0, code, codeName, errmsg: `${codeName}, as a server says that steps down` })

  test.for([['NotWritablePrimary', 10_107], ['PrimarySteppedDown', 189], ['ShutdownInProgress', 91]] as const)('a write that is answered by %s is one to a server that is away, and succeeds when it is repeated [mailbox:durable]', async ([codeName, code]) => {
    const message = sampleMessage(codeName.toLowerCase(), 1, 'penguin')
    // On a replica set the driver repeats it once by itself.
    failures.fail({ command: 'insert', answer: refused(code, codeName), times: 2 })
    const error: unknown = await memory.messages.insert(message).catch((reason: unknown) => reason)
    failures.fail({ command: 'insert', answer: {}, times: 0 })
    expect(isAwayForNow(error), String(error)).toBe(true)
    expect(await memory.messages.insert(message)).toEqual(message)
    expect(await memory.messages.after(message.agentId, 0, 10)).toEqual([message])
  })

  test('a read that is answered by NotPrimaryNoSecondaryOk is one from a server that is away [mailbox:durable]', async () => {
    failures.fail({ command: 'find', answer: refused(13_435, 'NotPrimaryNoSecondaryOk'), times: 2 })
    const error: unknown = await memory.turns.get('ada', 1).catch((reason: unknown) => reason)
    expect(isAwayForNow(error), String(error)).toBe(true)
    failures.fail({ command: 'find', answer: {}, times: 0 })
    expect(await memory.turns.get('ada', 1)).toBeUndefined()
  })

  test('a write that was done, and not acknowledged by the majority in time, is repeated and is one write [mailbox:durable]', async () => {
    const answer = { ok: 1, n: 1, nModified: 0, writeConcernError: { code: 64, codeName: 'WriteConcernTimeout', errmsg: 'waiting for replication timed out' } }
    failures.fail({ command: 'insert', answer, times: 1, done: true })
    const message = sampleMessage('bob', 1, 'walrus')
    const error: unknown = await memory.messages.insert(message).catch((reason: unknown) => reason)
    expect(isAwayForNow(error), String(error)).toBe(true)
    expect(await memory.messages.insert(message)).toEqual(message)
    expect(await memory.messages.count('bob')).toBe(1)
    failures.fail({ command: 'update', answer, times: 1, done: true })
    await expect(memory.turns.put('bob', sampleOutcome(1))).rejects.toSatisfy(isAwayForNow)
    await memory.turns.put('bob', sampleOutcome(1))
    expect(await memory.turns.get('bob', 1)).toEqual(sampleOutcome(1))
  })
})

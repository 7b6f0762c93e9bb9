import { randomUUID } from 'node:crypto'
import { Collection, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openMongoMemory, type MongoMemory } from '../../src/stores/mongo/open.ts'
import type { MeantQuery } from '../../src/stores/messages.ts'
import { formsOf } from '../../src/words/words.ts'
import { sampleMessage } from './memory/samples.ts'
import { startMongo } from '../servers/mongo.ts'
import { describeWithServer } from '../servers/require-server.ts'

const mongo = await startMongo()

const messages = 22_000
const atOnce = 4_400
const minute = 60_000
const timeOf = (seq: number): string => new Date(seq * minute).toISOString()

/** Two of one role and 150 of another, all far behind the newest. */
const roleOf = (seq: number): string => ([300, 500].includes(seq) ? 'assistant' : seq >= 1_000 && seq < 1_150 ? 'system' : 'user')

// The work of a search is bounded: by frequent words the newest are found, and by rarer ones all.
describeWithServer('recall memory of many messages in MongoDB [scale:search]', mongo, (server) => {
  let memory: MongoMemory
  let client: MongoClient
  const database = `large-${randomUUID()}`

  const uriOf = (): string => {
    const uri = new URL(server.uri)
    uri.pathname = database
    return uri.href
  }

  beforeAll(async () => {
    memory = await openMongoMemory({ uri: uriOf() })
    client = new MongoClient(uriOf())
    // All have one word, and each third another; three have a rare one, far apart from each other.
    const rare = [50, 9_000, 21_000]
    for (let first = 1; first <= messages; first += atOnce) {
      const documents = Array.from({ length: atOnce }, (_, place) => {
        const seq = first + place
        const text = ['harbour', ...(seq % 3 === 0 ? ['gauge'] : []), ...(rare.includes(seq) ? ['zeppelin'] : []), `no${seq}`].join(' ')
        const message = { agentId: 'ada', op: `o${seq}`, seq, turn: 1, step: 0, role: roleOf(seq), eventId: `e${seq}`, at: timeOf(seq), tokens: 1, text }
        return { ...message, _id: `ada o${seq}`, words: formsOf(text), time: new Date(seq * minute) }
      })
      await client.db().collection<{ _id: string }>('messages').insertMany(documents)
    }
  }, 60_000)
  afterAll(async () => {
    await client.db().dropDatabase()
    await client.close()
    await memory.close()
    await server.stop()
  })

  const search = (query: Partial<MeantQuery>) => memory.messages.search('ada', { order: 'relevance', offset: 0, limit: 10, ...query })
  const seqs = async (query: Partial<MeantQuery>): Promise<readonly number[]> => (await search(query)).messages.map(({ seq }) => seq)

  test('a message with a rare word comes before those with words that all have, however old it is', async () => {
    expect((await seqs({ text: 'zeppelin harbour' })).slice(0, 3)).toEqual([21_000, 9_000, 50])
    expect(await search({ text: 'zeppelin' })).toMatchObject({ total: 3 })
    expect(await search({ text: 'zeppelin' })).not.toHaveProperty('atLeast')
  })

  test('a frequent word finds its newest messages, at least a thousand', async () => {
    expect(await search({ text: 'harbour' })).toMatchObject({ total: 1_000, atLeast: true })
    expect(await seqs({ text: 'harbour', limit: 3 })).toEqual([messages - 1, messages - 2, messages - 3])
    expect(await seqs({ text: 'harbour', limit: 2, before: 500 })).toEqual([498, 497])
  })

  test('a frequent word finds those of a range of dates, and first what was said at a time that the question names', async () => {
    const early = await seqs({ text: 'harbour gauge', from: timeOf(100), to: timeOf(131) })
    expect(early).toHaveLength(10)
    expect(early.every((seq) => seq % 3 === 0 && seq >= 100 && seq <= 130)).toBe(true)
    const named = [{ from: timeOf(5_000), to: timeOf(5_004) }]
    expect((await seqs({ text: 'harbour', named })).slice(0, 4).toSorted((one, other) => one - other)).toEqual([5_000, 5_001, 5_002, 5_003])
  })

  test('a frequent word finds what passes the filters also where all of it lies far behind the newest', async () => {
    const two = await search({ text: 'harbour', roles: ['assistant'], from: timeOf(100), to: timeOf(20_000) })
    expect([two.total, two.atLeast, two.messages.map(({ seq }) => seq)]).toEqual([2, undefined, [500, 300]])
    expect(await search({ text: 'harbour', roles: ['system'], limit: 2 })).toMatchObject({ total: 100, atLeast: true, messages: [{ seq: 1_148 }, { seq: 1_147 }] })
  })

  test('each count of a search by words has an end, and what is sorted has a bound, and no texts', async () => {
    const [counting, ranking] = [vi.spyOn(Collection.prototype, 'countDocuments'), vi.spyOn(Collection.prototype, 'aggregate')]
    await search({ text: 'zeppelin harbour gauge' })
    expect(counting.mock.calls.map(([, options]) => options?.limit)).not.toContain(undefined)
    const [stages] = ranking.mock.calls.find(([stages]) => stages?.some((stage) => '$sort' in stage)) ?? []
    expect(Object.keys((stages?.[1] as { $project?: object } | undefined)?.$project ?? {})).toEqual(['seq', 'raise', 'own'])
    const sorted = JSON.stringify(stages?.[0])
    counting.mockRestore()
    ranking.mockRestore()
    const read = await client.db().collection('messages').countDocuments((JSON.parse(sorted) as { $match: object }).$match)
    expect(read).toBeLessThan(messages / 2)
  })

  test('a message that is stored late while its successors are counted is counted from then on', async () => {
    const stored = client.db().collection('messages')
    const late = await stored.findOneAndDelete({ agentId: 'ada', seq: 21_500 })
    const another = await openMongoMemory({ uri: uriOf() })
    const counting = vi.spyOn(Collection.prototype, 'aggregate').mockImplementationOnce((...asked) => {
      const cursor = client.db().collection('messages').aggregate(...asked)
      const toArray = async () => {
        const counted = await cursor.toArray()
        if (late !== null) await stored.insertOne(late)
        return counted
      }
      return { toArray } as unknown as typeof cursor
    })
    const totals = [await another.messages.count('ada'), await another.messages.count('ada')]
    counting.mockRestore()
    await another.close()
    expect(totals).toEqual([messages - 1, messages])
  })

  test('the count of all messages goes on from what was counted, and is none when they are erased', async () => {
    const counting = vi.spyOn(Collection.prototype, 'aggregate')
    const asked = async (): Promise<number> => {
      counting.mockClear()
      expect(await memory.messages.count('ada')).toBe(messages)
      return client.db().collection('messages').countDocuments((counting.mock.calls[0]?.[0]?.[0] as { $match: object }).$match)
    }
    const [first, second] = [await asked(), await asked()]
    counting.mockRestore()
    expect([first, second]).toEqual([messages, 1_000])
    expect(await search({ order: 'newest', limit: 1 })).toMatchObject({ total: messages })
    expect(await memory.messages.counts(['bob', 'ada'])).toEqual(new Map([['ada', messages]]))
    const another = await openMongoMemory({ uri: uriOf() })
    await another.messages.insert(sampleMessage('ada', messages + 1, 'gauge'))
    expect(await memory.messages.count('ada')).toBe(messages + 1)
    await another.eraseAgent('ada')
    expect(await memory.messages.counts(['bob', 'ada'])).toEqual(new Map())
    await another.close()
  })
})

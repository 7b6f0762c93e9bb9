import { randomUUID } from 'node:crypto'
import { QdrantClient } from '@qdrant/js-client-rest'
import { MongoClient, type Db } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { idsOf } from '../../src/protocol/tenant.ts'
import { collectionNames } from '../../src/stores/mongo/collections.ts'
import { migrateMongo } from '../../src/stores/mongo/migrate.ts'
import { mongoMigrations } from '../../src/stores/mongo/migrations/list.ts'
import { openMongoMemory } from '../../src/stores/mongo/open.ts'
import { migrateQdrant } from '../../src/stores/qdrant/migrate.ts'
import { qdrantMigrations } from '../../src/stores/qdrant/migrations/list.ts'
import { openQdrantArchival } from '../../src/stores/qdrant/open.ts'
import { termVectorOf } from '../../src/stores/qdrant/term-vector.ts'
import { firstSchema, storesSchema } from '../../src/stores/schema.ts'
import { wordsOf } from '../../src/words/words.ts'
import { startMongo } from '../servers/mongo.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { sampleMessage } from './memory/samples.ts'
import { keptContents } from './kept/kept-file.ts'

const mongo = await startMongo()
const qdrant = await startQdrant()

test.for([
  ['MongoDB', mongoMigrations],
  ['Qdrant', qdrantMigrations],
] as const)('the migrations of %s lead to the present schema one by one [deploy:versioning]', ([, migrations]) => {
  expect(migrations.map(({ to }) => to)).toEqual(Array.from({ length: storesSchema - firstSchema }, (_, index) => firstSchema + 1 + index))
})

describeWithServer('MongoDB', mongo, (server) => {
  const kept = keptContents('0.1.0')
  let client: MongoClient
  let raw: Db
  let where: { readonly uri: string; readonly database: string }
  beforeAll(async () => {
    client = await new MongoClient(server.uri).connect()
  })
  beforeEach(() => {
    where = { uri: server.uri, database: `test-${randomUUID()}` }
    raw = client.db(where.database)
  })
  afterEach(async () => {
    await raw.dropDatabase()
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  /** As 0.1.0 left them: no versions, nothing said of the whole. */
  const put = async (): Promise<void> => {
    const named = <Body extends object>(id: (body: Body) => string) => (body: Body) => ({ ...body, _id: id(body) as unknown as never })
    await raw.collection('agents').insertMany(kept.agents.map(named(({ definition }) => definition.id)))
    await raw.collection('messages').insertMany(
      kept.messages.map(named(({ agentId, op }) => `${agentId} ${op}`)).map((message) => ({ ...message, words: message.text.toLowerCase().split(/\W+/), time: new Date(message.at) })),
    )
    await raw.collection('blocks').insertMany(kept.blocks.map(named(({ blockId, version }) => `${blockId} ${version}`)))
    await raw.collection('checkpoints').insertOne(named<typeof kept.checkpoint>(({ agentId, name }) => `${agentId} ${name}`)(kept.checkpoint))
    await raw.collection('turns').insertMany(kept.turns.map((turn) => ({ ...turn, agentId: 'ada', _id: `ada ${turn.turn}` as unknown as never })))
  }
  const unversioned = async (): Promise<number> => {
    const counts = await Promise.all(collectionNames.map((name) => raw.collection(name).countDocuments({ schema: { $exists: false } })))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  describe('what 0.1.0 wrote', () => {
    beforeEach(put)

    test('is read as it is, so that workers of this version may take over before a migration [deploy:versioning]', async () => {
      const memory = await openMongoMemory(where)
      expect(memory.outdated).toBe(true)
      expect(await memory.agents.list({ within: idsOf(undefined), limit: 1_000 })).toEqual(kept.agents)
      expect(await memory.messages.after('ada', 0, 1_000)).toEqual(kept.messages)
      expect(await memory.blocks.history('ada/human', 100)).toEqual(kept.blocks.filter(({ blockId }) => blockId === 'ada/human'))
      expect(await memory.checkpoints.get('ada', 'before-move')).toEqual(kept.checkpoint)
      expect(await memory.turns.get('ada', 1)).toEqual(kept.turns[0])
      await memory.close()
    })

    test('is migrated by command: a dry run counts and changes nothing; every document is there afterwards, bears its version and says what it says in parts [deploy:versioning, message:parts, recall:never-deleted]', async () => {
      const all = await unversioned()
      const dry = await migrateMongo({ ...where, dryRun: true })
      expect(dry).toMatchObject({ found: 1, to: storesSchema })
      expect(dry.changes.map(({ of, count }) => [of, count])).toContainEqual(['messages', kept.messages.length])
      expect(dry.changes.filter(({ to }) => to === 2).reduce((sum, { count }) => sum + count, 0)).toBe(all)
      expect(await unversioned()).toBe(all)

      const done = await migrateMongo({ ...where, dryRun: false })
      expect(done.changes).toEqual(dry.changes)
      expect(await unversioned()).toBe(0)
      expect(await raw.collection('meta').findOne({})).toMatchObject({ schema: storesSchema, program: expect.stringMatching(/^\d/) as string })
      const memory = await openMongoMemory(where)
      expect(memory.outdated).toBe(false)
      expect(await raw.collection('messages').countDocuments({ text: { $exists: true } })).toBe(0)
      expect(await raw.collection('messages').countDocuments({ 'content.type': 'text' })).toBe(kept.messages.length)
      expect(await memory.messages.after('ada', 0, 1_000)).toEqual(kept.messages)
      expect(await memory.agents.list({ within: idsOf(undefined), limit: 1_000 })).toEqual(kept.agents)
      await memory.close()
      expect((await migrateMongo({ ...where, dryRun: false })).changes.every(({ count }) => count === 0)).toBe(true)
    })

    test('is migrated to the end after a migration was broken off, and after an older worker has written since [deploy:versioning]', async () => {
      await raw.collection('messages').updateMany({ seq: { $lt: 5 } }, { $set: { schema: 2 } })
      await migrateMongo({ ...where, dryRun: false })
      expect(await unversioned()).toBe(0)
      const late = { ...sampleMessage('ada', 900, 'late'), words: ['late'], time: new Date(), _id: 'ada late' as unknown as never }
      await raw.collection('messages').insertOne(late)
      const again = await migrateMongo({ ...where, dryRun: false })
      expect(again.changes.filter(({ count }) => count > 0)).toMatchObject([{ to: 2, of: 'messages', count: 1 }, { to: 4, of: 'messages', count: 1 }, { to: 12, of: 'messages', count: 1 }])
      expect(await unversioned()).toBe(0)
    })
  })

  test('the words of every message are made anew, however many there are [deploy:versioning, recall:search]', async () => {
    const memory = await openMongoMemory(where)
    const former = Array.from({ length: 450 }, (_, index) => ({ ...sampleMessage('ada', index + 1, '등대에서'), words: ['등대에서'], time: new Date(), schema: index % 2 === 0 ? 3 : 8, _id: `ada ${index}` as unknown as never }))
    await raw.collection('messages').insertMany(former)
    const search = { text: '등대', order: 'newest', offset: 0, limit: 1 } as const
    expect((await memory.messages.search('ada', search)).total).toBe(0)
    const { changes } = await migrateMongo({ ...where, dryRun: false })
    expect(changes.find(({ to }) => to === 12)).toMatchObject({ of: 'messages', count: 450 })
    expect((await memory.messages.search('ada', search)).total).toBe(450)
    await memory.close()
  })

  test('what left the definitions that an earlier worker stored is found, and kept once; after that only what such a worker stores since is read [definition:living, deploy:versioning]', async () => {
    const memory = await openMongoMemory(where)
    const { agentId, definition } = { agentId: 'ada', definition: (kept.agents[0] ?? expect.fail('no agent was kept')).definition }
    const [block = expect.fail('it has blocks')] = definition.blocks
    const blockOf = (name: string, label: string) => ({ ...block, blockId: `${agentId}/${name}`, label })
    const [one, two, renamed, three] = [blockOf('one', 'human'), blockOf('two', 'human'), blockOf('two', 'person'), blockOf('three', 'notes')]
    const store = async (versions: readonly (readonly (typeof block)[])[], first: number) => {
      for (const [index, blocks] of versions.entries()) {
        const version = first + index
        await raw.collection('definitions').insertOne({ _id: `${agentId} ${version}` as unknown as never, agentId, version, definition: { ...definition, blocks }, op: `op ${version}`, author: 'ada', turn: 0, at: '2026-01-01T00:00:00.000Z', schema: 8 })
      }
    }
    const keptNow = async () => (await raw.collection('formerBlocks').find({}, { sort: { _id: 1 } }).toArray()).map(({ block: { blockId, label }, version }) => `${blockId} ${label} ${version}`)
    const { definitions } = memory
    await store([[one], [two], [renamed], [renamed, blockOf('shared', 'x')], []], 1)
    expect(await definitions.formerBlockOf(agentId, 'human', [])).toEqual(one)
    expect(await definitions.formerBlock(agentId, two.blockId)).toEqual(renamed)
    expect(await keptNow()).toEqual(['ada/one human 1', 'ada/shared x 4', 'ada/two person 4'])
    // What is kept once is not read again: that it is gone shows it.
    await raw.collection('formerBlocks').deleteMany({})
    expect(await definitions.formerBlock(agentId, one.blockId)).toBeUndefined()
    await store([[three], []], 6)
    await definitions.insert({ agentId, version: 8, definition: { ...definition, blocks: [] }, op: 'op 8', author: 'ada', turn: 0, at: '2026-01-01T00:00:00.000Z' })
    expect(await keptNow()).toEqual(['ada/three notes 6'])
    expect(await definitions.formerBlockOf(agentId, 'notes', [])).toEqual(three)
    await memory.close()
  })

  test('an aside that was kept without its sum, by an earlier worker or by one that died, is added once [cost, deploy:versioning]', async () => {
    const memory = await openMongoMemory(where)
    const cost = (id: string) => ({ agentId: 'ada', id, at: '2026-01-01T00:00:00.000Z', model: 'm', usage: { promptTokens: 10, cachedTokens: 0, completionTokens: 1, costMicros: 7 }, latencyMs: 1 })
    const store = (id: string) => raw.collection('asideCosts').insertOne({ _id: `ada ${id}` as unknown as never, ...cost(id), schema: 10 })
    const spent = async () => (await memory.asideCosts.spent('ada')).promptTokens
    await store('a')
    await store('b')
    expect(await spent()).toBe(20)
    await memory.asideCosts.insert(cost('c'))
    expect(await spent()).toBe(30)
    // It had died before it could mark what it had added.
    await raw.collection('asideCosts').updateOne({ id: 'c' }, { $unset: { summed: '' } })
    await store('d')
    expect([await spent(), await spent()]).toEqual([40, 40])
    expect(await memory.asideCosts.list('ada')).toContainEqual(cost('c'))
    expect(await raw.collection('asideCosts').countDocuments({ summed: { $exists: false } })).toBe(0)
    await memory.close()
  })

  test('asides that were kept without their sum are added in slices, however many they are [cost, deploy:versioning]', async () => {
    const memory = await openMongoMemory(where)
    const usage = { promptTokens: 10, cachedTokens: 0, completionTokens: 1 }
    await raw.collection('asideCosts').insertMany(Array.from({ length: 1_500 }, (_, index) => ({ _id: `bob ${index}` as unknown as never, agentId: 'bob', id: String(index), usage, schema: 10 })))
    expect((await Promise.all([memory.asideCosts.spent('bob'), memory.asideCosts.spent('bob')])).map(({ promptTokens }) => promptTokens)).toEqual([15_000, 15_000])
    expect((await raw.collection('asideSums').findOne<{ added: string[] }>({ _id: 'bob' as unknown as never }))?.added.length).toBeLessThanOrEqual(1_000)
    await memory.close()
  })

  test('each document that is stored now bears its version, which no reader sees [deploy:versioning]', async () => {
    const memory = await openMongoMemory(where)
    await memory.messages.insert(sampleMessage('ada', 1, 'penguin'))
    await memory.turns.put('ada', kept.turns[0] ?? expect.fail('no turn was kept'))
    await memory.checkpoints.put(kept.checkpoint)
    expect(await unversioned()).toBe(0)
    expect(await raw.collection('messages').findOne({})).toMatchObject({ content: [{ type: 'text', text: 'penguin' }] })
    expect(await memory.messages.byOp('ada', sampleMessage('ada', 1, '').op)).not.toHaveProperty('schema')
    expect((await memory.messages.search('ada', { text: 'penguin', order: 'relevance', offset: 0, limit: 1 })).messages[0]).not.toHaveProperty('schema')
    await memory.close()
  })

  test('a database of a newer version is refused by name, and so is a single document of one [deploy:versioning]', async () => {
    const memory = await openMongoMemory(where)
    await memory.messages.insert(sampleMessage('ada', 1, 'penguin'))
    await raw.collection('messages').updateMany({}, { $set: { schema: storesSchema + 1 } })
    const ofDocument = expect.stringMatching(/collection messages has schema \d+, written by a newer version/) as string
    await expect(memory.messages.after('ada', 0, 9)).rejects.toMatchObject({ code: 'schema-newer', message: ofDocument })
    await memory.close()
    await raw.collection('meta').updateOne({}, { $set: { schema: 99, program: '7.1.0' } })
    const message = expect.stringMatching(/database test-.* has schema 99, written by Perdure 7\.1\.0; .*knows schemas up to \d+: run 7\.1\.0/) as string
    await expect(openMongoMemory(where)).rejects.toMatchObject({ code: 'schema-newer', message })
    await expect(migrateMongo({ ...where, dryRun: false })).rejects.toMatchObject({ code: 'schema-newer' })
  })

  test('an empty database has nothing to migrate [deploy:versioning]', async () => {
    expect(await migrateMongo({ ...where, dryRun: false })).toMatchObject({ found: undefined, changes: [] })
  })
})

describeWithServer('Qdrant', qdrant, (server) => {
  const space = { model: 'tiny', dimensions: 2 }
  let client: QdrantClient
  let where: { readonly url: string; readonly collection: string }
  beforeEach(() => {
    client = new QdrantClient({ url: server.uri, checkCompatibility: false })
    where = { url: server.uri, collection: `test-${randomUUID()}` }
  })
  afterEach(async () => {
    await client.deleteCollection(where.collection)
  })
  afterAll(() => server.stop())

  const passage = (index: number) => ({ agentId: 'ada', op: `op ${index}`, text: `walrus ${index}`, tags: ['t'], source: 'agent', at: `2024-03-01T12:00:${10 + index}.000Z` })
  /** Without the collection's record and the versions: what a collection of 0.1.0 had. */
  const put = async (count: number): Promise<void> => {
    await client.createCollection(where.collection, { vectors: { tiny: { size: 2, distance: 'Cosine' } }, sparse_vectors: { words: { modifier: 'idf' } } })
    const points = Array.from({ length: count }, (_, index) => ({
      id: randomUUID(),
      vector: { tiny: [1, index], words: { indices: [1], values: [1] } },
      payload: { ...passage(index), order: Date.parse(passage(index).at) * 1_000 },
    }))
    await client.upsert(where.collection, { wait: true, points })
    await client.createPayloadIndex(where.collection, { field_name: 'order', field_schema: 'integer', wait: true })
  }

  test('what 0.1.0 wrote is read as it is, and migrated by command with a dry run before it [deploy:versioning]', async () => {
    await put(7)
    const before = await openQdrantArchival(where)
    expect(before.outdated).toBe(true)
    expect((await before.list('ada', 0, 10)).length).toBe(7)
    const dry = await migrateQdrant({ ...where, dryRun: true })
    expect(dry).toMatchObject({ found: 1, to: storesSchema, changes: [{ to: 2, of: 'passages', count: 7 }, { to: 17, of: 'passages', count: 7 }] })
    expect(await migrateQdrant({ ...where, dryRun: true })).toEqual(dry)
    expect((await migrateQdrant({ ...where, dryRun: false })).changes).toEqual(dry.changes)
    expect(await migrateQdrant({ ...where, dryRun: false })).toMatchObject({ found: storesSchema, changes: [{ count: 0 }, { count: 0 }] })
    const after = await openQdrantArchival(where)
    expect(after.outdated).toBe(false)
    expect(await after.list('ada', 0, 10)).toEqual([6, 5, 4, 3, 2, 1, 0].map(passage))
    expect(await after.count('ada')).toBe(7)
    // Their words were made anew from their texts; what they mean is left.
    const first = async (words: string) => (await after.search('ada', { words, vector: [1, 0], offset: 0, limit: 1 }, space)).hits[0]?.passage.text
    expect([await first('?'), await first('5'), await first('4')]).toEqual(['walrus 0', 'walrus 5', 'walrus 4'])
    const { total, hits } = await after.search('ada', { words: 'walrus', vector: [1, 0], offset: 0, limit: 10 }, space)
    expect([total, hits.length]).toEqual([7, 7])
  })

  test('passages of before are found by their words until they are migrated, and by their stems from then on; one that is edited meanwhile keeps its own [archival:insert-search, deploy:versioning]', async () => {
    const store = await openQdrantArchival(where)
    const texts = ['She was running.', 'They were running.', 'A heron.']
    await store.insert(texts.map((text, index) => ({ passage: { ...passage(index), text }, vector: [1, index] })), space)
    const { points } = await client.scroll(where.collection, { filter: { must: [{ key: 'agentId', match: { value: 'ada' } }] }, limit: 10, with_payload: true })
    const former = points.map(({ id, payload }) => {
      const { indices, values } = termVectorOf(wordsOf(String(payload?.['text'])))
      return { id, vector: { words: { indices: [...indices], values: [...values] } } }
    })
    await client.updateVectors(where.collection, { wait: true, points: former })
    await client.setPayload(where.collection, { wait: true, payload: { schema: 16 }, points: points.map(({ id }) => id) })
    const found = async (words: string): Promise<readonly string[]> =>
      (await store.search('ada', { words, vector: [0, 0], offset: 0, limit: 5 }, space)).hits.filter(({ score }) => score > 0).map(({ passage: { text } }) => text).toSorted()
    expect([await found('runs'), await found('running')]).toEqual([[], texts.slice(0, 2)])
    // Who migrates has read it when a worker of now edits it.
    const updateVectors = client.updateVectors.bind(client)
    const [last] = qdrantMigrations.at(-1)?.steps ?? []
    const racing = Object.assign(Object.create(client) as QdrantClient, {
      updateVectors: async (...asked: Parameters<QdrantClient['updateVectors']>) => {
        const edits = [{ op: 'edit', by: 'ada', at: passage(2).at }]
        await store.edit({ passage: { ...passage(2), text: 'A heron stands.', edits }, vector: [1, 2] }, space)
        return updateVectors(...asked)
      },
    })
    expect(await last?.run({ client: racing, name: where.collection })).toBe(3)
    expect([await found('runs'), await found('running'), await found('standing')]).toEqual([texts.slice(0, 2), texts.slice(0, 2), ['A heron stands.']])
    expect(await last?.count({ client, name: where.collection })).toBe(0)
  })

  test('a collection made now says its version, which is no passage of anybody; a newer one is refused by name [deploy:versioning]', async () => {
    const store = await openQdrantArchival(where)
    await store.insert([{ passage: passage(1), vector: [1, 0] }], space)
    expect((await openQdrantArchival(where)).outdated).toBe(false)
    expect(await store.list('ada', 0, 10)).toEqual([passage(1)])
    const { points } = await client.scroll(where.collection, { filter: {}, limit: 10, with_payload: true })
    expect(points.map(({ payload }) => payload?.['schema'])).toEqual([storesSchema, storesSchema])
    await client.setPayload(where.collection, { wait: true, payload: { schema: storesSchema + 1, program: '9.0.0' }, points: points.map(({ id }) => id) })
    await expect(store.list('ada', 0, 10)).rejects.toMatchObject({ code: 'schema-newer', message: expect.stringMatching(/a passage in Qdrant has schema \d+/) as string })
    const message = expect.stringMatching(/collection test-.* has schema \d+, written by Perdure 9\.0\.0/) as string
    await expect(openQdrantArchival(where)).rejects.toMatchObject({ code: 'schema-newer', message })
    await expect(migrateQdrant({ ...where, dryRun: true })).rejects.toMatchObject({ code: 'schema-newer' })
  })
})

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { QdrantClient } from '@qdrant/js-client-rest'
import fc from 'fast-check'
import { MongoClient } from 'mongodb'
import { afterAll, describe, expect, test } from 'vitest'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openMongoMemory } from '../../src/stores/mongo/open.ts'
import { openQdrantArchival } from '../../src/stores/qdrant/open.ts'
import type { ArchivalStore } from '../../src/stores/archival.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'
import { wellFormed, wellFormedJson } from '../../src/protocol/well-formed.ts'
import { startMongo } from '../servers/mongo.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { sampleMessage } from '../stores/memory/samples.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { hostileJson, hostileText } from './hostile.ts'

const mongo = await startMongo()
const qdrant = await startQdrant()
const folder = await temporaryFolder()
const embedded = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
afterAll(async () => {
  await embedded.close()
  await folder.remove()
})
const space = { model: 'tiny', dimensions: 2 }

/** A store in which one thing lies that only its own word finds; a query must not reach it by being an operator. */
async function fuzzRecall(memory: MemoryStore, numRuns: number): Promise<void> {
  const agentId = `a-${randomUUID()}`
  await memory.messages.insert(sampleMessage(agentId, 1, 'xylophone'))
  await fc.assert(
    fc.asyncProperty(hostileText, fc.constantFrom('newest', 'relevance' as const), async (text, order) => {
      const found = await memory.messages.search(agentId, { text, order, offset: 0, limit: 5 })
      expect(found.total).toBe(text.toLowerCase().includes('xylophone') ? 1 : 0)
    }),
    { numRuns },
  )
}

async function fuzzArchival(archival: ArchivalStore, numRuns: number): Promise<void> {
  const agentId = `a-${randomUUID()}`
  const passage = { agentId, op: 'op', text: 'xylophone', tags: ['t'], source: 'agent', at: '2024-03-01T12:00:00.000Z' }
  await archival.insert([{ passage, vector: [1, 0] }], space)
  await fc.assert(
    fc.asyncProperty(hostileText.map(wellFormed), hostileText.map(wellFormed), async (words, tag) => {
      expect((await archival.search(agentId, { words, vector: [1, 0], offset: 0, limit: 5 }, space)).total).toBe(1)
      expect((await archival.search(agentId, { words, vector: [1, 0], offset: 0, limit: 5, tags: [tag] }, space)).total).toBe(tag === 't' ? 1 : 0)
    }),
    { numRuns },
  )
}

/** What a sender's text becomes before it is stored is what every store gives back, to the letter. */
async function fuzzTexts(memory: MemoryStore, numRuns: number): Promise<void> {
  const agentId = `a-${randomUUID()}`
  await fc.assert(
    fc.asyncProperty(hostileText.map(wellFormed), async (text) => {
      const body = { agentId, eventId: randomUUID(), kind: 'user-message', text, sentAt: '2024-03-01T12:00:00.000Z' } as const
      await memory.events.put(body)
      expect(await memory.events.get(agentId, body.eventId)).toEqual(body)
    }),
    { numRuns },
  )
}

describe('whatever is searched for', () => {
  test('in a memory file is words, and nothing else [recall:search, archival:insert-search]', async () => {
    await fuzzRecall(embedded.memory, 200)
    await fuzzArchival(embedded.archival, 200)
  })
})

test('any text without halves of characters comes back from a memory file as it was stored [mailbox:durable]', () => fuzzTexts(embedded.memory, 100))

describeWithServer('MongoDB', mongo, (server) => {
  const database = `test-${randomUUID()}`
  afterAll(async () => {
    const client = new MongoClient(server.uri)
    await client.db(database).dropDatabase()
    await client.close()
    await server.stop()
  })

  test('takes whatever is searched for as words, and gives any text back as it was stored [recall:search, mailbox:durable]', async () => {
    const memory = await openMongoMemory({ uri: server.uri, database })
    await fuzzRecall(memory, 60)
    await fuzzTexts(memory, 60)
    await memory.close()
  })
})

describeWithServer('Qdrant', qdrant, (server) => {
  const collection = `test-${randomUUID()}`
  afterAll(async () => {
    await new QdrantClient({ url: server.uri, checkCompatibility: false }).deleteCollection(collection)
    await server.stop()
  })

  test('takes whatever is searched for as words and tags [archival:insert-search]', async () => {
    await fuzzArchival(await openQdrantArchival({ url: server.uri, collection }), 15)
  })
})

describe('mending halves of characters', () => {
  test('leaves whole texts as they are, and every text and value as UTF-8 can hold it [mailbox:durable]', () => {
    fc.assert(
      fc.property(hostileText, fc.string({ unit: 'grapheme' }), (text, whole) => {
        expect(Buffer.from(wellFormed(text)).toString()).toBe(wellFormed(text))
        expect(wellFormed(whole)).toBe(whole)
      }),
    )
    fc.assert(
      fc.property(hostileJson, (value) => {
        const mended = wellFormedJson(value)
        expect(JSON.stringify(mended)).not.toMatch(/(?<!\\)(?:\\\\)*\\ud[89a-f]/i)
        expect(wellFormedJson(mended)).toEqual(mended)
      }),
    )
    expect(wellFormedJson({ a: 'say \\ud800', b: '\ud800' })).toEqual({ a: 'say \\ud800', b: '\ufffd' })
  })
})

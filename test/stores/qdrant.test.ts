import { QdrantClient } from '@qdrant/js-client-rest'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { isAwayForNow, PerdureError } from '../../src/protocol/errors.ts'
import { addressOf } from '../../src/stores/qdrant/address.ts'
import { connectQdrant } from '../../src/stores/qdrant/connect.ts'
import { modelOf, vectorNameOf } from '../../src/stores/qdrant/embedding-space.ts'
import { openQdrantArchival } from '../../src/stores/qdrant/open.ts'
import { pointIdOf } from '../../src/stores/qdrant/point-id.ts'
import { termVectorOf } from '../../src/stores/qdrant/term-vector.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { archivalStoreContract } from './archival.contract.ts'
import { httpFailures, type HttpFailure } from './failing/http-failures.ts'

const qdrant = await startQdrant()

async function failureOf(url: string): Promise<PerdureError> {
  const error: unknown = await openQdrantArchival({ url }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (PerdureError.isInstance(error)) return error
  throw new Error('it opened, or failed in another way', { cause: error })
}

test('a Qdrant that does not answer is named by its host, without its password', async () => {
  const error = await failureOf('http://ada:secret@127.0.0.1:1')
  expect(error.code).toBe('server-unavailable')
  expect(error.message).toContain('127.0.0.1:1')
  expect(error.message).not.toContain('secret')
})

test('a key is sent with every request, also without TLS, and the console says nothing of it', async () => {
  const keys: unknown[] = []
  const server = createServer(({ headers }, response) => {
    keys.push(headers['api-key'])
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ title: 'qdrant', version: '1.16.3', result: { collections: [] }, status: 'ok', time: 0 }))
  }).listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const warn = vi.spyOn(console, 'warn')
  try {
    const { client } = await connectQdrant({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'a-key' })
    await client.getCollections()
    expect(keys).toEqual(['a-key', 'a-key'])
    expect(warn).not.toHaveBeenCalled()
  } finally {
    warn.mockRestore()
    server.closeAllConnections()
    server.close()
  }
})

test.for([
  ['http://host', 'http://host', 80, undefined],
  ['https://host', 'https://host', 443, undefined],
  ['http://host:80/', 'http://host', 80, undefined],
  ['https://host:443/qdrant/', 'https://host', 443, '/qdrant'],
  ['http://host:6333/a/b', 'http://host:6333', 6333, '/a/b'],
  ['http://[::1]:6333', 'http://[::1]:6333', 6333, undefined],
] as const)('the address %s means its own port and path', ([text, url, port, prefix]) => {
  expect(addressOf(text)).toMatchObject({ url, port })
  expect(addressOf(text).prefix).toBe(prefix)
})

test('a user and a password in the address are sent, and shown nowhere', () => {
  const { headers, ...shown } = addressOf('https://ada:s%40cret@host/qdrant')
  expect(headers).toEqual({ authorization: `Basic ${Buffer.from('ada:s@cret').toString('base64')}` })
  expect(JSON.stringify(shown)).not.toContain('cret')
})

test.for([401, 403])('a server that answers %i is said to refuse the key: at the start, and later', async (status) => {
  let refuses = false
  const server = createServer(({ url }, response) => {
    // The server's root asks for no key.
    if (url !== '/' && refuses) response.statusCode = status
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ version: '1.16.3', result: { collections: [], aliases: [] }, status: 'ok', time: 0 }))
  }).listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const store = await openQdrantArchival({ url, apiKey: 'a-wrong-key' })
    refuses = true
    const refusal = { code: 'config-invalid', message: expect.stringMatching(/^Qdrant at 127\.0\.0\.1:\d+ refuses the key, or its lack: correct QDRANT_API_KEY/) as string }
    await expect(store.count('ada')).rejects.toMatchObject(refusal)
    const failure = await failureOf(url)
    expect(failure).toMatchObject(refusal)
    expect(failure.message).not.toContain('a-wrong-key')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test.for(['http://host:6333?key=1', 'http://host:6333#a', 'localhost:6333', 'ftp://localhost', ''])('%s is refused as no URL of a Qdrant', async (url) => {
  expect((await failureOf(url)).code).toBe('config-invalid')
})

test.for(['text-embedding-3-small', 'BAAI/bge-m3', 'nomic-embed-text:v1.5', 'my_model', 'größe 🎉'])('model %s names a vector in plain letters, and is read back', (model) => {
  expect(vectorNameOf(model)).toMatch(/^[\w.-]+$/)
  expect(modelOf(vectorNameOf(model))).toBe(model)
})

test('the id of a point is a UUID of agent and operation, the same for ever', () => {
  expect(pointIdOf('ada', 'ada/1/1/0')).toBe('0ef0353e-fecb-5116-9a70-e965f1642290')
  expect(pointIdOf('ada', '1/1')).not.toBe(pointIdOf('ad', 'a 1/1'))
})

test('a word that occurs more often weighs more, and ever less the more', () => {
  const { indices, values } = termVectorOf(['a', 'b', 'b', 'c', 'c', 'c'])
  const [once = 0, twice = 0, thrice = 0] = values
  expect(new Set(indices).size).toBe(3)
  expect(twice - once).toBeGreaterThan(thrice - twice)
  expect(thrice).toBeGreaterThan(twice)
})

describeWithServer('Qdrant', qdrant, (server) => {
  afterAll(() => server.stop())

  test('passages of one moment are listed in pages that neither repeat nor omit one', async () => {
    const collection = `test-${randomUUID()}`
    const store = await openQdrantArchival({ url: server.uri, collection })
    for (let index = 0; index < 25; index += 1) {
      const passage = { agentId: 'ada', op: `op ${index}`, text: `text ${index}`, tags: [], source: 'agent', at: '2024-03-01T12:00:00.000Z' }
      await store.insert([{ passage, vector: [1, 0] }], { model: 'moments', dimensions: 2 })
    }
    const pages = await Promise.all([0, 4, 8, 12, 16, 20, 24, 28].map((offset) => store.list('ada', offset, 4)))
    expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 4, 4, 4, 1, 0])
    expect(new Set(pages.flat().map((passage) => passage.op)).size).toBe(25)
    await new QdrantClient({ url: server.uri, checkCompatibility: false }).deleteCollection(collection)
  })

  test.for<[name: string, failure: HttpFailure]>([
    ['503', { status: 503 }],
    ['502', { status: 502 }],
    ['429 with seconds to wait', { status: 429, headers: { 'retry-after': '2' } }],
    ['429 with a time to wait for', { status: 429, headers: { 'retry-after': 'Sat, 28 Nov 2026 22:00:00 GMT' } }],
    ['429 alone', { status: 429 }],
    ['a reset connection', { reset: 'before' }],
    ['a reset connection, the write done', { reset: 'after' }],
  ])('an insert that is answered by %s is one to a server that is away, and succeeds when it is repeated [mailbox:durable]', async ([, failure]) => {
    const collection = `test-${randomUUID()}`
    const failures = await httpFailures(server.uri)
    const store = await openQdrantArchival({ url: failures.url, collection })
    const passage = { agentId: 'ada', op: 'one', text: 'penguin', tags: [], source: 'agent', at: '2024-03-01T12:00:00.000Z' }
    const insert = () => store.insert([{ passage, vector: [1, 0] }], { model: 'failures', dimensions: 2 })
    await store.insert([{ passage: { ...passage, op: 'zero' }, vector: [0, 1] }], { model: 'failures', dimensions: 2 })
    failures.failNext('PUT', failure)
    await expect(insert()).rejects.toSatisfy(isAwayForNow)
    await insert()
    expect(await store.count('ada')).toBe(2)
    await failures.close()
    await new QdrantClient({ url: server.uri, checkCompatibility: false }).deleteCollection(collection)
  })

  archivalStoreContract('Qdrant', async () => {
    const collection = `test-${randomUUID()}`
    const store = await openQdrantArchival({ url: server.uri, collection })
    const another = await openQdrantArchival({ url: server.uri, collection })
    return {
      store,
      reopen: () => Promise.resolve(another),
      close: async () => {
        await Promise.all([store.close(), another.close()])
        const client = new QdrantClient({ url: server.uri, checkCompatibility: false })
        const { collections } = await client.getCollections()
        for (const { name } of collections) if (name.startsWith(collection)) await client.deleteCollection(name)
      },
    }
  })
})

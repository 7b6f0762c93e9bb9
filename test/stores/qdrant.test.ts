import { QdrantClient } from '@qdrant/js-client-rest'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { isAwayForNow, PerdureError } from '../../src/protocol/errors.ts'
import { rarity } from '../../src/stores/relevance.ts'
import { addressOf } from '../../src/stores/qdrant/address.ts'
import type { CurrentCollection } from '../../src/stores/qdrant/collection.ts'
import { connectQdrant } from '../../src/stores/qdrant/connect.ts'
import { modelOf, vectorNameOf } from '../../src/stores/qdrant/embedding-space.ts'
import { openQdrantArchival } from '../../src/stores/qdrant/open.ts'
import { pointIdOf } from '../../src/stores/qdrant/point-id.ts'
import { weighPoints } from '../../src/stores/qdrant/point-words.ts'
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

test('a password in the address may have a percent sign that escapes nothing', () => {
  expect(addressOf('http://ada:p%zz@host:6333').headers).toEqual({ authorization: `Basic ${Buffer.from('ada:p%zz').toString('base64')}` })
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

test.for([
  ['a page for a browser', '<!doctype html><title>Qdrant Web UI</title>', 'text/html'],
  ['another program', 'Ollama is running', 'text/plain'],
  ['another program, with JSON', '{"ok":true}', 'application/json'],
  ['nothing', '', 'application/json'],
] as const)('where %s answers, it is said to be no Qdrant', async ([, body, type]) => {
  const server = createServer((_, response) => response.setHeader('content-type', type).end(body)).listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  try {
    const failure = await failureOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/dashboard`)
    expect(failure).toMatchObject({ code: 'server-unavailable', message: expect.stringMatching(/is no Qdrant: correct QDRANT_URL, which is what stands before \/collections/) as string })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('an address with https of a server without TLS is told to begin with http', async () => {
  const server = createServer((_, response) => response.end('{}')).listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  try {
    expect((await failureOf(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)).message).toMatch(/cannot be used: it speaks without TLS: begin its address with http:\/\/$/)
  } finally {
    server.close()
  }
})

test('the port for gRPC is told from the one that is asked', async () => {
  expect((await failureOf('http://127.0.0.1:6334')).message).toContain('at 6334 a Qdrant speaks gRPC; it is asked at 6333')
})

test.for(['a-secret\nof-two-lines', 'a-secret…'])('a key that no header can hold is refused without it: %j', async (apiKey) => {
  const error = await openQdrantArchival({ url: 'http://127.0.0.1:9', apiKey }).then(() => undefined, (reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'config-invalid', message: expect.stringMatching(/^QDRANT_API_KEY has a character that no request can send \(U\+/) as string })
  expect(String(error)).not.toContain('a-secret')
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

test('a question of many words, of which some are frequent and the others have many holders, makes no request that the server would refuse as too large [archival:insert-search]', async () => {
  const bytes: number[] = []
  const counted = await weighPoints(collectionOf({ rare: 32, holders: 900, frequent: 32 }, bytes), {
    words: Array.from({ length: 64 }, (_, place) => ({ word: `word${place}` })),
    filter: { must: [] },
    depth: 1_000,
    near: { query: [1], using: 'near', filter: { must: [] }, limit: 1_000 },
  })
  expect(Math.max(...bytes)).toBeLessThan(16_000_000)
  expect(counted.weights.size).toBe(32 * 900)
  // Of one rare word and all frequent ones.
  const [weight = 0] = counted.weights.values()
  expect(weight).toBe(rarity(900, 100_000) + 32 * rarity(100_000, 100_000))
})

/** In place of a server: the first words have so many points each, of their own, and all points have the others. Nothing is near. */
function collectionOf({ rare, holders, frequent }: { readonly rare: number; readonly holders: number; readonly frequent: number }, bytes: number[]): CurrentCollection {
  const words = new Map(Array.from({ length: rare + frequent }, (_, place) => [termVectorOf([`word${place}`]).indices[0], place]))
  const pointsOf = ({ query, filter, limit }: { readonly query: { readonly indices?: readonly number[] }; readonly filter: { readonly must: readonly { readonly has_id?: readonly string[] }[] }; readonly limit: number }) => {
    const place = query.indices?.length === 1 ? words.get(query.indices[0]) : undefined
    if (place === undefined) return []
    const within = filter.must.flatMap(({ has_id: ids = [] }) => ids)
    if (within.length > 0) return within
    return Array.from({ length: place < rare ? holders : limit }, (_, index) => idOf(place, index))
  }
  const client = {
    count: async () => ({ count: 100_000 }),
    scroll: async () => ({ points: Array.from({ length: 500 }, (_, index) => ({ id: idOf(999, index) })) }),
    queryBatch: async (_: string, asked: { readonly searches: readonly Parameters<typeof pointsOf>[0][] }) => {
      bytes.push(JSON.stringify(asked).length)
      return asked.searches.map((search) => ({ points: pointsOf(search).map((id) => ({ id, score: 1 })) }))
    },
  }
  return { client, name: 'many-words' } as unknown as CurrentCollection
}

const idOf = (word: number, index: number): string => `00000000-0000-4000-8000-${String(word).padStart(6, '0')}${String(index).padStart(6, '0')}`

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

  test('pages of a search neither repeat nor omit one of more passages than a list of the server is read for, and a rare word is found beside one that most have [archival:insert-search]', async () => {
    const collection = `test-${randomUUID()}`
    const store = await openQdrantArchival({ url: server.uri, collection })
    const space = { model: 'pages', dimensions: 2 }
    const passages = Array.from({ length: 1_300 }, (_, index) => ({
      passage: { agentId: 'ada', op: `op ${index}`, text: `harbour ${index % 3 === 0 ? 'gauge' : 'harbour'} ${index === 900 ? 'zeppelin' : ''}`, tags: [], source: 'agent', at: '2024-03-01T12:00:00.000Z' },
      vector: [Math.cos(index / 500), Math.sin(index / 500)],
    }))
    await store.insert(passages, space)
    const query = { words: 'harbour gauge zeppelin', vector: [1, 0] }
    const pages = await Promise.all(Array.from({ length: 14 }, (_, page) => store.search('ada', { ...query, offset: 100 * page, limit: 100 }, space)))
    expect(pages.map(({ total }) => total)).toEqual(pages.map(() => 1_300))
    const ops = pages.flatMap(({ hits }) => hits.map(({ passage }) => passage.op))
    expect([ops.length, new Set(ops).size]).toEqual([1_300, 1_300])
    expect(ops.slice(0, 4)).toEqual(['op 900', 'op 0', 'op 3', 'op 6'])
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

  test('collections whose maker died before their indexes are read as all others, and get them [recall:meaning archival:insert-search]', async () => {
    const collection = `test-${randomUUID()}`
    const space = { model: 'cut', dimensions: 2 }
    const client = new QdrantClient({ url: server.uri, checkCompatibility: false })
    const names = [collection, `${collection}-exchanges--cut-2`]
    for (const name of names) await client.createCollection(name, { vectors: { [vectorNameOf(space.model)]: { size: 2, distance: 'Cosine' } }, sparse_vectors: { words: { modifier: 'idf' } } })
    const store = await openQdrantArchival({ url: server.uri, collection })
    expect(await store.list('ada', 0, 10)).toEqual([])
    expect(await store.exchanges.latest('ada', space)).toBeUndefined()
    await store.exchanges.insert('ada', [{ first: 1, last: 2, part: 0, at: '2024-03-01T12:00:00.000Z', vector: [1, 0] }], space)
    expect(await store.exchanges.latest('ada', space)).toEqual({ first: 1, last: 2 })
    for (const name of names) await client.deleteCollection(name)
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

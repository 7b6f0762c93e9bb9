import { describe, expect, test } from 'vitest'
import { createClient, type HttpClient } from '../../clients/typescript/src/index.ts'
import { largestBytes } from '../../clients/typescript/src/documents.ts'
import { pageSize } from '../../clients/typescript/src/requests.ts'
import { limits } from '../../src/protocol/limits.ts'

interface Asked {
  readonly url: string
  readonly method: string
  readonly key: string | null
  readonly headers: Headers
  readonly body: unknown
}

type Answer = Response | (() => Response | Promise<Response>)

const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify({ type: `urn:perdure:problem:${code}`, title: 'x', status, code, detail: `it is ${code}` }), { status, headers: { 'content-type': 'application/problem+json', ...headers } })
const cutOff = (): never => {
  throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
}

/** A client whose server answers so, one after the other. */
function answering(answers: readonly Answer[], options: { readonly patienceMs?: number; readonly key?: string } = {}): { readonly client: HttpClient; readonly asked: Asked[] } {
  const asked: Asked[] = []
  const left = [...answers]
  const fetch = async (url: string, { method = '', headers, body }: RequestInit): Promise<Response> => {
    const sent = new Headers(headers)
    asked.push({ url, method, key: sent.get('idempotency-key'), headers: sent, body: typeof body === 'string' ? JSON.parse(body) : body })
    const answer = left.shift() ?? expect.fail(`nobody foresaw ${method} ${url}`)
    return typeof answer === 'function' ? answer() : answer
  }
  return { client: createClient({ url: 'http://server/', fetch, ...options }), asked }
}

const turn = { turn: 1, eventId: 'e', end: 'completed', replies: [2], replyTexts: ['Hello.'], figures: {} }

describe('a request', () => {
  test('is made again under the same id where its answer was lost, at a server that stops, and behind a proxy without one [http:client]', async () => {
    const { client, asked } = answering([cutOff, problem(503, 'shutting-down'), new Response('<html>', { status: 502 }), Response.json({ ...turn, repeated: true })])
    expect(await client.send('ada', 'Hi')).toEqual(turn)
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1)
    expect(asked.map(({ method, body }) => [method, body])).toEqual(Array.from({ length: 4 }, () => ['POST', { text: 'Hi' }]))
  })

  test('says that it was a repetition where the id is the caller\'s own, or nothing was lost [http:client]', async () => {
    const { client } = answering([cutOff, Response.json({ ...turn, repeated: true }), Response.json({ ...turn, repeated: true })])
    expect(await client.send('ada', 'Hi', { eventId: 'e' })).toEqual({ ...turn, repeated: true })
    expect(await client.send('ada', 'Hi')).toEqual({ ...turn, repeated: true })
  })

  test('whose wait is over goes on waiting, by the event\'s id, through servers that are away [http:client]', async () => {
    const { client, asked } = answering([
      Response.json({ eventId: 'e', position: 0, repeated: true }, { status: 202 }), cutOff, problem(503, 'no-worker', { 'retry-after': '0' }), Response.json({ eventId: 'e' }, { status: 202 }), Response.json(turn),
    ], { patienceMs: 0 })
    expect(await client.send('ada', 'Hi', { eventId: 'e', until: 'end' })).toEqual({ ...turn, repeated: true })
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST http://server/api/v1/agents/ada/messages?waitSeconds=50&until=end', ...Array.from({ length: 4 }, () => 'GET http://server/api/v1/agents/ada/turns/e?waitSeconds=50&until=end')])
  })

  test('is not made again where nothing tells a second one apart, unless it was refused before it was done [http:client]', async () => {
    const made = { key: 'pdr_x', accessKey: {} }
    const { client, asked } = answering([problem(429, 'rate-limited', { 'retry-after': '1' }), Response.json(made), cutOff])
    expect(await client.createAccessKey({ name: 'shop', scopes: ['messages'] })).toEqual(made)
    await expect(client.createAccessKey({ name: 'shop', scopes: ['messages'] })).rejects.toMatchObject({ code: 'server-unavailable', message: expect.stringContaining('read ECONNRESET') as string })
    expect(asked).toHaveLength(3)
  })

  test('is not made again where it was refused: the error has code, status and detail [http:client]', async () => {
    const { client, asked } = answering([problem(404, 'agent-unknown'), problem(503, 'no-worker'), problem(404, 'agent-unknown')])
    await expect(client.state('ada')).rejects.toMatchObject({ name: 'PerdureError', code: 'agent-unknown', status: 404, detail: 'it is agent-unknown', message: 'it is agent-unknown' })
    await expect(client.post('ada', 'Hi')).rejects.toMatchObject({ code: 'no-worker', status: 503 })
    expect(await client.get('ada')).toBeUndefined()
    expect(asked).toHaveLength(3)
  })

  test('to whatever is no server of Perdure says so [http:client]', async () => {
    const { client } = answering([new Response('<html>', { status: 404 })])
    await expect(client.state('ada')).rejects.toMatchObject({ code: 'server-unavailable', status: 404, message: expect.stringContaining('see that it is right') as string })
  })

  test('gives up when its patience is over, and at once by its signal, with the signal\'s reason [http:client]', async () => {
    const { client } = answering([cutOff], { patienceMs: 0 })
    await expect(client.cancel('ada')).rejects.toMatchObject({ code: 'server-unavailable' })
    const leaving = new AbortController()
    const waiting = answering(Array.from({ length: 99 }, () => cutOff)).client.cancel('ada', { signal: leaving.signal })
    leaving.abort(new Error('no longer'))
    await expect(waiting).rejects.toThrow('no longer')
  })

  test('carries the key, and names in a path as they are [http:client]', async () => {
    const { client, asked } = answering([Response.json({}), Response.json({})], { key: 'pdr_1_2' })
    await client.passage('ada', 'ada/1/2/0/1 ?#%')
    await client.searchRecall('ada', { text: 'a&b', roles: ['user', 'tool'], conversation: true })
    expect(asked.map(({ url }) => url)).toEqual(['http://server/api/v1/agents/ada/passages/ada%2F1%2F2%2F0%2F1%20%3F%23%25', 'http://server/api/v1/agents/ada/messages/search?text=a%26b&roles=user&roles=tool&conversation=true'])
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer pdr_1_2')
  })

  test('with what HTTP does not carry is refused by name, before it is sent [http:client]', async () => {
    const { client, asked } = answering([])
    for (const nothing of ['', '.', '..', '\ud800']) {
      expect(await client.get(nothing)).toBeUndefined()
      await expect(client.passage('ada', nothing)).rejects.toMatchObject({ code: 'passage-unknown' })
    }
    for (const eventId of ['a\n', ' a', '😀', 7 as unknown as string]) await expect(client.send('ada', 'Hi', { eventId })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.create({ id: 'ada', metadata: { big: 1n } })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(asked).toEqual([])
  })
})

describe('messages', () => {
  test('are as many as were asked for, by as many pages as that takes [http:client]', async () => {
    expect(pageSize).toBe(limits.pageSize)
    const page = (...seqs: readonly number[]) => Response.json({ messages: seqs.map((seq) => ({ seq })), next: seqs.at(-1) })
    const { client, asked } = answering([page(4, 5), page(6), page(7), Response.json({ messages: [{ seq: 8 }] })])
    expect((await client.messages('ada', { after: 3, limit: 3 })).map(({ seq }) => seq)).toEqual([4, 5, 6])
    expect((await client.messages('ada')).map(({ seq }) => seq)).toEqual([7, 8])
    expect(asked.map(({ url }) => new URL(url).search)).toEqual(['?after=3&limit=3', '?after=5&limit=1', '', '?after=7'])
  })
})

describe('documents', () => {
  test('are sent some at a time; one that no server would read is not sent at all [http:client]', async () => {
    expect(largestBytes).toBe(limits.documentBytes)
    const loaded = { loaded: 1, unchanged: 0, removed: 0, passages: 2, failed: [], partly: [] }
    const { client, asked } = answering([Response.json(loaded), Response.json(loaded)])
    const files = [3, 6, largestBytes / 1024 / 1024 + 1].map((megabytes) => ({ name: `${megabytes}.txt`, bytes: new Uint8Array(megabytes * 1024 * 1024) }))
    const progress: number[] = []
    const result = await client.loadDocuments('ada', files, { onProgress: ({ given }) => progress.push(given) })
    expect(result).toMatchObject({ loaded: 2, passages: 4, failed: [{ name: '65.txt', code: 'document-too-large' }] })
    expect(asked.map(({ body }) => (body as FormData).getAll('file').map((file) => (typeof file === 'string' ? file : file.name)))).toEqual([['3.txt'], ['6.txt']])
    expect(progress).toEqual([1, 2, 3])
  })
})

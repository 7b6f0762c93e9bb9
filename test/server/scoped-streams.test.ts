import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessKeyCheck } from '../../src/client/access-key-check.ts'
import { accessKeyMethods } from '../../src/client/access-keys.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import type { Scope } from '../../src/protocol/scopes.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { httpOf, type Http } from '../support/http.ts'
import { storesWith } from '../support/stores-with.ts'

const place = { turn: 1, step: 1, seq: 2 }
const asked = { op: 'ada/step/1', role: 'assistant', text: 'secret thought', calls: [{ id: 'c', name: 'send_message', arguments: '{"message":"Hello","why":"secret"}' }] }
const replied = { op: 'ada/step/1/0', role: 'tool', text: 'secret result', reply: 'Hello', toolName: 'send_message', given: { origin: 'secret' } }
const told = [
  { type: 'turn', id: '1.turn', turn: 1, event: { id: 'hi', kind: 'user-message', seq: 1 } },
  { type: 'message', id: '1', turn: 1, seq: 1, message: { op: 'ada/event/1', role: 'user', text: 'a secret of whoever sent it first' } },
  { type: 'step', id: '2.step', ...place },
  { type: 'delta', id: '2.1.1', ...place, attempt: 1, n: 1, kind: 'thoughts', text: 'secret' },
  { type: 'delta', id: '2.1.2', ...place, attempt: 1, n: 2, kind: 'text', text: 'Hel', call: 0 },
  { type: 'message', id: '2', turn: 1, seq: 2, message: asked },
  { type: 'message', id: '3', turn: 1, seq: 3, message: replied },
  { type: 'message', id: '4', turn: 1, seq: 4, message: { op: 'ada/step/1/1', role: 'tool', text: 'secret passages', toolName: 'archival_memory_search' } },
  { type: 'waiting', id: '4.waiting', turn: 1, calls: [] },
  { type: 'end', id: '4.end.1', turn: 1, eventId: 'hi', end: 'completed' },
]
const waiting = ['approval', 'client'].map((party) => ({ op: party, for: party, name: 'x', arguments: {}, thoughts: 'secret', eventId: 'hi', since: new Date(0), until: new Date(0) }))

let stores: Stores
let http: Http
const client = {
  watch: async function* () {
    await Promise.resolve()
    yield* told
  },
  post: () => Promise.resolve({ eventId: 'hi', position: 1 }),
  waiting: () => Promise.resolve(waiting),
} as unknown as PerdureClient
beforeAll(async () => {
  stores = await storesWith()
  http = httpOf(client, { keys: accessKeyCheck(stores.memory.accessKeys) })
})
afterAll(() => stores.close())

async function authorized(...scopes: readonly Scope[]): Promise<{ readonly authorization: string }> {
  const { key } = await accessKeyMethods(stores.memory.accessKeys, undefined).createAccessKey({ name: 'of the test', scopes })
  return { authorization: `Bearer ${key}` }
}

const sent = async (server: Http, headers: Readonly<Record<string, string>>): Promise<Response> =>
  server.fetch('/api/v1/agents/ada/messages', { method: 'POST', body: '{"text":"Hi"}', headers: { 'content-type': 'application/json', 'idempotency-key': 'hi', ...headers } })
const eventsIn = (text: string): readonly string[] => Array.from(text.matchAll(/^event: (\w+)$/gm), ([, name = '']) => name)

describe('the stream of a message', () => {
  const accept = 'text/event-stream'

  test('tells whoever may not read memory the replies, and no thoughts, calls or results [http:keys http:stream]', async () => {
    const text = await (await sent(http, { ...(await authorized('messages')), accept })).text()
    expect(eventsIn(text)).toEqual(['accepted', 'turn', 'step', 'delta', 'message', 'waiting', 'end'])
    expect([text.includes('secret'), text.includes('"reply":"Hello"')]).toEqual([false, true])
  })

  test('tells everything to whoever may, and where no keys are needed [http:keys http:stream]', async () => {
    const all = ['accepted', ...told.map(({ type }) => type)]
    expect(eventsIn(await (await sent(http, { ...(await authorized('messages', 'memory:read')), accept })).text())).toEqual(all)
    expect(eventsIn(await (await sent(httpOf(client), { accept })).text())).toEqual(all)
  })
})

test.each([
  ['text/event-stream', true],
  ['Text/Event-Stream, application/json;q=0.5', true],
  ['text/event-stream;q=0', false],
  ['application/json, text/event-stream;q=0.9', false],
  ['*/*', false],
])('a message is answered by a stream where Accept prefers it: %s, %s [http:stream]', async (accept, expected) => {
  const answering = { ...client, send: () => Promise.resolve({ end: 'completed' }) } as unknown as PerdureClient
  expect((await sent(httpOf(answering), { accept })).headers.get('content-type') === 'text/event-stream').toBe(expected)
})

test('the calls that wait are told to whoever approves, and those of programs without thoughts to whoever speaks to the agent [http:keys]', async () => {
  const callsFor = async (...scopes: readonly Scope[]) => {
    const { status, body } = await http.ask('GET', '/agents/ada/calls', { headers: await authorized(...scopes) })
    return [status, (body['calls'] as readonly { readonly op: string; readonly thoughts: string }[] | undefined)?.map(({ op, thoughts }) => [op, thoughts])]
  }
  expect(await callsFor('approve')).toEqual([200, [['approval', 'secret'], ['client', 'secret']]])
  expect(await callsFor('messages')).toEqual([200, [['client', '']]])
  expect(await callsFor('agents:read', 'memory:read')).toEqual([403, undefined])
})

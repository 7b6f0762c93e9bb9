import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import type { SendOptions } from '../../src/client/types.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { httpOf, type Http } from '../support/http.ts'

/** Accepts a message once, and its turn never ends. */
const accepting = (position: number) => async (_agent: string, _text: string, { eventId = '', onAccepted, signal }: SendOptions = {}) => {
  onAccepted?.({ eventId, position })
  await sleep(60_000, undefined, { ref: false, ...(signal && { signal }) })
}
const httpWith = (methods: object, stopping = new AbortController()): Http => httpOf(methods as PerdureClient, { stopping: stopping.signal })
const post = (http: Http, query: string, headers = {}) => http.ask('POST', `/agents/ada/messages?${query}`, { body: { text: 'Hi' }, headers })

describe('who waits for a turn no longer than so many seconds', () => {
  test('is told what was told as the message was accepted, and that of no repetition [http:api mailbox:dedupe]', async () => {
    const answer = await post(httpWith({ send: accepting(3) }), 'waitSeconds=0', { 'idempotency-key': 'hi' })
    expect([answer.status, answer.body]).toEqual([202, { eventId: 'hi', position: 3 }])
    expect(answer.headers.get('idempotency-replayed')).toBeNull()
  })

  test('waits for acceptance as long, and five seconds at least, whatever follows then [http:api]', async () => {
    const bounds: (number | undefined)[] = []
    const send = (_agent: string, _text: string, { acceptMs }: SendOptions = {}) => {
      bounds.push(acceptMs)
      return Promise.reject(new PerdureError('no-worker', 'no worker asks for work'))
    }
    for (const query of ['waitSeconds=0', 'waitSeconds=30', '']) expect((await post(httpWith({ send }), query)).body).toMatchObject({ status: 503, code: 'no-worker' })
    expect(bounds).toEqual([5_000, 30_000, 240_000])
  })

  test('of an event that nobody has sent is told so [http:api]', async () => {
    const outcome = (_agent: string, _event: string, { signal }: SendOptions = {}) => sleep(60_000, undefined, { ref: false, ...(signal && { signal }) })
    const http = httpWith({ outcome, hasEvent: (_agent: string, event: string) => Promise.resolve(event === 'sent') })
    expect(await http.ask('GET', '/agents/ada/turns/sent?waitSeconds=0')).toMatchObject({ status: 202, body: { eventId: 'sent' } })
    expect((await http.ask('GET', '/agents/ada/turns/unheard-of?waitSeconds=0')).body).toMatchObject({ status: 404, code: 'event-unknown' })
  })
})

describe('the key under which the same may be asked again', () => {
  test('is named by each answer of a route that heeds one, also by a problem, given or made [http:api]', async () => {
    const sent: (string | undefined)[] = []
    const http = httpWith({
      send: (_agent: string, _text: string, { eventId }: SendOptions = {}) => {
        sent.push(eventId)
        return Promise.reject(new PerdureError('server-unavailable', 'Temporal is away'))
      },
    })
    const [given, made] = [await post(http, '', { 'idempotency-key': 'hi' }), await post(http, '')]
    expect([given, made].map(({ status }) => status)).toEqual([503, 503])
    expect([given, made].map(({ headers }) => headers.get('idempotency-key'))).toEqual(sent)
    expect(sent).toEqual(['hi', expect.stringMatching(/^[\da-f-]{36}$/)])
  })

  test('is refused where it would be of no effect [http:api]', async () => {
    const http = httpWith({})
    expect((await http.ask('PUT', '/agents/ada/timers/tea', { body: { text: 'Tea', afterMs: 1 }, headers: { 'idempotency-key': 'tea' } })).body).toMatchObject({ status: 400, code: 'invalid-argument' })
  })

  test('and nothing is begun by a server that stops [http:api]', async () => {
    const stopping = new AbortController()
    stopping.abort()
    const answer = await post(httpWith({}, stopping), '', { 'idempotency-key': 'hi' })
    expect([answer.body['code'], answer.headers.get('idempotency-key'), answer.headers.get('retry-after')]).toEqual(['shutting-down', 'hi', '1'])
  })
})

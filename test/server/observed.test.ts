import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { accessKeyCheck } from '../../src/client/access-key-check.ts'
import { accessKeyMethods } from '../../src/client/access-keys.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import type { RequestObservation } from '../../src/protocol/observation.ts'
import type { Served } from '../../src/server/serve.ts'
import { traceOf } from '../../src/server/trace-context.ts'
import { spanOf } from '../../src/telemetry/span-of.ts'
import { httpOf } from '../support/http.ts'
import { served } from '../support/served.ts'
import { storesWith } from '../support/stores-with.ts'

const heron = 'the heron in the reeds'
const client = {
  counts: (agent: string) => (agent === 'eve' ? Promise.reject(new PerdureError('agent-unknown', `there is no agent ${agent}`)) : Promise.resolve({ recall: 1, archival: 2 })),
  state: () => Promise.reject(new Error(heron)),
  get: () => Promise.resolve({}),
  searchRecall: () => Promise.resolve({ total: 0, messages: [] }),
  watch: async function* (_agent: string, { signal }: { readonly signal: AbortSignal }) {
    yield { type: 'memory', id: '1', label: 'human', version: 1 }
    if (!signal.aborted) await once(signal, 'abort')
  },
  list: () => Promise.resolve({ agents: [] }),
} as unknown as PerdureClient

let server: Served | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

function observing() {
  const seen: RequestObservation[] = []
  const observe = (observation: { readonly type: string }) => void seen.push(observation as RequestObservation)
  return { seen, observe }
}

describe('a request', () => {
  test('is told of by the pattern of its path, its status and the code of its error: no id, no body, no header [telemetry http:api]', async () => {
    const { seen, observe } = observing()
    const http = httpOf(client, { observe, onError: () => undefined })
    await http.fetch('/api/v1/agents/ada/counts')
    await http.fetch('/api/v1/agents/eve/counts')
    await http.fetch('/api/v1/agents/ada/state')
    await http.fetch(`/api/v1/agents/ada/passages/search?text=${encodeURIComponent(heron)}&colour=grey`)
    await http.fetch('/api/v1/agents/ada/blocks/human', { method: 'PUT', headers: { 'content-type': 'application/json', 'idempotency-key': 'heron' }, body: JSON.stringify({ heron }) })
    await http.fetch(`/${encodeURIComponent(heron)}`, { method: 'HERON' })
    await http.fetch('/openai/v1/models')
    await http.fetch('/openai/v1/models/heron/reeds')
    await http.fetch('/health')
    expect(seen.map(({ method, route, status, code }) => [method, route, status, code])).toEqual([
      ['GET', '/api/v1/agents/{agent}/counts', 200, undefined],
      ['GET', '/api/v1/agents/{agent}/counts', 404, 'agent-unknown'],
      ['GET', '/api/v1/agents/{agent}/state', 500, 'internal'],
      ['GET', '/api/v1/agents/{agent}/passages/search', 400, 'invalid-argument'],
      ['PUT', '/api/v1/agents/{agent}/blocks/{label}', 400, 'invalid-argument'],
      ['other', undefined, 404, 'not-found'],
      ['GET', '/openai/v1/models', 200, undefined],
      ['GET', undefined, 404, 'not-found'],
      ['GET', '/health', 200, undefined],
    ])
    // The digits of a trace's id may be `ada` too.
    expect(JSON.stringify(seen.map((request) => ({ ...request, trace: undefined })))).not.toMatch(/heron|ada|eve/)
  })

  test('is told of with the id of its key, and never with the key [telemetry http:keys]', async () => {
    const { seen, observe } = observing()
    const stores = await storesWith(() => ({}))
    const { accessKeys } = stores.memory
    const { key, accessKey } = await accessKeyMethods(accessKeys, undefined).createAccessKey({ name: 'shop', scopes: ['messages'] })
    const http = httpOf(client, { observe, keys: accessKeyCheck(accessKeys) })
    await http.fetch('/api/v1/agents/ada/counts', { headers: { authorization: `Bearer ${key}` } })
    await http.fetch('/api/v1/agents/ada/counts', { headers: { authorization: `Bearer ${key}0` } })
    expect(seen.map(({ key: id, code }) => [id, code])).toEqual([[accessKey.id, 'scope-missing'], [undefined, 'key-refused']])
    expect(JSON.stringify(seen)).not.toContain(key.split('_')[2])
    await stores.close()
  })

  test('whose observer fails is answered as any other [telemetry]', async () => {
    const http = httpOf(client, {
      observe: () => {
        throw new Error('full')
      },
    })
    expect((await http.fetch('/health')).status).toBe(200)
  })
})

describe('a request at a port', () => {
  const begin = async () => {
    const { seen, observe } = observing()
    server = await served(client, { observe })
    return { seen, server }
  }

  test('that is answered by a stream is told of at its end, and whether its reader went first [telemetry http:stream]', async () => {
    const { seen, server } = await begin()
    const gone = new AbortController()
    const leaving = await fetch(`${server.url}/api/v1/agents/ada/events`, { signal: gone.signal })
    const staying = await fetch(`${server.url}/api/v1/agents/ada/events`)
    expect(seen).toEqual([])
    gone.abort()
    await expect(leaving.text()).rejects.toThrow()
    await expect.poll(() => seen).toMatchObject([{ route: '/api/v1/agents/{agent}/events', status: 200, stream: true, left: true }])
    await server.close()
    expect(await staying.text()).toContain('event: bye')
    await expect.poll(() => seen.length).toBe(2)
    expect(seen[1]).toMatchObject({ stream: true })
    expect(seen[1]).not.toHaveProperty('left')
  })

  test('whose caller hangs up is told of as well [telemetry]', async () => {
    const { seen, server } = await begin()
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write('PUT /api/v1/agents/ada/blocks/human HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{')
    await fetch(`${server.url}/health`)
    socket.destroy()
    await expect.poll(() => seen.map(({ route, left }) => [route, left])).toContainEqual(['/api/v1/agents/{agent}/blocks/{label}', true])
  })
})

describe('the trace of a request', () => {
  const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']

  test('is its caller\'s, and its span the caller\'s child, also of a later version of the header [telemetry]', async () => {
    const { seen, observe } = observing()
    const http = httpOf(client, { observe })
    for (const traceparent of [`00-${trace}-${span}-01`, `cc-${trace}-${span}-01-what-comes`]) await http.fetch('/api/v1/agents/ada/counts', { headers: { traceparent } })
    expect(seen.map(({ trace: taken }) => taken)).toEqual(Array(2).fill({ traceId: trace, parentSpanId: span, sampled: true }))
    expect(seen.map(spanOf)).toMatchObject(
      Array(2).fill({ name: 'GET /api/v1/agents/{agent}/counts', kind: 'server', traceId: trace, parentSpanId: span, attributes: { 'http.route': '/api/v1/agents/{agent}/counts', 'http.response.status_code': 200 } }),
    )
  })

  test('is not sent where its caller does not send its own [telemetry]', () => {
    const request = { type: 'request', method: 'GET', status: 200, startedAt: 1, endedAt: 2 } as const
    expect(spanOf({ ...request, trace: traceOf(`00-${trace}-${span}-00`) })).toBeUndefined()
    expect(spanOf({ ...request, status: 503, code: 'no-worker', trace: traceOf(null) })).toMatchObject({ name: 'GET', error: 'no-worker' })
  })

  test.each([null, '', 'heron', `00-${trace}-${span}`, `00-${trace}-${span}-01-more`, `ff-${trace}-${span}-01`, `00-${'0'.repeat(32)}-${span}-01`, `00-${trace}-${'0'.repeat(16)}-01`, `00-${trace.toUpperCase()}-${span}-01`])(
    'is one of its own where %j names none [telemetry]',
    (traceparent) => {
      const own = traceOf(traceparent)
      expect(own).toEqual({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string, sampled: true })
      expect(own.traceId).not.toBe(trace)
    },
  )
})

import { describe, expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import { apiPath, routes } from '../../src/server/routes.ts'
import { httpOf } from '../support/http.ts'

/** No request of these may reach an agent. */
const client = new Proxy({}, { get: (_, name) => () => Promise.reject(new Error(`${String(name)} was called`)) }) as PerdureClient
const http = httpOf(client)
const codeOf = async (response: Response): Promise<readonly [number, unknown]> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as { readonly status: number; readonly code: string; readonly detail: string; readonly type: string }
  expect(problem).toMatchObject({ status: response.status, type: `urn:perdure:problem:${problem.code}` })
  expect(problem.detail.length).toBeGreaterThan(10)
  return [response.status, problem.code]
}
const json = { 'content-type': 'application/json' }
const pathOf = (path: string): string => apiPath + path.replace(/\{\w+\}/g, 'x')
const withBody = routes.filter(({ body }) => body !== undefined)

describe('a request that is no good is refused by name, and reaches no agent:', () => {
  test.each([
    ['a path that is not there', '/api/v1/nothing', {}, [404, 'not-found']],
    ['another method', '/api/v1/agents', { method: 'DELETE' }, [405, 'method-not-allowed']],
    ['an unknown parameter', '/api/v1/agents?colour=red', {}, [400, 'invalid-argument']],
    ['a parameter of another type', '/api/v1/agents?limit=many', {}, [400, 'invalid-argument']],
    ['a number that is empty', '/api/v1/agents/ada/messages?after=', {}, [400, 'invalid-argument']],
    ['a number that is a blank', '/api/v1/agents/ada/messages?after=%20', {}, [400, 'invalid-argument']],
    ['a number in another notation', '/api/v1/agents?limit=0x10', {}, [400, 'invalid-argument']],
    ['a role that nobody has', '/api/v1/agents/ada/messages/search?roles=user&roles=poet', {}, [400, 'invalid-argument']],
    ['a parameter where there is none', '/api/v1/agents/ada/state?deep=1', {}, [400, 'invalid-argument']],
    ['no body', '/api/v1/agents', { method: 'POST' }, [400, 'invalid-argument']],
    ['a body of another type', '/api/v1/agents', { method: 'POST', body: '{"id":"ada"}', headers: { 'content-type': 'text/plain' } }, [415, 'media-type']],
    ['a body that is not JSON', '/api/v1/agents', { method: 'POST', body: '{"id":', headers: json }, [400, 'body-malformed']],
    ['a body that is nested without end', '/api/v1/agents/ada/calls/x/approve', { method: 'POST', body: `{"arguments":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`, headers: json }, [400, 'body-malformed']],
    ['a body of very many values', '/api/v1/imports', { method: 'POST', body: `[${'0,'.repeat(1_100_000)}0]`, headers: json }, [413, 'body-too-large']],
    ['an unknown field', '/api/v1/agents', { method: 'POST', body: '{"id":"ada","colour":"red"}', headers: json }, [400, 'invalid-argument']],
    ['a body where the route has none', '/api/v1/agents/ada/archive', { method: 'POST', body: '{"erase":true}', headers: json }, [400, 'invalid-argument']],
    ['a field of another type', '/api/v1/agents/ada/messages', { method: 'POST', body: '{"text":1}', headers: json }, [400, 'invalid-argument']],
    ['a body that is too large', '/api/v1/agents/ada/messages', { method: 'POST', body: JSON.stringify({ text: 'x'.repeat(1_100_000) }), headers: json }, [413, 'body-too-large']],
    ['files that are no form', '/api/v1/agents/ada/documents', { method: 'POST', body: 'x', headers: json }, [415, 'media-type']],
    ['a form of very many parts', '/api/v1/agents/ada/documents', { method: 'POST', body: '--x\r\n\r\n'.repeat(1_002), headers: { 'content-type': 'multipart/form-data; boundary=x' } }, [400, 'invalid-argument']],
    ['very many parts behind the name of a boundary that is none', '/api/v1/agents/ada/documents', { method: 'POST', body: '--x\r\n\r\n'.repeat(1_002), headers: { 'content-type': 'multipart/form-data; y="boundary=z"; boundary=x' } }, [400, 'invalid-argument']],
    ['a form without a boundary', '/api/v1/agents/ada/documents', { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }, [415, 'media-type']],
    ['an event id of the runtime', '/api/v1/agents/ada/messages', { method: 'POST', body: '{"text":"Hi"}', headers: { ...json, 'idempotency-key': 'timer:tea:1' } }, [400, 'invalid-argument']],
    ['another site\'s name for this machine', '/api/v1/agents', { headers: { host: 'evil.example' } }, [421, 'host-refused']],
    ['a page of another site', '/api/v1/agents', { headers: { origin: 'https://evil.example' } }, [403, 'origin-refused']],
    ['a picture in a page of another site', '/api/v1/agents', { headers: { 'sec-fetch-site': 'cross-site' } }, [403, 'origin-refused']],
    ['every address of this machine', '/api/v1/agents', { headers: { host: '0.0.0.0:8283' } }, [421, 'host-refused']],
    ['a name below localhost', '/api/v1/agents', { headers: { host: 'a.localhost:8283' } }, [421, 'host-refused']],
    ['what a proxy has passed on under this machine\'s name', '/api/v1/agents', { headers: { 'x-forwarded-for': '203.0.113.7' } }, [421, 'host-refused']],
    ['a page of another port', '/api/v1/agents', { headers: { origin: 'http://127.0.0.1:3000' } }, [403, 'origin-refused']],
  ] satisfies readonly (readonly [string, string, RequestInit, readonly [number, string]])[])('%s [http:api]', async (_, path, init, expected) => {
    expect(await codeOf(await http.fetch(path, init))).toEqual(expected)
  })

  test('another method names each of those that are answered, once [http:api]', async () => {
    expect((await http.fetch('/api/v1/agents/ada/passages/search', { method: 'PUT' })).headers.get('allow')).toBe('GET, PATCH, DELETE')
  })

  test('every route with a body says so of one that is not an object, and of an unknown field [http:api]', async () => {
    expect(withBody.length).toBeGreaterThan(10)
    for (const { method, path } of withBody) {
      for (const body of ['[]', '"x"', '{"unheard-of":1}']) {
        expect([path, await codeOf(await http.fetch(pathOf(path), { method, body, headers: json }))]).toEqual([path, [400, 'invalid-argument']])
      }
    }
  })

  test('what was not foreseen is told to the log, and not to the caller [http:api]', async () => {
    await expect(http.fetch('/api/v1/agents')).rejects.toThrow('list was called')
  })
})

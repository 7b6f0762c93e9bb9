import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessKeyCheck } from '../../src/client/access-key-check.ts'
import { accessKeyMethods } from '../../src/client/access-keys.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { scopes, type Scope } from '../../src/protocol/scopes.ts'
import { scopesOf } from '../../src/server/route.ts'
import { apiPath, routes } from '../../src/server/routes.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openMongoMemory } from '../../src/stores/mongo/open.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'
import { startMongo } from '../servers/mongo.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { httpOf } from '../support/http.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const mongo = await startMongo()
/** Whoever gets past the door is told so by this. */
const behindTheDoor = () => Promise.reject(new PerdureError('agent-archived', 'this is behind the door'))
const behind = new Proxy({}, { get: (_, method) => (method === 'watch' ? () => ({ next: behindTheDoor }) : behindTheDoor) }) as PerdureClient
const pathOf = (path: string): string => apiPath + path.replace(/\{\w+\}/g, 'x')
const bearer = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } })
const problemOf = async (response: Response) => (await response.json()) as { readonly status: number; readonly code: string; readonly detail: string }

function everyRoute(open: () => Promise<{ readonly memory: MemoryStore; readonly close: () => Promise<void> }>): void {
  let memory: MemoryStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ memory, close } = await open())
  })
  afterAll(() => close())
  const make = (name: string, allowed: readonly Scope[], expiresAt?: Date) => accessKeyMethods(memory.accessKeys, undefined).createAccessKey({ name, scopes: allowed, ...(expiresAt && { expiresAt }) })

  test('answers nobody without a key in force, and all of these alike [http:keys]', async () => {
    const { key } = await make('in force', ['admin'])
    const revoked = await make('revoked', ['admin'])
    await accessKeyMethods(memory.accessKeys, undefined).revokeAccessKey(revoked.accessKey.id)
    const expired = await make('expired', ['admin'], new Date(Date.now() + 30_000))
    const http = httpOf(behind, { keys: accessKeyCheck(memory.accessKeys, { now: () => Date.now() + 60_000, elapsed: () => performance.now() }) })
    const wrong = key.replace(/[0-9a-f]{64}$/, '0'.repeat(64))
    const refused = {
      'no key': {},
      'what is no key': bearer('sk-1234'),
      'another scheme': { headers: { authorization: `Basic ${key}` } },
      'a wrong secret': bearer(wrong),
      'an unknown key': bearer(key.replace(/_[0-9a-f]{16}_/, `_${'0'.repeat(16)}_`)),
      'a revoked key': bearer(revoked.key),
      'an expired key': bearer(expired.key),
    }
    const details = new Set<string>()
    for (const { method, path } of routes) {
      for (const [name, init] of Object.entries(refused)) {
        const response = await http.fetch(pathOf(path), { ...init, method })
        const { code, detail } = await problemOf(response)
        expect([method, path, name, response.status, code, response.headers.get('www-authenticate')]).toEqual([method, path, name, 401, 'key-refused', 'Bearer realm="perdure"'])
        details.add(detail)
      }
    }
    expect(details.size).toBe(1)
    expect((await http.fetch('/api/v1/nothing')).status).toBe(401)
    // Its clients read errors of their own form.
    const openai = await http.fetch('/openai/v1/models')
    expect([openai.status, await openai.json()]).toEqual([401, { error: expect.objectContaining({ code: 'key-refused' }) as object }])
    expect((await http.fetch('/api/v1/nothing', bearer(key))).status).toBe(404)
  })

  test('asks for its own scope, or one of its own, and names them to a key of any other; `admin` is enough for each [http:keys]', async () => {
    const http = httpOf(behind, { keys: accessKeyCheck(memory.accessKeys) })
    const keys = await Promise.all(scopes.map(async (scope) => [scope, (await make(scope, [scope])).key] as const))
    for (const { method, path, scope } of routes) {
      for (const [had, key] of keys) {
        const { status, code, detail } = await problemOf(await http.fetch(pathOf(path), { ...bearer(key), method }))
        if (scopesOf({ scope }).includes(had) || had === 'admin') expect([401, 403, 429], `${method} ${path} with ${had}`).not.toContain(status)
        else expect([method, path, had, status, code, detail.includes(`scope ${scopesOf({ scope }).join(' or ')},`)]).toEqual([method, path, had, 403, 'scope-missing', true])
      }
    }
    for (const [had, key] of keys) {
      const { status } = await http.fetch('/openai/v1/models', bearer(key))
      expect([had, status === 403]).toEqual([had, had !== 'messages' && had !== 'admin'])
    }
  })
}

describe('every route of the table, with keys in libSQL,', () => {
  everyRoute(async () => {
    const folder = await temporaryFolder()
    const stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
    return { memory: stores.memory, close: () => stores.close().then(() => folder.remove()) }
  })
})

describeWithServer('every route of the table, with keys in MongoDB,', mongo, (server) => {
  afterAll(() => server.stop())
  everyRoute(async () => {
    const memory = await openMongoMemory({ uri: server.uri, database: `test-${randomUUID()}` })
    return { memory, close: () => memory.close() }
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accessKeyCheck, type AccessKeyCheck, type Clocks } from '../../src/client/access-key-check.ts'
import { accessKeyMethods, type AccessKeyMethods } from '../../src/client/access-keys.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import type { Scope } from '../../src/protocol/scopes.ts'
import { requestRates } from '../../src/server/request-rates.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { httpOf, type Http } from '../support/http.ts'
import { served } from '../support/served.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let stores: Stores
let methods: AccessKeyMethods
/** Set on by hand. */
let clock: number
const clocks: Clocks = { now: () => clock, elapsed: () => clock }
let keys: AccessKeyCheck
let http: Http
beforeEach(async () => {
  folder = await temporaryFolder()
  stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
  methods = accessKeyMethods(stores.memory.accessKeys, undefined)
  clock = Date.now()
  keys = accessKeyCheck(stores.memory.accessKeys, clocks)
  http = httpOf(methods as unknown as PerdureClient, { keys })
})
afterEach(async () => {
  await stores.close()
  await folder.remove()
})

const make = (scopes: readonly Scope[] = ['admin'], expiresAt?: string) => methods.createAccessKey({ name: 'the page', scopes, ...(expiresAt !== undefined && { expiresAt }) })
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const statusWith = async (key?: string): Promise<number> => (await http.fetch('/api/v1/keys', key === undefined ? {} : { headers: bearer(key) })).status

describe('an access key', () => {
  test('is asked for from the first one on, within five seconds, and still when all are revoked; what is open to all stays open [http:keys]', async () => {
    expect(await statusWith()).toBe(200)
    expect(await statusWith('sk-of-some-other-server')).toBe(200)
    const { key, accessKey } = await make()
    clock += 5_000
    expect([await statusWith(), await statusWith(key)]).toEqual([401, 200])
    await methods.revokeAccessKey(accessKey.id)
    clock += 5_000
    expect([await statusWith(), await statusWith(key)]).toEqual([401, 401])
    for (const path of ['/health', '/ready', '/openapi.json']) expect((await http.fetch(path)).status).toBe(200)
  })

  test('opens a server by whatever name it is called, to pages of any origin [http:keys]', async () => {
    const { key } = await make()
    expect((await http.fetch('/api/v1/keys', { headers: { ...bearer(key), host: 'agents.example', origin: 'https://page.example' } })).status).toBe(200)
  })

  test('that is revoked elsewhere opens nothing after five seconds, and none opens anything after its expiry [http:keys]', async () => {
    const { key, accessKey } = await make()
    const brief = await make(['admin'], new Date(clock + 60_000).toISOString())
    expect([await statusWith(key), await statusWith(brief.key)]).toEqual([200, 200])
    await methods.revokeAccessKey(accessKey.id)
    clock += 5_000
    expect([await statusWith(key), await statusWith(brief.key)]).toEqual([401, 200])
    clock += 55_000
    expect(await statusWith(brief.key)).toBe(401)
  })

  test('is refused after five seconds though the time of day is set back [http:keys]', async () => {
    const { key, accessKey } = await make()
    let [day, elapsed] = [Date.now(), 0]
    http = httpOf(methods as unknown as PerdureClient, { keys: accessKeyCheck(stores.memory.accessKeys, { now: () => day, elapsed: () => elapsed }) })
    expect(await statusWith(key)).toBe(200)
    await methods.revokeAccessKey(accessKey.id)
    day -= 3_600_000
    elapsed += 5_000
    expect(await statusWith(key)).toBe(401)
  })

  test('that the server itself has made is asked for at once [http:keys]', async () => {
    expect(await statusWith()).toBe(200)
    const { status, body } = await http.ask('POST', '/keys', { body: { name: 'the page', scopes: ['admin'] } })
    expect([status, await statusWith(), await statusWith(body['key'] as string)]).toEqual([201, 401, 200])
  })

  test('has its last use noted once a minute [http:keys]', async () => {
    const noted: string[] = []
    const { accessKeys } = stores.memory
    const used = async (id: string, at: string): Promise<void> => {
      noted.push(at)
      await accessKeys.used(id, at)
    }
    const { key } = await make()
    const checks = [1, 2].map(() => accessKeyCheck({ ...accessKeys, used }, clocks))
    const begun = clock
    for (; clock < begun + 90_000; clock += 10_000) for (const check of checks) await check.inForce(key)
    // Of two servers that begin at once, each may have noted the first use.
    expect(new Set(noted)).toEqual(new Set([begun, begun + 60_000].map((at) => new Date(at).toISOString())))
    expect(await methods.accessKeys()).toMatchObject([{ lastUsedAt: new Date(begun + 60_000).toISOString() }])
  })

  test('is made, listed and revoked over HTTP, and told once [http:keys http:api]', async () => {
    const made = await http.ask('POST', '/keys', { body: { name: 'the page', scopes: ['messages', 'agents:read', 'messages'], expiresAt: '2999-01-01T00:00:00Z' } })
    const { key, accessKey } = made.body as unknown as Awaited<ReturnType<typeof make>>
    expect(made).toMatchObject({ status: 201, body: { key: expect.stringMatching(/^pdr_[0-9a-f]{16}_[0-9a-f]{64}$/) as string, accessKey: { name: 'the page', scopes: ['agents:read', 'messages'], expiresAt: '2999-01-01T00:00:00.000Z' } } })
    const { key: admin } = await make()
    clock += 5_000
    const headers = bearer(admin)
    const listed = await http.ask('GET', '/keys?limit=1&offset=1', { headers })
    expect(listed.body).toEqual({ keys: [accessKey] })
    expect((await http.ask('DELETE', `/keys/${accessKey.id}`, { headers })).body).toMatchObject({ id: accessKey.id, revokedAt: expect.any(String) as string })
    expect(await http.ask('DELETE', `/keys/${'0'.repeat(16)}`, { headers })).toMatchObject({ status: 404, body: { code: 'access-key-unknown' } })
    const whole = await http.ask('DELETE', `/keys/${key}`, { headers })
    expect([whole.status, JSON.stringify(whole.body).includes(key.slice(-64))]).toEqual([400, false])
  })

  test('stands nowhere in the memory, nor in a list [http:keys]', async () => {
    const { key } = await make()
    await statusWith(key)
    expect(JSON.stringify(await methods.accessKeys())).not.toMatch(/digest|[0-9a-f]{64}/)
    const secret = key.slice(-64)
    const files = readdirSync(folder.path)
    expect(files).toContain('memory.db')
    for (const file of files) expect(readFileSync(join(folder.path, file)).includes(secret), file).toBe(false)
  })

  test.each([
    ['no name', { name: ' ', scopes: ['admin'] }],
    ['a name without end', { name: 'x'.repeat(201), scopes: ['admin'] }],
    ['no scope', { name: 'x', scopes: [] }],
    ['a scope that is not there', { name: 'x', scopes: ['root'] }],
    ['an expiry that is past', { name: 'x', scopes: ['admin'], expiresAt: '2020-01-01T00:00:00Z' }],
    ['an expiry that is no time', { name: 'x', scopes: ['admin'], expiresAt: 'soon' }],
  ])('with %s is refused [http:keys]', async (_, input) => {
    await expect(methods.createAccessKey(input as never)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await stores.memory.accessKeys.any()).toBe(false)
  })
})

describe('with keys', () => {
  test('each may ask so often in a minute, and is told when again; others are not kept waiting [http:keys]', async () => {
    const [one, other] = [await make(), await make()]
    http = httpOf(methods as unknown as PerdureClient, { keys, rates: requestRates(3, () => clock) })
    const ask = (key: string) => http.ask('GET', '/keys', { headers: bearer(key) })
    // One after the other: the stores let others go first where they have held up the process, so requests at once may change places.
    const statuses = async (key: string, times: number): Promise<readonly number[]> => {
      const given: number[] = []
      while (given.length < times) given.push((await ask(key)).status)
      return given
    }
    expect(await statuses(one.key, 4)).toEqual([200, 200, 200, 429])
    const refused = await ask(one.key)
    expect([refused.body['code'], refused.headers.get('retry-after')]).toEqual(['rate-limited', '20'])
    expect(await statuses(other.key, 1)).toEqual([200])
    clock += 20_000
    expect(await statuses(one.key, 2)).toEqual([200, 429])
    clock += 3_600_000
    expect(await statuses(one.key, 4)).toEqual([200, 200, 200, 429])
  })

  test('a server may listen where other machines reach it, and without any it may not [http:keys]', async () => {
    const serveIt = () => served(methods as unknown as PerdureClient, { keys, address: '0.0.0.0:0' })
    await expect(serveIt()).rejects.toMatchObject({ code: 'config-invalid', message: expect.stringContaining('perdure keys create') as string })
    const { key } = await make()
    clock += 5_000
    const server = await serveIt()
    const url = `${server.url.replace('0.0.0.0', '127.0.0.1')}/api/v1/keys`
    expect([(await fetch(url)).status, (await fetch(url, { headers: bearer(key) })).status]).toEqual([401, 200])
    await server.close()
  })
})

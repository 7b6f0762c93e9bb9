import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runPerdure } from './run-perdure.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

test('access keys are made, listed and revoked without any server, and a key is shown once, alone on standard output [http:keys cli:json]', async () => {
  const keys = (...args: readonly string[]) => runPerdure(folder.path, ['keys', ...args])
  const made = await keys('create', 'the page', '--scope', 'messages', 'agents:read', '--days', '90')
  expect(made).toMatchObject({ status: 0, output: [expect.stringMatching(/^pdr_[0-9a-f]{16}_[0-9a-f]{64}$/) as string], errors: expect.stringContaining('only time') as string })
  const id = made.output[0]?.slice(4, 20) ?? ''
  const [listed, shown, wrong] = await Promise.all([keys('list', '--json'), keys('list'), keys('create', 'x', '--scope', 'root')])
  expect(listed.output.map((line) => JSON.parse(line) as unknown)).toEqual([{ id, name: 'the page', scopes: ['agents:read', 'messages'], createdAt: expect.any(String) as string, expiresAt: expect.any(String) as string }])
  expect(shown.output[1]).toMatch(new RegExp(`^${id} .*  never  until .*  agents:read messages  the page$`))
  expect([wrong.status, wrong.errors]).toEqual([2, expect.stringContaining('Allowed choices are agents:read')])
  expect(JSON.parse((await keys('revoke', id, '--json')).output[0] ?? '{}')).toMatchObject({ id, revokedAt: expect.any(String) as string })
  expect((await keys('revoke', '0'.repeat(16))).status).toBe(3)
  expect(existsSync(join(folder.path, 'temporal.db'))).toBe(false)
})

test('a key is made for a tenant, and is in the lists of that tenant alone; what is not about a tenant refuses one [http:tenants http:keys]', { timeout: 180_000 }, async () => {
  const keys = (...args: readonly string[]) => runPerdure(folder.path, ['keys', ...args])
  const made = await keys('create', 'the shop', '--tenant', 'acme', '--scope', 'admin')
  expect(made).toMatchObject({ status: 0, output: [expect.stringMatching(/^pdr_acme\.[0-9a-f]{16}_[0-9a-f]{64}$/) as string] })
  const id = made.output[0]?.slice('pdr_acme.'.length).split('_')[0] ?? ''
  const [theirs, others, nobodys, wrong, serve] = await Promise.all([
    keys('list', '--tenant', 'acme', '--json'), keys('list', '--tenant', 'beta'), keys('list', '--json'), keys('list', '--tenant', 'a.b'), runPerdure(folder.path, ['serve', '--tenant', 'acme']),
  ])
  expect(theirs.output.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ id, tenant: 'acme', name: 'the shop' }])
  expect(others.output[0]).toMatch(/^No key/)
  expect(nobodys.output.join()).not.toContain(id)
  expect([wrong.status, wrong.errors]).toEqual([2, expect.stringContaining('PERDURE_TENANT is no name of a tenant')])
  expect([serve.status, serve.errors]).toEqual([2, expect.stringContaining('not about one tenant')])
  expect([(await keys('revoke', id)).status, (await keys('revoke', id, '--tenant', 'acme')).status]).toEqual([3, 0])
})

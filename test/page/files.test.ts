import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { readPage } from '../../src/server/page.ts'
import type { Served } from '../../src/server/serve.ts'
import { served } from '../support/served.ts'
import { storesWith } from '../support/stores-with.ts'

const folder = inject('pageFolder')
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })

let server: Served
let close: () => Promise<void>
beforeAll(async () => {
  const stores = await storesWith()
  const page = readPage(folder)
  server = await served(createClient({ temporal: {} as never, taskQueue: 'none', stores }), { ...(page && { page }) })
  close = async () => {
    await server.close()
    await stores.close()
  }
})
afterAll(() => close())

const get = (path: string, init: RequestInit = {}) => fetch(server.url + path, init)

describe('the page', () => {
  test('is at most 150 kB compressed, and has no maps [web:page]', () => {
    const files = names.filter((name) => /\.\w+$/.test(name))
    const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0)
    expect(bytes).toBeLessThan(150 * 1024)
    expect(files.filter((name) => name.endsWith('.map'))).toEqual([])
  })

  test('has no script and no style within its document, and names no other host [web:page]', () => {
    const document = readFileSync(join(folder, 'index.html'), 'utf8')
    expect(document).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/)
    expect(document).not.toMatch(/https?:\/\//)
  })

  test.each(['/', '/agents', '/keys', '/agents/ada', '/agents/ada/chat', '/agents/ada/context/3/1'])('is given out at %s, under a policy that lets in nothing else [web:page]', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<div id="page">')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })

  test('has files that never change under their names, zipped for who takes them so [web:page]', async () => {
    const [script = ''] = names.filter((name) => name.endsWith('.js'))
    const response = await get(`/${script}`)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.text()).toBe(readFileSync(join(folder, script), 'utf8'))
    expect((await get(`/${script}`, { headers: { 'accept-encoding': 'identity' } })).headers.get('content-encoding')).toBeNull()
    expect((await get('/assets/..%2findex.html')).status).toBe(404)
  })

  test.each(['/nothing', '/assets/nothing.js', '/api/v1/nothing', '/openai/v1/nothing', '/favicon.ico'])('leaves %s as it was: a problem, in the form of its protocol [web:page http:api]', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toMatch(/json/)
  })

  test.each(['/nothing', '/keys/x', '/Agents'])('says to whoever comes to %s with a browser that there is nothing, under its policy, and with the status for that [web:page]', async (path) => {
    const response = await get(path, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(response.headers.get('vary')).toMatch(/\baccept\b/)
    expect(await response.text()).toContain('<div id="page">')
  })

  test.each(['/assets/nothing.js', '/api/v1/nothing', '/openai/v1/nothing', '/api'])('leaves %s to programs, whoever asks [web:page http:api]', async (path) => {
    const response = await get(path, { headers: { accept: 'text/html' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toMatch(/json/)
  })

  test('is only read [web:page]', async () => {
    expect((await get('/', { method: 'POST' })).status).toBe(404)
  })
})

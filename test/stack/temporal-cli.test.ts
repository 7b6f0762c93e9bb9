import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { installAtomically } from '../../src/stack/install-atomically.ts'
import { buildTemporal } from '../../src/stack/temporal/temporal-build.ts'
import { findTemporalCli } from '../../src/stack/temporal/temporal-cli.ts'
import type { InstallWay } from '../../src/stack/temporal/install-way.ts'
import { downloadTemporalFrom } from '../../src/stack/temporal/temporal-download.ts'

const onProgress = () => undefined
const folder = () => mkdtempSync(join(tmpdir(), 'perdure-cli-'))
const script = '#!/bin/sh\necho temporal version 0\n'

function writeExecutable(file: string, content = script): void {
  writeFileSync(file, content)
  chmodSync(file, 0o755)
}

describe('the Temporal CLI', () => {
  test('is taken from PATH before anything else', async () => {
    const bin = folder()
    writeExecutable(join(bin, 'temporal'))
    const found = await findTemporalCli({ env: { PATH: `/nowhere:${bin}`, XDG_CACHE_HOME: folder() }, onProgress, ways: [] })
    expect(found).toEqual({ path: join(bin, 'temporal'), source: 'PATH' })
  })

  test('is taken from the cache, where an earlier way has put it', async () => {
    const cache = folder()
    const env = { PATH: '', XDG_CACHE_HOME: cache }
    const way: InstallWay = {
      name: 'a way',
      install: (target) =>
        installAtomically(target, (place) => {
          writeExecutable(join(place, 'temporal'))
          return Promise.resolve(join(place, 'temporal'))
        }),
    }
    const path = join(cache, 'perdure', 'bin', 'temporal')
    expect(await findTemporalCli({ env, onProgress, ways: [way] })).toEqual({ path, source: 'a way' })
    expect(await findTemporalCli({ env, onProgress, ways: [] })).toEqual({ path, source: 'cache' })
  })

  test('that can not be had is an error that lists what was tried and what would help', async () => {
    const ways: InstallWay[] = ['one way', 'other way'].map((name) => ({ name, install: () => Promise.reject(new Error(`no ${name}`)) }))
    const failure = findTemporalCli({ env: { PATH: '', XDG_CACHE_HOME: folder() }, onProgress, ways })
    await expect(failure).rejects.toMatchObject({ code: 'server-unavailable' })
    await expect(failure).rejects.toThrow(/`temporal` on PATH: not there\n.*the cache: no .*\n.*one way: no one way\n.*other way: no other way\n.*TEMPORAL_ADDRESS/)
  })
})

describe('installing', () => {
  test('by two at once leaves one whole file and nothing else', async () => {
    const bin = folder()
    const target = join(bin, 'temporal')
    const make = (place: string) => {
      writeExecutable(join(place, 'made'))
      return Promise.resolve(join(place, 'made'))
    }
    await Promise.all([installAtomically(target, make), installAtomically(target, make)])
    expect(readdirSync(bin)).toEqual(['temporal'])
    expect(readFileSync(target, 'utf8')).toBe(script)
  })

  test('of something that does not run leaves nothing', async () => {
    const bin = folder()
    const broken = installAtomically(join(bin, 'temporal'), (place) => {
      writeExecutable(join(place, 'made'), '#!/bin/sh\necho broken >&2\nexit 1\n')
      return Promise.resolve(join(place, 'made'))
    })
    await expect(broken).rejects.toThrow('broken')
    expect(readdirSync(bin)).toEqual([])
  })

  test('without Go says so', async () => {
    await expect(buildTemporal(join(folder(), 'temporal'), { env: { PATH: '/nowhere' }, onProgress })).rejects.toThrow('`go` is not on PATH')
  })
})

describe('downloading', () => {
  let server: Server | undefined
  afterEach(() => server?.close())
  const serve = async (answers: Readonly<Record<string, (base: string) => string | Buffer>>) => {
    server = createServer((request, response) => {
      const answer = answers[new URL(request.url ?? '', 'http://local').pathname]
      response.statusCode = answer === undefined ? 403 : 200
      response.end(answer?.(`http://${request.headers.host ?? ''}`))
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test('unpacks the executable that the answer names', async () => {
    const place = folder()
    mkdirSync(join(place, 'in'))
    writeExecutable(join(place, 'in', 'temporal'))
    execFileSync('tar', ['-czf', join(place, 'archive.tar.gz'), '-C', join(place, 'in'), 'temporal'])
    const archive = readFileSync(join(place, 'archive.tar.gz'))
    const base = await serve({
      '/cli': (self) => JSON.stringify({ archiveUrl: `${self}/archive`, fileToExtract: 'temporal' }),
      '/archive': () => archive,
    })
    const target = join(place, 'bin', 'temporal')
    await downloadTemporalFrom(`${base}/cli`)(target, { env: {}, onProgress })
    expect(readFileSync(target, 'utf8')).toBe(script)
  })

  test.each<[string, Readonly<Record<string, (base: string) => string>>, RegExp]>([
    ['refused', {}, /does not give it \(status 403\)/],
    ['no archive', { '/cli': (self) => JSON.stringify({ archiveUrl: `${self}/a`, fileToExtract: 'temporal' }), '/a': () => 'no archive' }, /gzip|tar/i],
    ['of another form', { '/cli': () => '{}' }, /archiveUrl/],
  ])('fails with the reason, and leaves nothing, when it is %s', async (_name, answers, reason) => {
    const place = folder()
    const download = downloadTemporalFrom(`${await serve(answers)}/cli`)(join(place, 'temporal'), { env: {}, onProgress })
    await expect(download).rejects.toThrow(reason)
    expect(existsSync(join(place, 'temporal'))).toBe(false)
    expect(readdirSync(place)).toEqual([])
  })

  test('fails at once where nothing listens', async () => {
    const download = downloadTemporalFrom('http://127.0.0.1:9/cli')(join(folder(), 'temporal'), { env: {}, onProgress })
    await expect(download).rejects.toThrow(/127\.0\.0\.1:9 does not give it/)
  })
})

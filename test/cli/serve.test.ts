import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runPerdure, startPerdure } from './run-perdure.ts'

describe('perdure serve, where no Temporal server is named,', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'perdure-serve-'))
  })
  afterEach(() => runPerdure(home, ['stack', 'down', '--now']))

  /** Starts it, and waits until it says where it serves. */
  async function serving() {
    const child = startPerdure(home, ['serve'])
    const ended = once(child, 'exit')
    let output = ''
    child.stdout.setEncoding('utf8')
    while (!output.includes('OpenAPI')) output += String((await once(child.stdout, 'data'))[0])
    return { child, ended, url: /http:\/\/\S+(?=\/api\/v1)/.exec(output)?.[0] ?? '' }
  }

  test('has the stack serve for as long as it runs, joins one that serves, and ends it as its last user [http:api]', { timeout: 180_000 }, async () => {
    const first = await serving()
    expect(await (await fetch(`${first.url}/ready`)).json()).toEqual({ status: 'ready' })
    const second = await serving()
    expect(second.url).toBe(first.url)
    first.child.kill('SIGTERM')
    expect(await first.ended).toEqual([0, null])
    expect((await fetch(`${first.url}/health`)).status).toBe(200)
    second.child.kill('SIGINT')
    expect(await second.ended).toEqual([0, null])
    await expect(fetch(`${first.url}/health`)).rejects.toThrow()
  })

  test('fails with the reason where its address is taken [http:api]', { timeout: 180_000 }, async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const address = `127.0.0.1:${(holder.address() as AddressInfo).port}`
    const { status, errors } = await runPerdure(home, ['serve'], { env: { PERDURE_HTTP_ADDRESS: address } })
    expect(status).toBe(4)
    expect(errors).toContain(`${address} is taken; stop what listens there, or name another address by PERDURE_HTTP_ADDRESS`)
    holder.close()
  })
})

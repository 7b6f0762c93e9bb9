import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { freeAddress } from '../../src/telemetry/free-address.ts'

describe('the address of the metrics', () => {
  test('is the one that was wanted, as a number, or the next that is free [telemetry]', async () => {
    const holder = createServer().listen({ host: '127.0.0.1', port: 0 })
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    const found = await freeAddress(`localhost:${port}`)
    expect(found).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(Number(found.split(':')[1])).toBeGreaterThan(port)
    holder.close()
    await once(holder, 'close')
    expect(await freeAddress(`127.0.0.1:${port}`)).toBe(`127.0.0.1:${port}`)
  })

  test('that is none of this machine is an error that names the setting [telemetry]', async () => {
    await expect(freeAddress('192.0.2.1:9464')).rejects.toMatchObject({ code: 'port-busy', message: expect.stringContaining('PERDURE_METRICS_ADDRESS') as string })
    await expect(freeAddress('nowhere.invalid:9464')).rejects.toMatchObject({ code: 'port-busy', message: expect.stringContaining('no such host') as string })
  })
})

import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { choosePort, freePort } from '../../src/stack/ports.ts'

async function whileTaken<Result>(port: number, use: () => Promise<Result>): Promise<Result> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return use().finally(() => server.close())
}

describe('the port of a server', () => {
  test('is the first free one of those preferred', async () => {
    const [busy, free] = [await freePort(), await freePort()]
    expect(await whileTaken(busy, () => choosePort({ preferred: [undefined, busy, free] }))).toBe(free)
  })

  test('is any free one where none of those is', async () => {
    const busy = await freePort()
    expect(await whileTaken(busy, () => choosePort({ preferred: [busy] }))).not.toBe(busy)
  })

  test('is not one that another server of the stack is about to take', async () => {
    const port = await freePort()
    expect(await choosePort({ preferred: [port], taken: [port] })).not.toBe(port)
  })

  test('is not one that another stack holds, though nobody listens there now', async () => {
    const port = await freePort()
    const held = new Map([[port, '/home/of/another']])
    expect(await choosePort({ preferred: [port], held })).not.toBe(port)
    await expect(choosePort({ asked: { port, variable: 'PERDURE_UI_PORT' }, preferred: [], held })).rejects.toThrow(
      `port ${port}, asked for by PERDURE_UI_PORT, is taken by the stack in /home/of/another`,
    )
  })

  test('is the one asked for, or an error that names it and the variable', async () => {
    const port = await freePort()
    const asked = { port, variable: 'PERDURE_UI_PORT' }
    expect(await choosePort({ asked, preferred: [] })).toBe(port)
    const failure = whileTaken(port, () => choosePort({ asked, preferred: [] }))
    await expect(failure).rejects.toMatchObject({ code: 'port-busy' })
    await expect(failure).rejects.toThrow(new RegExp(`port ${port}, asked for by PERDURE_UI_PORT, is taken`))
  })
})

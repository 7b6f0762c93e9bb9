import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { defineAgent, definitionDigest } from '../../src/definition/define-agent.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { served } from '../support/served.ts'
import { leftAt } from '../support/left-at.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const readers = 1_000

/** What keeps this process alive, by its kind. */
const held = (kind: string): number => process.getActiveResourcesInfo().filter((name) => name === kind).length

async function openStream(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(`GET /api/v1/agents/ada/events HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
  let text = ''
  // The first event says where the reader stands: it is subscribed.
  while (!text.includes('\nid: ')) text += String((await once(socket, 'data'))[0])
  return socket
}

test('1,000 readers of one agent that vanish leave no socket, no timer and no poller [http:stream]', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder()
  const stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
  const definition = defineAgent({ id: 'ada' })
  await stores.memory.agents.create({ definition, digest: definitionDigest(definition), createdAt: new Date().toISOString(), creation: 'test' })
  // Nothing is asked of Temporal here.
  const client = createClient({ temporal: {} as never, taskQueue: 'none', stores })
  const signals: AbortSignal[] = []
  const watching: typeof client = {
    ...client,
    watch: (agent, options) => {
      if (options?.signal !== undefined) signals.push(options.signal)
      return client.watch(agent, options)
    },
  }
  const server = await served(watching)
  const [sockets, timers] = [held('TCPSocketWrap'), held('Timeout')]

  const opened: Socket[] = []
  for (let begun = 0; begun < readers; begun += 50) opened.push(...(await Promise.all(Array.from({ length: 50 }, () => openStream(server.url)))))
  expect(held('TCPSocketWrap')).toBe(sockets + 2 * readers)
  expect(signals.filter(({ aborted }) => !aborted)).toHaveLength(readers)
  expect(held('Timeout')).toBeGreaterThanOrEqual(timers + readers)

  for (const socket of opened) socket.resetAndDestroy()
  await expect.poll(() => signals.filter(({ aborted }) => !aborted).length, { timeout: 30_000 }).toBe(0)
  await expect.poll(() => signals.flatMap(leftAt), { timeout: 30_000 }).toEqual([])
  await expect.poll(() => held('TCPSocketWrap'), { timeout: 30_000 }).toBe(sockets)
  // The look at the stores, too, is a timer, and there is one as long as anybody watches.
  await expect.poll(() => held('Timeout'), { timeout: 30_000 }).toBeLessThanOrEqual(timers)

  await server.close()
  await stores.close()
  await folder.remove()
})

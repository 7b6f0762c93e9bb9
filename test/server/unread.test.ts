import { createAdaptorServer } from '@hono/node-server'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { listenAt } from '../../src/http/listen-at.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import { createApp } from '../../src/server/app.ts'
import { usualServer } from '../support/served.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** A server whose agents have much to remember, and which cuts off soon; the connection has asked for it. */
async function asking(requests: number): Promise<Socket> {
  const message = { agentId: 'ada', op: 'ada/1/1', seq: 1, turn: 1, step: 1, role: 'user', text: 'x'.repeat(32 * 1024 * 1024), tokens: 1, at: '2026-01-01T00:00:00Z' }
  const client = { messages: () => Promise.resolve([message]), counts: () => sleep(1_500, { recall: 1, archival: 1 }) } as unknown as PerdureClient
  const app = createApp({ ...usualServer, clientOf: () => client, stopping: new AbortController().signal, onError: () => undefined, unreadMs: 1_000 })
  server = createAdaptorServer({ fetch: app.fetch }) as Server
  const { port, hostname } = new URL(await listenAt(server, '127.0.0.1:0', 'address'))
  const socket = connect(Number(port), hostname)
  const request = (path: string): string => `GET /api/v1/agents/ada/${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`
  socket.write(request('messages').repeat(requests) + request('counts'))
  return socket
}

test('a caller that takes nothing of its answer is cut off, and what it was to be told is let go [http:api]', async () => {
  const socket = await asking(1)
  await once(socket, 'connect')
  socket.pause()
  const connections = (): Promise<number> => new Promise((resolve) => server?.getConnections((_, count) => resolve(count)))
  await expect.poll(connections).toBe(1)
  await expect.poll(connections, { timeout: 10_000 }).toBe(0)
  socket.destroy()
})

test('one that takes some of it all the while has it whole, and may take its time for the next request [http:api]', async () => {
  const socket = await asking(1)
  let taken = 0
  let end = ''
  for await (const piece of socket) {
    taken += (piece as Uint8Array).length
    end = (piece as Uint8Array).subarray(-200).toString()
    // The second answer takes longer than one may leave the first one unread.
    if (end.includes('"recall":1')) break
    await sleep(4)
  }
  expect(taken).toBeGreaterThan(32 * 1024 * 1024)
  expect(end).toContain('"recall":1')
})

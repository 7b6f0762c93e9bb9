import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { connectTemporal } from '../../src/client/connect-temporal.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test.for(['127.0.0.1', 'localhost'])('a Temporal server at %s is reached without the proxy that the variables name', async (host) => {
  const server = createServer()
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const reached = once(server, 'connection')
  for (const name of ['http_proxy', 'https_proxy', 'grpc_proxy']) vi.stubEnv(name, 'http://127.0.0.1:9')
  const connecting = connectTemporal({ address: `${host}:${(server.address() as AddressInfo).port}` }, 10_000).catch(() => undefined)
  const [socket] = (await reached) as [Socket]
  const from = socket.remoteAddress
  socket.destroy()
  server.close()
  void connecting.then((connection) => connection?.close())
  expect(from).toBe('127.0.0.1')
})

import { createAdaptorServer } from '@hono/node-server'
import { setMaxListeners } from 'node:events'
import type { Server } from 'node:http'
import { hostAndPort, listenAt } from '../http/listen-at.ts'
import { PerdureError } from '../protocol/errors.ts'
import { isLoopback } from '../protocol/network.ts'
import { createApp } from './app.ts'
import type { AppOptions } from './app-options.ts'
import { letGoQueued } from './let-go-queued.ts'

export interface ServeOptions extends Omit<AppOptions, 'stopping'> {
  /** `host:port`; port 0: any free one. */
  readonly address: string
}

export interface Served {
  readonly url: string
  /** Takes no further requests, tells those who wait for turns, and ends when all are answered. Turns are not the server's: they go on. */
  close(): Promise<void>
}

/** How long a request that is being answered may take when the server stops. */
const graceMs = 10_000
/** How long a sender may take for its head, and for all of it. */
const headersMs = 20_000
const requestMs = 120_000

/** @throws PerdureError `port-busy`; `config-invalid` for an address that is not this machine's alone, where there is no access key */
export async function serve({ address, ...options }: ServeOptions): Promise<Served> {
  if (!isLoopback(hostAndPort(address).host) && !(await options.keys.areNeeded())) {
    throw new PerdureError('config-invalid', `PERDURE_HTTP_ADDRESS ${address} can be reached from other machines, and without access keys whoever reaches this server may do everything; make one by \`perdure keys create\`, or name 127.0.0.1, localhost or [::1]`)
  }
  const stopping = new AbortController()
  // Every request that waits listens to it.
  setMaxListeners(0, stopping.signal)
  const app = createApp({ ...options, stopping: stopping.signal })
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: { headersTimeout: headersMs, requestTimeout: requestMs } }) as Server
  letGoQueued(server)
  const url = await listenAt(server, address, 'PERDURE_HTTP_ADDRESS')
  return {
    url,
    close: async () => {
      stopping.abort()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A connection whose answer ends now would be kept for its next request.
      const idle = setInterval(() => server.closeIdleConnections(), 20)
      const late = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearInterval(idle)
      clearTimeout(late)
    },
  }
}

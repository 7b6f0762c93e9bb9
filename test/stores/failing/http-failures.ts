import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** In place of the server's answer: another one, or the end of the connection, when the server has done what was asked, or before. */
export type HttpFailure =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly reset: 'before' | 'after' }

export interface HttpFailures {
  readonly url: string
  /** The next request whose method this is. */
  failNext(method: string, failure: HttpFailure): void
  close(): Promise<void>
}

/** Between a client and a server that speaks HTTP. */
export async function httpFailures(target: string): Promise<HttpFailures> {
  let next: { readonly method: string; readonly failure: HttpFailure } | undefined
  const server = createServer((asked, answer) => {
    const failure = next?.method === asked.method ? next?.failure : undefined
    if (failure !== undefined) next = undefined
    if (failure !== undefined && 'status' in failure) {
      asked.resume().on('end', () => answer.writeHead(failure.status, failure.headers).end(JSON.stringify({ status: { error: 'as a proxy says' } })))
      return
    }
    if (failure?.reset === 'before') return void asked.socket.destroy()
    const onward = request(new URL(asked.url ?? '/', target), { method: asked.method, headers: asked.headers }, (answered) => {
      if (failure?.reset === 'after') answered.resume().on('end', () => asked.socket.destroy())
      else answered.pipe(answer.writeHead(answered.statusCode ?? 500, answered.headers))
    })
    asked.pipe(onward.on('error', () => asked.socket.destroy()))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext: (method, failure) => {
      next = { method, failure }
    },
    close: async () => {
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await closed
    },
  }
}

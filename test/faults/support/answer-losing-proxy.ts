import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface AnswerLosingProxy {
  readonly url: string
  /** Whether it has lost its answer. */
  lost(): boolean
  close(): Promise<void>
}

/**
 * Stands before a server. The first request that `loses` picks is done by the server, and its answer is lost: whoever asked
 * sees a broken connection, after `then` is done. Every other request goes through.
 */
export async function answerLosingProxy(options: {
  readonly server: string
  readonly loses: (request: IncomingMessage) => boolean
  readonly then: () => Promise<void>
}): Promise<AnswerLosingProxy> {
  const { server, loses, then } = options
  let lost = false
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = request
    const body = await buffer(request)
    const answer = await fetch(new URL(url, server), {
      method,
      headers: { 'content-type': headers['content-type'] ?? 'application/json' },
      ...(body.length > 0 && { body }),
    })
    const text = await answer.text()
    if (!lost && loses(request)) {
      lost = true
      await then()
      response.destroy()
    } else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
  }
  const proxy = createServer((request, response) => {
    // A server that is away looks the same from both sides of this.
    forward(request, response).catch(() => response.destroy())
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    lost: () => lost,
    close: async () => {
      proxy.closeAllConnections()
      await once(proxy.close(), 'close')
    },
  }
}

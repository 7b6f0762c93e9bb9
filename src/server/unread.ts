import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'

const usualMs = 30_000

/**
 * A caller that takes nothing of its answer for so long is cut off, as a reader of a stream is: else it would hold the answer in memory for as
 * long as it likes. Streams look after their readers themselves.
 */
export function cutUnread(afterMs: number = usualMs): MiddlewareHandler {
  return async (context, next) => {
    await next()
    // Absent where the server has no port.
    const outgoing = (context.env as Partial<HttpBindings> | undefined)?.outgoing
    if (outgoing?.socket == null || context.res.headers.get('content-type')?.startsWith('text/event-stream') === true) return
    const { socket } = outgoing
    // Each part that is taken is a sign of life, and so it counts from there; whoever is late is cut off by the server itself.
    socket.setTimeout(afterMs)
    // Before the server says how long it keeps the connection for the next request.
    outgoing.prependOnceListener('finish', () => socket.setTimeout(0))
  }
}

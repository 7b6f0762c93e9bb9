import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { harmless, type Observe } from '../protocol/observation.ts'
import type { Admitted } from './admission.ts'
import { traceOf } from './trace-context.ts'

/** Tells of each request when its answer is sent, or its caller is gone: a stream is told of at its end. Nothing of what was asked or answered. */
export function observed(observer: Observe): MiddlewareHandler<Admitted> {
  const observe = harmless(observer)
  return async (context, next) => {
    const startedAt = Date.now()
    const { req: { raw }, env } = context
    await next()
    const { status, headers } = context.res
    const [route, code] = [routeOf(context), context.get('problem')]
    const { id: key, tenant } = context.get('accessKey') ?? {}
    const stream = headers.get('content-type')?.startsWith('text/event-stream') === true
    const tell = (left: boolean): void =>
      observe({
        type: 'request',
        method: methodOf(raw.method),
        ...(route !== undefined && { route }),
        status,
        ...(code !== undefined && { code }),
        ...(key !== undefined && { key }),
        ...(tenant !== undefined && { tenant }),
        ...(stream && { stream }),
        ...(left && { left }),
        trace: traceOf(raw.headers.get('traceparent')),
        startedAt,
        endedAt: Date.now(),
      })
    // Absent where the server has no port: then the answer is given with this.
    const outgoing = (env as Partial<HttpBindings> | undefined)?.outgoing
    if (outgoing === undefined) tell(false)
    else if (outgoing.destroyed) tell(true)
    else outgoing.once('close', () => tell(!outgoing.writableFinished))
  }
}

/** As the OpenAPI document writes it. What comes before every route has a pattern with a star, and of routes the first one that fits answers. */
const routeOf = (context: Context): string | undefined =>
  matchedRoutes(context)
    .find(({ path }) => !path.endsWith('*'))
    ?.path.replace(/:(\w+)/g, '{$1}')

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** A caller may send any word. */
const methodOf = (method: string): string => (methods.includes(method) ? method : 'other')

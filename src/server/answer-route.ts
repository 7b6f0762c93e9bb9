import { randomUUID } from 'node:crypto'
import type { Context as HonoContext } from 'hono'
import { accepts } from 'hono/accepts'
import { abortWith } from '../client/abort-with.ts'
import { assertCommandId } from '../protocol/commands.ts'
import { invalidArgument } from '../protocol/errors.ts'
import { assertSenderEventId } from '../protocol/events.ts'
import type { Scope } from '../protocol/scopes.ts'
import { allows } from './access.ts'
import type { Admitted } from './admission.ts'
import type { AppOptions } from './app-options.ts'
import { failureResponse } from './failure.ts'
import { readRequest } from './request/read-request.ts'
import { Refusal } from './refusal.ts'
import type { Route } from './route.ts'
import { streamAnswer } from './streams/stream-answer.ts'

type Context = HonoContext<Admitted>

/** Reads the request, does what the route does, and writes its answer: also in a problem it names the key under which the same may be asked again. */
export async function answerRoute(route: Route, context: Context, options: AppOptions): Promise<Response> {
  const id = idOf(route, context.req.raw)
  const response = await answer(route, context, { ...options, id }).catch((error: unknown) => failureResponse(error, context, options))
  if (route.idempotent !== undefined) response.headers.set('idempotency-key', id)
  return response
}

async function answer(route: Route, context: Context, options: AppOptions & { readonly id: string }): Promise<Response> {
  const request = { ...options, client: context.get('client'), ...(await readRequest(context, route)), may: (scope: Scope) => allows(context.get('accessKey'), scope) }
  refuseIfStopping(options)
  try {
    if (route.stream === undefined || !(route.handle === undefined || wantsStream(context))) return await answerOnce(route, context, request)
    // Hono answers HEAD as GET and throws the body away, unread: nobody would end the stream.
    if (context.req.raw.method === 'HEAD') throw new Refusal('method-not-allowed', `HEAD is not answered here, since a stream has no length; ${route.method} is`, { allow: route.method })
    const { stream } = route
    const lastEventId = context.req.raw.headers.get('last-event-id') ?? undefined
    return await streamAnswer(context, options, (leave) => stream({ ...request, signal: leave, leave, lastEventId }))
  } catch (error) {
    refuseIfStopping(options)
    throw error
  }
}

/** By the preferences of `Accept`, or, where it has none between the two, by its order. */
const wantsStream = (context: Context): boolean =>
  accepts(context, { header: 'Accept', supports: ['application/json', eventStreamType], default: 'application/json' }) === eventStreamType

const eventStreamType = 'text/event-stream'

/** @throws Refusal */
function refuseIfStopping({ stopping }: AppOptions): void {
  if (stopping.aborted) throw new Refusal('shutting-down', 'this server stops; what was accepted goes on, ask again under the same key', { 'retry-after': '1' })
}

type Asked = AppOptions & Pick<Parameters<NonNullable<Route['handle']>>[0], 'client' | 'id' | 'may'> & Awaited<ReturnType<typeof readRequest>>

async function answerOnce({ handle, status, repeated }: Route, { req: { raw } }: Context, request: Asked): Promise<Response> {
  const leaving = new AbortController()
  const letGo = abortWith(leaving, raw.signal, request.stopping)
  try {
    const answer = await handle?.({ ...request, signal: leaving.signal })
    const headers = { 'cache-control': 'no-store', ...(repeated?.(answer) === true && { 'idempotency-replayed': 'true' }) }
    return Response.json(answer, { status: status?.(answer) ?? 200, headers })
  } finally {
    letGo()
  }
}

/** Of `Idempotency-Key`, or a new one. @throws PerdureError `invalid-argument`, also where a key would be of no effect */
function idOf({ method, idempotent }: Route, request: Request): string {
  const given = request.headers.get('idempotency-key')
  if (given === null) return randomUUID()
  if (idempotent === 'event') assertSenderEventId(given)
  else if (idempotent === 'command') assertCommandId(given)
  else if (method !== 'GET') throw invalidArgument('this route heeds no Idempotency-Key: what it does is told apart by its content; leave the header out')
  return given
}

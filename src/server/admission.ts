import type { MiddlewareHandler } from 'hono'
import type { AccessKey } from '../client/access-keys.ts'
import type { PerdureClient } from '../client/client.ts'
import { isLoopback } from '../protocol/network.ts'
import type { Scope } from '../protocol/scopes.ts'
import { assertScope, keyOf } from './access.ts'
import type { AppOptions } from './app-options.ts'
import type { ProblemCode } from './problem.ts'
import { Refusal } from './refusal.ts'

/** What is known of a request beside what it says: its key, where keys are needed, the client of its tenant, and the error that it was answered with. */
export interface Admitted {
  readonly Variables: { accessKey?: AccessKey; client: PerdureClient; problem?: ProblemCode }
}

/**
 * Before any route: with a key, as often as it may; or without any where there is none, from this machine. From here on a request has the client
 * of its tenant, and no other.
 */
export function admission({ keys, rates, clientOf }: Pick<AppOptions, 'keys' | 'rates' | 'clientOf'>): MiddlewareHandler<Admitted> {
  return async (context, next) => {
    const { raw } = context.req
    if (await keys.areNeeded()) {
      const key = await keyOf(raw, keys)
      rates.take(key.id)
      context.set('accessKey', key)
      context.set('client', clientOf(key.tenant))
    } else {
      admitLocal(raw)
      context.set('client', clientOf(undefined))
    }
    await next()
  }
}

/** Before a route: what its key has to allow. @param scopes one of them is enough */
export function needing(...scopes: readonly Scope[]): MiddlewareHandler<Admitted> {
  return async (context, next) => {
    const key = context.get('accessKey')
    if (key !== undefined) assertScope(key, scopes)
    await next()
  }
}

/** By these a proxy says that it asks for somebody else. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * Who may ask a server without keys: programs of this machine, and pages that it serves itself. A page of another site that makes its name
 * point here (DNS rebinding) still sends that name as `Host`; one that sends a form here, or shows what is here as a
 * picture, is told by its `Origin` or `Sec-Fetch-Site`.
 * @throws Refusal
 */
function admitLocal(request: Request): void {
  const host = request.headers.get('host') ?? ''
  const named = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
  if (!isLoopback(named)) {
    throw new Refusal('host-refused', `this server has no keys, so it answers only where it is called localhost or 127.0.0.1, and not ${JSON.stringify(host.slice(0, 100))}`)
  }
  // Proxies and tunnels may write this machine's name in the place of their own, and whoever reaches them would be let in.
  const passedOn = proxyHeaders.find((name) => request.headers.has(name))
  if (passedOn !== undefined) throw new Refusal('host-refused', `this server has no keys, so it answers this machine alone, and a proxy has passed the request on (${passedOn}); make a key first, by \`perdure keys create\``)
  const origin = request.headers.get('origin')
  // A picture, or a link, of another page comes without an origin; browsers say where it came from in another way.
  const site = request.headers.get('sec-fetch-site') ?? 'none'
  if ((origin !== null && origin !== `http://${host}`) || !['same-origin', 'none'].includes(site)) throw new Refusal('origin-refused', 'this server has no keys, so it answers no page of another origin')
}

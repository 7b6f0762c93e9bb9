import { Agent, EnvHttpProxyAgent, fetch as fetchOfUndici, type Dispatcher } from 'undici'
import { isInBlock } from '../../protocol/address-block.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { isLocalHost } from '../../protocol/network.ts'

/** Who asks has a time limit of its own: without this, five minutes end every request. */
const noLimit = { headersTimeout: 0, bodyTimeout: 0 }

/** Redirects that are gone after, one after the other. */
const mostRedirects = 3

/**
 * Fetch for a model's endpoint: through the proxy that `https_proxy`, `http_proxy` and `no_proxy` name, in small or capital letters, never
 * for this machine. It has no time limit; the signal ends it. A redirect to the same host is gone after with the request as it is; another host
 * does not get the key, and its address is the answer; a circle is a failure
 * of the server.
 * @throws PerdureError `config-invalid` where a variable names no proxy that can be used
 */
export function endpointFetch(baseURL: string): typeof fetch {
  const { hostname } = new URL(baseURL)
  const dispatcher = isLocalHost(hostname) || isExcepted(hostname) ? new Agent(noLimit) : throughProxy()
  const ask = async (input: string, init: object, redirects: number): Promise<unknown> => {
    // Fetch by itself would drop the key, or the body.
    const response = await fetchOfUndici(input, { ...init, dispatcher, redirect: 'manual' })
    const to = response.status >= 300 && response.status < 400 ? (response.headers.get('location') ?? '') : ''
    if (to === '' || !URL.canParse(to, input)) return response
    const next = new URL(to, input)
    const before = new URL(input)
    if (redirects >= mostRedirects) return circle(next)
    if (next.hostname !== before.hostname || (before.protocol === 'https:' && next.protocol !== 'https:')) return elsewhere(response.status, next)
    await response.body?.cancel()
    return ask(next.href, init, redirects + 1)
  }
  // The types of undici and of Node's own copy of it differ in name only.
  return ((input: string, init: object) => ask(input, init, 0)) as unknown as typeof fetch
}

/** A fault of what stands before the endpoint, which may be over soon: it is asked again. */
const circle = ({ origin, pathname }: URL): Response => Response.json({ error: { message: `it redirects again and again, at last to ${origin}${pathname}` } }, { status: 508 })

const elsewhere = (status: number, { origin, pathname }: URL): Response =>
  Response.json({ error: { message: `it says that it is at ${origin}${pathname} now: name that by the base URL, without the last parts of its path` } }, { status })

/** Blocks of addresses, and addresses of IPv6, which the proxies' own library does not know. */
const isExcepted = (host: string): boolean => (process.env['no_proxy'] ?? process.env['NO_PROXY'] ?? '').split(/[,\s]+/).some((exception) => isInBlock(host, exception))

function throughProxy(): Dispatcher {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) {
    const value = process.env[name] ?? ''
    if (value !== '' && !(URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) {
      throw new PerdureError('config-invalid', `${name} names no proxy that can be used: write one that begins with http:// or https://, like http://proxy.example:3128`)
    }
  }
  try {
    return new EnvHttpProxyAgent(noLimit)
  } catch (error) {
    throw new PerdureError('config-invalid', `the proxy that http_proxy or https_proxy names cannot be used: ${messageOf(error)}`)
  }
}

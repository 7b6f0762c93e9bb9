import { Agent, EnvHttpProxyAgent, fetch as fetchOfUndici, type Dispatcher } from 'undici'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { isLocalHost, ProxyFailure } from '../../protocol/network.ts'
import { isExceptedFromProxy } from '../../protocol/proxy-exceptions.ts'

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
  const url = new URL(baseURL)
  const direct = isLocalHost(url.hostname) || isExcepted(url)
  const dispatcher = direct ? new Agent(noLimit) : throughProxy()
  const proxy = direct ? undefined : proxyVariableOf(url)
  const ask = async (input: string, init: object, redirects: number): Promise<unknown> => {
    // Fetch by itself would drop the key, or the body.
    const response = await fetchOfUndici(input, { ...init, dispatcher, redirect: 'manual' }).catch((error: unknown) => {
      throw proxy === undefined || !(error instanceof TypeError) ? error : new ProxyFailure(proxy, error)
    })
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

const isExcepted = ({ hostname, port, protocol }: URL): boolean =>
  isExceptedFromProxy({ host: hostname, port: port || (protocol === 'https:' ? '443' : '80') }, process.env['no_proxy'] ?? process.env['NO_PROXY'] ?? '')

/** The variable that names the proxy for an address, as the proxies' own library chooses it; undefined where there is none. */
function proxyVariableOf({ protocol }: URL): string | undefined {
  const names = ['http_proxy', 'HTTP_PROXY']
  return [...(protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : []), ...names].find((name) => (process.env[name] ?? '') !== '')
}

function throughProxy(): Dispatcher {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) {
    const value = process.env[name] ?? ''
    if (value !== '' && !(URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) {
      throw new PerdureError('config-invalid', `${name} names no proxy that can be used: write one that begins with http:// or https://, like http://proxy.example:3128`)
    }
  }
  try {
    // What is excepted was found by our own rule.
    return new EnvHttpProxyAgent({ ...noLimit, noProxy: '' })
  } catch (error) {
    throw new PerdureError('config-invalid', `the proxy that http_proxy or https_proxy names cannot be used: ${messageOf(error)}`)
  }
}

import { Agent, EnvHttpProxyAgent, fetch as fetchOfUndici, type Dispatcher } from 'undici'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { isLocalHost } from '../../protocol/network.ts'

/** Who asks has a time limit of its own: without this, five minutes end every request. */
const noLimit = { headersTimeout: 0, bodyTimeout: 0 }

/**
 * Fetch for a model's endpoint: through the proxy that `https_proxy`, `http_proxy` and `no_proxy` name, in small or capital letters, never
 * for this machine. It has no time limit; the signal ends it.
 * @throws PerdureError `config-invalid` where a variable names no proxy that can be used
 */
export function endpointFetch(baseURL: string): typeof fetch {
  const dispatcher = isLocalHost(new URL(baseURL).hostname) ? new Agent(noLimit) : throughProxy()
  // The types of undici and of Node's own copy of it differ in name only.
  return ((input: string, init: object) => fetchOfUndici(input, { ...init, dispatcher })) as unknown as typeof fetch
}

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

import OpenAI from 'openai'
import { PerdureError } from '../../protocol/errors.ts'
import { sendableKey } from '../../protocol/sendable-key.ts'
import { classifyModelError } from '../classify.ts'
import { ModelError } from '../model-error.ts'
import { addressOf } from './address.ts'
import { boundedBodies } from './bounded-bodies.ts'
import { endpointFetch } from './endpoint-fetch.ts'
import { errorBodies } from './error-bodies.ts'

const usualBaseURL = 'https://api.openai.com/v1'

export interface EndpointSettings {
  /** Default: OpenAI's own. */
  readonly baseURL?: string
  /** Any text for an endpoint that asks for none. */
  readonly apiKey: string
  /** Milliseconds for one request, its body included. Default 10 minutes: local models think slowly. */
  readonly timeoutMs?: number
}

export interface Endpoint {
  readonly client: OpenAI
  readonly secrets: readonly string[]
  /**
   * Runs one request under the timeout.
   * @throws ModelError classified, or the signal's own reason once it is aborted
   */
  request<Result>(signal: AbortSignal, send: (options: { readonly signal: AbortSignal }) => Promise<Result>): Promise<Result>
}

/** @throws PerdureError `config-invalid` */
export function endpointOf(settings: EndpointSettings): Endpoint {
  const { baseURL, timeoutMs = 600_000 } = settings
  const { key: apiKey, problem } = sendableKey(settings.apiKey)
  if (problem !== undefined) throw new PerdureError('config-invalid', `the key of the model's endpoint ${problem}`)
  const address = addressOf(baseURL ?? usualBaseURL)
  const client = new OpenAI({
    baseURL: address.baseURL,
    defaultQuery: { ...address.query },
    defaultHeaders: address.headers,
    apiKey: apiKey === '' ? 'none' : apiKey,
    // The workflow retries: it knows how long to wait, shows the wait, and survives a restart meanwhile.
    maxRetries: 0,
    timeout: timeoutMs,
    fetch: errorBodies(boundedBodies(endpointFetch(address.baseURL))),
  })
  const secrets = [apiKey, ...address.secrets]

  return {
    client,
    secrets,
    async request(signal, send) {
      signal.throwIfAborted()
      // The package's own timeout ends once the headers have come; this one also bounds a body that never ends.
      const timeout = AbortSignal.timeout(timeoutMs)
      try {
        return await send({ signal: AbortSignal.any([signal, timeout]) })
      } catch (error) {
        signal.throwIfAborted()
        if (timeout.aborted)
          throw new ModelError('unreachable', `the model's endpoint did not answer within ${timeoutMs} ms: check that it is up, or raise the timeout`)
        throw classifyModelError(error, { secrets })
      }
    },
  }
}

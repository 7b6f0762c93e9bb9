import { decodedComponent } from '../../protocol/decoded-component.ts'
import { PerdureError } from '../../protocol/errors.ts'

export interface EndpointAddress {
  /** Without user, password and query. */
  readonly baseURL: string
  /** What each request's address has behind `?`, as Azure's `api-version`. */
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Parts of it that no message may show. */
  readonly secrets: readonly string[]
}

/**
 * The path of one kind of request, as pages about a service show it; Ollama's own interface has others. One word says so only behind a version or a deployment:
 * a proxy may have mounted a whole server at `/embeddings`.
 */
const ofOneRequest = /\/(?:chat\/completions|(?<=\/(?:v\d[\w.]*|deployments\/[^/]+)\/)(?:completions|embeddings|responses|messages)|api\/(?:chat|generate|embed|tags))\/*$/

/** What is wrong with an address that is one, without the address, in which there may be a secret. */
export function problemOfBaseURL(text: string): string | undefined {
  const url = new URL(text)
  if (url.hash !== '') return 'has a "#", behind which nothing is sent: leave it out, or write %23'
  const path = ofOneRequest.exec(url.pathname)?.[0]
  if (path === undefined) return undefined
  return path.startsWith('/api/') ? `ends in ${path}, which is Ollama's own interface: end it in /v1, like http://localhost:11434/v1` : `ends in ${path}, as its requests do by themselves: leave that out, like http://localhost:11434/v1`
}

/**
 * An endpoint's address taken apart, as the HTTP client needs it: a user and a password become a header, and a query stands behind the path
 * of each request.
 * @throws PerdureError `config-invalid`
 */
export function addressOf(text: string): EndpointAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new PerdureError('config-invalid', 'the base URL of the model is no address: it should look like http://localhost:11434/v1')
  }
  const problem = problemOfBaseURL(text)
  if (problem !== undefined) throw new PerdureError('config-invalid', `the base URL of the model ${problem}`)
  const { username, password } = url
  const [user, secret] = [decodedComponent(username), decodedComponent(password)]
  const query = Object.fromEntries(url.searchParams)
  const credentials = Buffer.from(`${user}:${secret}`).toString('base64')
  return {
    baseURL: `${url.origin}${url.pathname}`,
    query,
    headers: user === '' && secret === '' ? {} : { Authorization: `Basic ${credentials}` },
    secrets: [password, secret, credentials, ...Object.values(query).flatMap((value) => [value, encodeURIComponent(value)])].filter((part) => part.length >= 8),
  }
}

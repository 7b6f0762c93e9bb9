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
 * An endpoint's address taken apart, as the HTTP client needs it: a user and a password become a header, and a query stands behind the path
 * of each request.
 * @throws PerdureError `config-invalid`
 */
export function addressOf(text: string): EndpointAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new PerdureError('config-invalid', 'the base URL of the model is no address: it should look like http://localhost:11434/v1')
  }
  if (url.hash !== '') throw new PerdureError('config-invalid', 'the base URL of the model has a "#", behind which nothing is sent: leave it out, or write %23')
  const { username, password } = url
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)]
  const query = Object.fromEntries(url.searchParams)
  const credentials = Buffer.from(`${user}:${secret}`).toString('base64')
  return {
    baseURL: `${url.origin}${url.pathname}`,
    query,
    headers: user === '' && secret === '' ? {} : { Authorization: `Basic ${credentials}` },
    secrets: [password, secret, credentials, ...Object.values(query).flatMap((value) => [value, encodeURIComponent(value)])].filter((part) => part.length >= 8),
  }
}

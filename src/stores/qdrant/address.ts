import { decodedComponent } from '../../protocol/decoded-component.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { sendableKey } from '../../protocol/sendable-key.ts'

export interface QdrantAddress {
  readonly url: string
  readonly port: number
  /** Path before all paths of the server, with a `/` in front; absent where there is none. */
  readonly prefix?: string
  readonly headers: Readonly<Record<string, string>>
  /** For a person. */
  readonly host: string
}

/**
 * An address as the client library has to be told of it. Left to itself it takes port 6333 where none is written, also where the port is
 * that of the protocol, and drops user and password.
 * @throws PerdureError `config-invalid`
 */
export function addressOf(text: string, apiKey?: string): QdrantAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new PerdureError('config-invalid', 'QDRANT_URL is not a URL of a Qdrant server: it should look like http://host:6333')
  }
  if (url.search !== '' || url.hash !== '') throw new PerdureError('config-invalid', 'QDRANT_URL has a "?" or a "#", behind which nothing is sent: leave that part out')
  const { key, problem } = sendableKey(apiKey ?? '')
  if (problem !== undefined) throw new PerdureError('config-invalid', `QDRANT_API_KEY ${problem}`)
  const { username, password } = url
  const prefix = url.pathname.replace(/\/+$/, '')
  return {
    url: url.origin,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    ...(prefix !== '' && { prefix }),
    headers: {
      // Not as the library's `apiKey`: it would warn on the console of a key without TLS, which is right inside a network of containers.
      ...(key !== '' && { 'api-key': key }),
      ...(username !== '' && { authorization: `Basic ${Buffer.from(`${decodedComponent(username)}:${decodedComponent(password)}`).toString('base64')}` }),
    },
    host: url.host,
  }
}

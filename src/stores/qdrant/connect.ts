import { QdrantClient } from '@qdrant/js-client-rest'
import { PerdureError } from '../../protocol/errors.ts'
import { connectionAdvice } from '../../protocol/network.ts'
import { addressOf } from './address.ts'
import { keyRefusal, reasonOf } from './away.ts'

/** Since this release an upsert can leave existing points alone, which is what "inserting again changes nothing" stands on. */
const oldestVersion = [1, 16] as const

/** A server that takes a request and does not answer it counts as away after this. */
const silenceMs = 10_000

/**
 * Connects, and asks for the version.
 * @throws PerdureError `config-invalid`, `server-unavailable`; both name the host, never the key
 */
export async function connectQdrant({ url, apiKey }: { readonly url: string; readonly apiKey?: string }): Promise<{ client: QdrantClient; host: string }> {
  const { host, ...address } = addressOf(url, apiKey)
  const client = new QdrantClient({
    ...address,
    timeout: silenceMs,
    checkCompatibility: false,
  })
  const version = await client.versionInfo().then(
    // Whatever answers there, it may be another program.
    ({ version: told }: { readonly version?: unknown }) => (typeof told === 'string' ? told : undefined),
    (error: unknown) => {
      if (error instanceof SyntaxError) return undefined
      const refusal = keyRefusal(error, { host, withKey: apiKey !== undefined })
      if (refusal !== undefined) throw refusal
      const advice = connectionAdvice(error)
      throw new PerdureError('server-unavailable', `Qdrant at ${host} cannot be used: ${advice === '' ? `${reasonOf(error)}. ` : ''}${advice === '' ? `Start it, or correct QDRANT_URL${portAdvice(url)} and QDRANT_API_KEY` : advice}`)
    },
  )
  if (version === undefined) throw new PerdureError('server-unavailable', `what answers at ${host} is no Qdrant: correct QDRANT_URL, which is what stands before /collections or /dashboard, like http://localhost:6333`)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])) {
    throw new PerdureError('server-unavailable', `Qdrant at ${host} is version ${version}: ${oldestVersion.join('.')} or newer is needed`)
  }
  return { client, host }
}

/** Qdrant itself listens at a port that an address without one does not mean, and at another one for gRPC. */
function portAdvice(url: string): string {
  const port = /^https?:\/\/[^/]*:(\d+)/.exec(url)?.[1]
  return port === undefined ? ' (it names no port; a Qdrant listens at 6333)' : port === '6334' ? ' (at 6334 a Qdrant speaks gRPC; it is asked at 6333)' : ''
}

import { QdrantClient } from '@qdrant/js-client-rest'
import { PerdureError } from '../../protocol/errors.ts'
import { reasonOf } from './away.ts'

/** Since this release an upsert can leave existing points alone, which is what "inserting again changes nothing" stands on. */
const oldestVersion = [1, 16] as const

/** A server that takes a request and does not answer it counts as away after this. */
const silenceMs = 10_000

/**
 * Connects, and asks for the version.
 * @throws PerdureError `config-invalid`, `server-unavailable`; both name the host, never the key
 */
export async function connectQdrant({ url, apiKey }: { readonly url: string; readonly apiKey?: string }): Promise<{ client: QdrantClient; host: string }> {
  const { origin, pathname, host } = parsed(url)
  const client = new QdrantClient({
    url: origin,
    ...(pathname === '/' ? {} : { prefix: pathname }),
    // Not as `apiKey`: the library would warn on the console of a key without TLS, which is right inside a network of containers.
    ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
    timeout: silenceMs,
    checkCompatibility: false,
  })
  const version = await client.versionInfo().then(
    (info) => info.version,
    (error: unknown) => {
      throw new PerdureError('server-unavailable', `Qdrant at ${host} cannot be used: ${reasonOf(error)}. Start it, or correct QDRANT_URL and QDRANT_API_KEY`)
    },
  )
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])) {
    throw new PerdureError('server-unavailable', `Qdrant at ${host} is version ${version}: ${oldestVersion.join('.')} or newer is needed`)
  }
  return { client, host }
}

function parsed(url: string): URL {
  const found = URL.canParse(url) ? new URL(url) : undefined
  if (found?.protocol === 'http:' || found?.protocol === 'https:') return found
  throw new PerdureError('config-invalid', 'QDRANT_URL is not a URL of a Qdrant server: it should look like http://host:6333')
}

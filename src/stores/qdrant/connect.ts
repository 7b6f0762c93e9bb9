import { QdrantClient } from '@qdrant/js-client-rest'
import { PerdureError } from '../../protocol/errors.ts'
import { certificateAdvice } from '../../protocol/network.ts'
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
    (info) => info.version,
    (error: unknown) => {
      const refusal = keyRefusal(error, { host, withKey: apiKey !== undefined })
      if (refusal !== undefined) throw refusal
      const advice = certificateAdvice(error)
      throw new PerdureError('server-unavailable', `Qdrant at ${host} cannot be used: ${reasonOf(error)}. ${advice === '' ? `Start it, or correct QDRANT_URL${portAdvice(url)} and QDRANT_API_KEY` : `But ${advice}`}`)
    },
  )
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])) {
    throw new PerdureError('server-unavailable', `Qdrant at ${host} is version ${version}: ${oldestVersion.join('.')} or newer is needed`)
  }
  return { client, host }
}

/** Qdrant itself listens at a port that an address without one does not mean. */
const portAdvice = (url: string): string => (/^https?:\/\/[^/]*:\d+/.test(url) ? '' : ' (it names no port; a Qdrant listens at 6333)')

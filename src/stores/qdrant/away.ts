import { QdrantClientResourceExhaustedError, QdrantClientTimeoutError } from '@qdrant/js-client-rest'
import { messageOf, PerdureError } from '../../protocol/errors.ts'

/** A time-out, too many requests, and what a server that starts or stops says, or a proxy before one that is away. */
const passingStatuses: ReadonlySet<number | undefined> = new Set([408, 429, 502, 503, 504])

/** An error of ours where the server is away, or can't for now, so that callers can tell that from all else; every other error as it is. */
export function namedIfAway(error: unknown, host: string): unknown {
  const refusal = keyRefusal(error, { host })
  if (refusal !== undefined) return refusal
  const silent = error instanceof QdrantClientTimeoutError || (error instanceof TypeError && error.cause !== undefined)
  if (!silent && !isRefusedForNow(error)) return error
  const reason = `${silent ? 'does not answer' : 'can\'t at present'}: ${reasonOf(error)}`
  return new PerdureError('server-unavailable', `Qdrant at ${host} ${reason}. What was asked of it can be asked again when it is back`)
}

function isRefusedForNow(error: unknown): boolean {
  if (error instanceof QdrantClientResourceExhaustedError || passingStatuses.has(statusOf(error))) return true
  // The client's own words for "too many requests" with a date in Retry-After, which it can't read.
  return error instanceof Error && error.message.startsWith('Invalid retryAfter value')
}

const statusOf = (error: unknown): number | undefined => (error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined)

/** Asks for something of the server, and names the server if it is away. */
export async function naming<Answer>(host: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    throw namedIfAway(error, host)
  }
}

/** An error that names the key where the server refuses it. Asking again does not help, so it is none of a server that is away. */
export function keyRefusal(error: unknown, { host, withKey }: { readonly host: string; readonly withKey?: boolean }): PerdureError | undefined {
  const status = statusOf(error)
  if (status !== 401 && status !== 403) return undefined
  const what = withKey === false ? 'asks for a key: set QDRANT_API_KEY' : 'refuses the key, or its lack: correct QDRANT_API_KEY, which has to be one that may write'
  return new PerdureError('config-invalid', `Qdrant at ${host} ${what} (${status})`)
}

/** `fetch` says only "fetch failed"; its cause says why. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && error.cause !== undefined) return `${error.message}: ${messageOf(error.cause)}`
  const status = statusOf(error)
  return status === undefined ? messageOf(error) : `${status} ${messageOf(error)}`
}

import { QdrantClientTimeoutError } from '@qdrant/js-client-rest'
import { messageOf, PerdureError } from '../../protocol/errors.ts'

/** An error of ours where the server is away, so that callers can tell that from all else; every other error as it is. */
export function namedIfAway(error: unknown, host: string): unknown {
  const away = error instanceof QdrantClientTimeoutError || (error instanceof TypeError && error.cause !== undefined)
  if (!away) return error
  return new PerdureError('server-unavailable', `Qdrant at ${host} does not answer: ${reasonOf(error)}. What was asked of it can be asked again when it is back`)
}

/** Asks for something of the server, and names the server if it is away. */
export async function naming<Answer>(host: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    throw namedIfAway(error, host)
  }
}

/** `fetch` says only "fetch failed"; its cause says why. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? `${error.message}: ${messageOf(error.cause)}` : messageOf(error)
}

import { messageOf } from '../../src/protocol/errors.ts'
import type { TestServer } from './data-server.ts'
import type { Unavailable } from './require-server.ts'

/** One place to look for a server: the server, or why it is not there. */
export type Place = () => Promise<TestServer | Unavailable>

/** Looks in order, says on stderr what was taken, and remembers why the others were not. */
export async function firstFound(server: string, places: readonly Place[]): Promise<TestServer | Unavailable> {
  const reasons: string[] = []
  for (const place of places) {
    const found = await place().catch((error: unknown): Unavailable => ({ unavailable: messageOf(error) }))
    if (!('unavailable' in found)) {
      process.stderr.write(`${found.kind}\n`)
      return found
    }
    reasons.push(found.unavailable)
  }
  return { unavailable: `${server} unavailable: ${reasons.join('; ')}` }
}

export interface StartOptions {
  /** A server of one's own, to be killed or filled: one that runs already is passed over. */
  readonly own?: boolean
}

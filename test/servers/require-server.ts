import { describe, test } from 'vitest'

/** The answer of a starter that found no server, no download and no stand-in. */
export interface Unavailable {
  readonly unavailable: string
}

export function isUnavailable(found: object): found is Unavailable {
  return 'unavailable' in found
}

/**
 * A suite that needs a server. Without the server it is skipped by name, and the name says why; in CI that is a failure,
 * because a suite that never ran proves nothing.
 */
export function describeWithServer<Server extends object>(name: string, found: Server | Unavailable, body: (server: Server) => void): void {
  if (!isUnavailable(found)) {
    describe(name, () => body(found))
    return
  }
  if (process.env['CI']) {
    describe(name, () => {
      test('has its server', () => {
        throw new Error(`no server for "${name}": ${found.unavailable}`)
      })
    })
    return
  }
  describe.skip(`${name} (skipped: ${found.unavailable})`, () => {
    test('needs its server', () => undefined)
  })
}

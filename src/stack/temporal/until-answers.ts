import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, PerdureError } from '../../protocol/errors.ts'

export interface WaitOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/**
 * Asks a Temporal server again and again, until it answers for that namespace.
 * @param ask rejects where it does not within so many milliseconds
 * @throws PerdureError `server-unavailable` when it does not in time
 */
export async function untilAnswers(target: { readonly address: string; readonly namespace: string }, options: WaitOptions, ask: (withinMs: number) => Promise<void>): Promise<void> {
  const deadline = Date.now() + options.timeoutMs
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      await ask(Math.max(200, Math.min(2_000, deadline - Date.now())))
      return
    } catch (error) {
      if (Date.now() >= deadline) {
        throw new PerdureError(
          'server-unavailable',
          `the Temporal server at ${target.address} does not answer for namespace ${target.namespace}: ${messageOf(error)}; check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and that it runs`,
          { cause: error },
        )
      }
    }
    await sleep(100, undefined, { signal: options.signal })
  }
}

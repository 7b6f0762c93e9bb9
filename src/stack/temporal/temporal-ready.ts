import { setTimeout as sleep } from 'node:timers/promises'
import { connectTemporal, type TemporalTarget } from '../../client/connect-temporal.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'

/**
 * Waits until the server answers for that namespace.
 * @throws PerdureError `server-unavailable` when it does not in time
 */
export async function waitForTemporal(target: TemporalTarget, options: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<void> {
  const deadline = Date.now() + options.timeoutMs
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      await answersOnce(target, Math.max(200, Math.min(2_000, deadline - Date.now())))
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

async function answersOnce(target: TemporalTarget, withinMs: number): Promise<void> {
  const connection = await connectTemporal(target, withinMs)
  try {
    await connection.withDeadline(Date.now() + withinMs, () => connection.workflowService.describeNamespace({ namespace: target.namespace }))
  } finally {
    await connection.close()
  }
}

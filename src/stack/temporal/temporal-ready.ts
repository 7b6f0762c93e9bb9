import { connectTemporal, type TemporalTarget } from '../../client/connect-temporal.ts'
import { untilAnswers, type WaitOptions } from './until-answers.ts'

/**
 * Waits until the server answers for that namespace.
 * @throws PerdureError `server-unavailable` when it does not in time
 */
export function waitForTemporal(target: TemporalTarget, options: WaitOptions): Promise<void> {
  return untilAnswers(target, options, (withinMs) => answersOnce(target, withinMs))
}

async function answersOnce(target: TemporalTarget, withinMs: number): Promise<void> {
  const connection = await connectTemporal(target, withinMs)
  try {
    await connection.withDeadline(Date.now() + withinMs, () => connection.workflowService.describeNamespace({ namespace: target.namespace }))
  } finally {
    await connection.close()
  }
}

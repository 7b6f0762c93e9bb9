import { ApplicationFailure, Context } from '@temporalio/activity'
import { PerdureError } from '../protocol/errors.ts'
import { liveness } from '../protocol/liveness.ts'

/** Runs with the activity's cancellation signal, and beats so that Temporal sees it alive and can cancel it. */
export async function heartbeating<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current()
  const timer = setInterval(() => {
    context.heartbeat()
  }, liveness.beatMs)
  try {
    return await run(context.cancellationSignal)
  } catch (error) {
    // A full disk is a reason to park, with a name of its own.
    if (PerdureError.isInstance(error) && error.code === 'store-full') throw ApplicationFailure.retryable(error.message, error.code)
    throw error
  } finally {
    clearInterval(timer)
  }
}

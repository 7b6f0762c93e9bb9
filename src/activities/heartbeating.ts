import { Context } from '@temporalio/activity'
import { liveness } from '../protocol/liveness.ts'

/** Runs with the activity's cancellation signal, and beats so that Temporal sees it alive and can cancel it. */
export async function heartbeating<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current()
  const timer = setInterval(() => {
    context.heartbeat()
  }, liveness.beatMs)
  try {
    return await run(context.cancellationSignal)
  } finally {
    clearInterval(timer)
  }
}

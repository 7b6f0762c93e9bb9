import { Context } from '@temporalio/activity'
import { liveness } from '../protocol/liveness.ts'

/** Runs with a signal by which Temporal ends the attempt, and beats so that Temporal sees it alive and can. */
export async function heartbeating<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current()
  const timer = setInterval(() => {
    context.heartbeat()
  }, liveness.beatMs)
  try {
    return await run(endingOf(context))
  } finally {
    clearInterval(timer)
  }
}

/**
 * Aborted where the activity is cancelled, and where an operator pauses it and another attempt can be made later. Its last attempt goes on: broken
 * off, it would have failed for good, which nobody asked for.
 */
function endingOf(context: Context): AbortSignal {
  const { attempt, retryPolicy: { maximumAttempts: most = 0 } = {} } = context.info
  return most === 0 || attempt < most ? context.cancellationSignal : unlessPaused(context)
}

/** Aborted as the activity's own signal is, except by an operator's pause: for what must not be done a second time, and so not be broken off without need. */
export function unlessPaused(context: Context): AbortSignal {
  const { cancellationSignal } = context
  const ending = new AbortController()
  const end = (): void => {
    const { paused, cancelRequested } = context.cancellationDetails ?? {}
    if (paused !== true || cancelRequested === true) ending.abort(cancellationSignal.reason)
  }
  if (cancellationSignal.aborted) end()
  else cancellationSignal.addEventListener('abort', end, { once: true })
  return ending.signal
}

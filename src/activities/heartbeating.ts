import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledFailure, Context } from '@temporalio/activity'
import proto from '@temporalio/proto'
import { liveness } from '../protocol/liveness.ts'
import type { ActivityDependencies } from './dependencies.ts'

/** How often a paused attempt that goes on looks whether it still may, and how long it waits for the answer. Milliseconds. */
const lookEveryMs = 2_000
const askingMs = 5_000
/** How long a paused attempt may go on when its worker stops. Milliseconds. */
const stoppingMs = 5_000

/** Signals by which an attempt is ended. */
interface Endings {
  /**
   * Aborted where the activity is cancelled, and where an operator pauses it and another attempt can be made later. Its last attempt goes on: broken
   * off, it would have failed for good, which nobody asked for.
   */
  readonly ending: AbortSignal
  /** Not aborted by an operator's pause: for what must not be done a second time, and so not be broken off without need. */
  readonly unlessPaused: AbortSignal
}

/** Runs with signals by which Temporal ends the attempt, and beats so that Temporal sees it alive and can. */
export async function heartbeating<T>(worker: Pick<ActivityDependencies, 'isStopping'>, run: (endings: Endings) => Promise<T>): Promise<T> {
  const context = Context.current()
  const { cancellationSignal, info: { attempt, retryPolicy: { maximumAttempts: most = 0 } = {} } } = context
  const startedAt = performance.now()
  const timer = setInterval(() => {
    context.heartbeat()
  }, liveness.beatMs)
  const over = new AbortController()
  const unlessPaused = new AbortController()
  const end = async (): Promise<void> => {
    const { paused, cancelRequested } = context.cancellationDetails ?? {}
    const goesOn = paused === true && cancelRequested !== true
    const how = goesOn ? await endOfPaused(context, { startedAt, over: over.signal, ...worker }) : 'ended'
    unlessPaused.abort(how === 'cancelled' ? new DOMException('the turn was cancelled', 'AbortError') : cancellationSignal.reason)
  }
  if (cancellationSignal.aborted) void end()
  else cancellationSignal.addEventListener('abort', () => void end(), { once: true })
  try {
    return await run({ ending: most === 0 || attempt < most ? cancellationSignal : unlessPaused.signal, unlessPaused: unlessPaused.signal })
  } catch (error) {
    const { reason } = unlessPaused.signal as { readonly reason: unknown }
    // The SDK reports a `CancelledFailure` as the pause that it knows of, and an `AbortError` as the cancel.
    throw error instanceof CancelledFailure && reason instanceof DOMException ? reason : error
  } finally {
    clearInterval(timer)
    over.abort()
  }
}

/**
 * Waits until an attempt that goes on after a pause has to end after all. The SDK tells an attempt one time that it is to end; behind a pause it tells
 * neither of a cancel nor of a time-out nor of the worker's stop. So this looks by itself.
 */
async function endOfPaused(context: Context, { startedAt, over, isStopping }: Pick<ActivityDependencies, 'isStopping'> & { readonly startedAt: number; readonly over: AbortSignal }): Promise<'cancelled' | 'ended'> {
  let stoppingSince: number | undefined
  const isOver = (): boolean => true
  while (!(await sleep(lookEveryMs, false, { signal: over }).catch(isOver))) {
    if (isStopping?.() === true) stoppingSince ??= performance.now()
    const now = performance.now()
    if (now - startedAt >= context.info.startToCloseTimeoutMs || now - (stoppingSince ?? now) >= stoppingMs) break
    const state = await stateOf(context)
    if (state !== 'wanted') return state
  }
  return 'ended'
}

const cancelRequested = proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED

/** What Temporal's server says of the attempt. One that it can't be asked of is wanted. */
async function stateOf(context: Context): Promise<'wanted' | 'cancelled' | 'ended'> {
  const { workflowExecution: execution = null, activityId, attempt } = context.info
  try {
    const { client } = context
    const { namespace } = client.options
    const { pendingActivities } = await client.withDeadline(Date.now() + askingMs, () => client.workflowService.describeWorkflowExecution({ namespace, execution }))
    const own = pendingActivities.find((pending) => pending.activityId === activityId && pending.attempt === attempt)
    if (own?.state === cancelRequested) return 'cancelled'
    return own === undefined ? 'ended' : 'wanted'
  } catch {
    return 'wanted'
  }
}

import { abortWith } from '../client/abort-with.ts'
import type { Accepted, SendOptions } from '../client/types.ts'

/** How long a request waits for a turn, where it does not say. Clients of HTTP often give up after five minutes. */
export const usualWaitSeconds = 240
export const longestWaitSeconds = 3_600
/** A message has at least so long to be accepted: a worker that is there may be busy. */
const leastAcceptMs = 5_000

/** What is known of an event whose turn has not ended. */
type Standing = Pick<Accepted, 'eventId'> & Partial<Accepted>

/** For the client's method that waits. */
type Waiting = Required<Pick<SendOptions, 'signal' | 'acceptMs'>> & { readonly onAccepted: (standing: Standing) => void }

/**
 * Waits for a turn, but no longer than that; then what was told as its event was accepted stands in its place. What was not accepted by then
 * is no answer: acceptance ends by its own limit, `acceptMs`.
 */
export async function within<Result>(seconds: number | undefined, gone: AbortSignal, wait: (waiting: Waiting) => Promise<Result>): Promise<Result | Standing> {
  const waitMs = (seconds ?? usualWaitSeconds) * 1_000
  const leaving = new AbortController()
  const letGo = abortWith(leaving, gone)
  let accepted: Standing | undefined
  let late = false
  const leaveIfLate = (): void => {
    if (late && accepted !== undefined) leaving.abort()
  }
  const timer = setTimeout(() => {
    late = true
    leaveIfLate()
  }, waitMs)
  try {
    return await wait({
      signal: leaving.signal,
      acceptMs: Math.max(leastAcceptMs, waitMs),
      onAccepted: (standing) => {
        accepted ??= standing
        leaveIfLate()
      },
    })
  } catch (error) {
    if (accepted !== undefined && leaving.signal.aborted && !gone.aborted) return accepted
    throw error
  } finally {
    clearTimeout(timer)
    letGo()
  }
}

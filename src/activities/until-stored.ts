import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledFailure } from '@temporalio/activity'
import { isAwayForNow } from '../protocol/errors.ts'

const firstPauseMs = 100
const longestPauseMs = 5_000
const patienceMs = 600_000

/**
 * Stores something that would cost to get again: an answer that was paid for, or the outcome of an effect. While the store is away this
 * waits instead of failing, for ten minutes or until the activity is cancelled; then it fails, and the activity is tried again.
 */
export async function untilStored<Stored>(write: () => Promise<Stored>, signal: AbortSignal): Promise<Stored> {
  const startedAt = performance.now()
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await write()
    } catch (error) {
      if (!isAwayForNow(error) || performance.now() - startedAt > patienceMs) throw error
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {
      throw new CancelledFailure('the activity was cancelled while a store was away')
    })
  }
}

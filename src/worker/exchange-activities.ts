import { ApplicationFailure } from '@temporalio/activity'
import { ApplicationFailureCategory } from '@temporalio/common'
import { embedderFailure } from '../activities/documents/failed-document.ts'
import { withFinalErrors } from '../activities/final-errors.ts'
import { heartbeating } from '../activities/heartbeating.ts'
import type { ExchangeActivities } from '../protocol/exchanges.ts'
import type { ExchangeLane } from './exchange-lane.ts'

/** Nobody waits for it, so that an error that nobody has named is tried again too, until it is mended: Temporal's Web UI shows it. */
const attempts = Infinity
/** Milliseconds after which another worker goes on with what a worker that stops has begun. */
const handedOnMs = 1_000
/** How soon a request is given up when the worker has begun to stop: another worker goes on. */
const lookMs = 250

/** The activity by which a worker makes vectors of what has left contexts. */
export function createExchangeActivities({ lane, isStopping }: { readonly lane: ExchangeLane; readonly isStopping: () => boolean }): ExchangeActivities {
  const activities: ExchangeActivities = {
    embedExchanges: (given) =>
      heartbeating({ isStopping }, async ({ ending }) => {
        const stopped = new AbortController()
        const watch = setInterval(() => {
          if (isStopping()) stopped.abort()
        }, lookMs)
        try {
          const made = await lane(given, AbortSignal.any([ending, stopped.signal]))
          if ('busyMs' in made) throw later('this worker makes the vectors of other agents', made.busyMs)
          return made
        } catch (error) {
          throw stopped.signal.aborted && !ending.aborted ? later('the worker stops', handedOnMs) : error
        } finally {
          clearInterval(watch)
        }
      }),
  }
  return withFinalErrors(activities, { attempts, failureOf: embedderFailure })
}

/** No failure that anybody has to hear of. */
const later = (message: string, pauseMs: number): ApplicationFailure =>
  ApplicationFailure.create({ message, type: 'later', nextRetryDelay: pauseMs, category: ApplicationFailureCategory.BENIGN })

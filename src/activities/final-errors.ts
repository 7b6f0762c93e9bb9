import { ApplicationFailure, Context } from '@temporalio/activity'
import { TemporalFailure } from '@temporalio/common'
import { isAwayForNow, messageOf, PerdureError } from '../protocol/errors.ts'

interface Bound {
  /** Attempts after which an error that nobody has named, a bug for one, is final. */
  readonly attempts: number
  /** Makes a failure of a further kind of error; undefined for those that it does not know. */
  readonly failureOf?: (error: unknown) => ApplicationFailure | undefined
}

/**
 * What Temporal does with an error of an activity is decided here, for all of them where they are registered, so that none can forget
 * it. An error of ours is final, under its code, unless it says that a store is away for now: what can never work is not tried again.
 */
export function withFinalErrors<Activities extends object>(activities: Activities, bound: Bound): Activities {
  const run = (activity: (input: unknown) => Promise<unknown>) => async (input: unknown): Promise<unknown> => {
    try {
      return await activity(input)
    } catch (error) {
      throw failureOf(error, bound)
    }
  }
  return Object.fromEntries(Object.entries(activities).map(([name, activity]) => [name, run(activity as Parameters<typeof run>[0])])) as Activities
}

function failureOf(error: unknown, { attempts, failureOf: more }: Bound): unknown {
  if (error instanceof TemporalFailure) return error
  const { info, cancellationSignal } = Context.current()
  if (PerdureError.isInstance(error)) {
    // Another worker may have the right stores. A local activity meets the same worker again.
    const passing = isAwayForNow(error) || (error.code === 'wrong-stores' && !info.isLocal)
    return ApplicationFailure.create({ message: error.message, type: error.code, nonRetryable: !passing })
  }
  const known = more?.(error)
  if (known !== undefined) return known
  if (info.attempt < attempts || cancellationSignal.aborted) return error
  return ApplicationFailure.nonRetryable(messageOf(error), error instanceof Error ? error.name : 'Error')
}

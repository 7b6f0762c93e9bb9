import { patched } from '@temporalio/workflow'
import { thisRun } from '../this-run.ts'

/** Of each run, the local activity that was started last, while it runs. */
const runningOf = new WeakMap<object, Promise<unknown>>()

/**
 * Starts a local activity when the one before it has ended. Side by side they could part a replay from its history: at first each result
 * comes by itself, and on a replay those of one workflow task come together, so that the commands which follow from them change places.
 */
export function oneByOne<Answer>(start: () => Promise<Answer>): Promise<Answer> {
  const run = thisRun()
  const before = runningOf.get(run)
  const answer = before !== undefined && patched('local-activities-one-by-one') ? before.then(start, start) : start()
  runningOf.set(run, answer)
  const ended = (): void => {
    if (runningOf.get(run) === answer) runningOf.delete(run)
  }
  answer.then(ended, ended)
  return answer
}

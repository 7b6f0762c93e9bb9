import { patched } from '@temporalio/workflow'

/** The local activity that was started last, while it runs. The sandbox loads this file once for each workflow. */
let running: Promise<unknown> | undefined

/**
 * Starts a local activity when the one before it has ended. Side by side they could part a replay from its history: at first each result
 * comes by itself, and on a replay those of one workflow task come together, so that the commands which follow from them change places.
 */
export function oneByOne<Answer>(start: () => Promise<Answer>): Promise<Answer> {
  const before = running
  const answer = before !== undefined && patched('local-activities-one-by-one') ? before.then(start, start) : start()
  running = answer
  const ended = (): void => {
    if (running === answer) running = undefined
  }
  answer.then(ended, ended)
  return answer
}

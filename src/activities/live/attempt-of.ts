import { Context } from '@temporalio/activity'
import type { InferenceInput } from '../../protocol/activities.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'

export interface InferenceAttempt {
  /** Higher than that of any attempt before. */
  readonly attempt: number
  /** There was one before, as far as is known here. */
  readonly repeated: boolean
}

/**
 * Which attempt at the step's inference the running activity is. Temporal counts those of one activity; but a step that was parked gets another
 * activity, and so does one whose workflow was lost. What goes through all of them is the clock of Temporal's server, here in hundredths of a
 * second: twelve digits until the year 2286.
 * @param turn the record of the turn, where it has one
 */
export function attemptOf({ step }: InferenceInput, turn: TurnOutcome | undefined): InferenceAttempt {
  const { attempt, currentAttemptScheduledTimestampMs } = Context.current().info
  const parkedHere = turn?.end === 'parked' && turn.figures.steps + 1 === step
  return { attempt: Math.floor(currentAttemptScheduledTimestampMs / 10), repeated: attempt > 1 || parkedHere }
}

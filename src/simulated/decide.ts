import type { Move, Rule } from './move.ts'
import { answer } from './rules/answer.ts'
import { lookUp } from './rules/look-up.ts'
import { otherEvents } from './rules/other-events.ts'
import { relievePressure } from './rules/relieve-pressure.ts'
import { remember } from './rules/remember.ts'
import { rescue } from './rules/rescue.ts'
import type { Situation } from './situation.ts'

/** The first rule that makes a move decides. `answer` always makes one while the user waits, so every turn ends. */
const rules: readonly Rule[] = [relievePressure, remember, rescue, lookUp, answer, otherEvents]

export function decide(situation: Situation): Move {
  for (const rule of rules) {
    const move = rule(situation)
    if (move !== undefined) return move
  }
  return { thoughts: 'Everything is said and kept; nothing more to do.', calls: [] }
}

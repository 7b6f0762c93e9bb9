import type { SettleInput, SettleResult } from '../protocol/activities.ts'
import type { EndedTurn } from '../protocol/turn.ts'

type Settled = Pick<SettleResult, 'results' | 'replies'>

/** Whether the turn ends with these results: nothing is to be told to the model first, neither of a failure nor of memory pressure. */
export function endsWith({ ending }: SettleInput, { results }: Settled): boolean {
  if (ending === undefined || results.some(({ ok }) => !ok)) return false
  return results.reduce((sum, { tokens }) => sum + tokens, 0) <= (ending.mostTokens ?? Infinity)
}

/** The turn's end, with what these results have added to it. */
export function endedTurn({ ending, seq }: Required<Pick<SettleInput, 'ending'>> & SettleInput, { replies }: Settled, latencyMs: number): EndedTurn {
  const { outcome } = ending
  return { ...outcome, replies: [...outcome.replies, ...replies.map((call) => seq + 1 + call)], figures: { ...outcome.figures, latencyMs } }
}

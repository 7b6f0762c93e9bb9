import type { EndingTurn } from '../../protocol/activities.ts'
import type { CallRef } from '../../protocol/inference.ts'
import type { AgentState, RunningTurn } from '../../protocol/state.ts'
import { hasEnded } from '../../protocol/turn.ts'
import { tokensBeforeAlert } from './pressure.ts'
import { outcomeOfTurn } from './turn-outcome.ts'

/**
 * How the turn ends unless a result asks for more, for `settle` to record it together with the results: what `decide` comes to where all calls
 * have succeeded. Undefined where the turn goes on for another reason, or where more is to be stored with its end than the end.
 * @param after state and turn as they are when the step has happened, but for its results
 */
export function endingOf(after: { readonly state: AgentState; readonly turn: RunningTurn }, calls: readonly CallRef[], now: number): EndingTurn | undefined {
  const { state, turn } = after
  if (calls.length === 0 || calls.some(({ wellFormed, heartbeat }) => !wellFormed || heartbeat)) return undefined
  if (turn.event.timer !== undefined || state.timersUnkept === true) return undefined
  const mostTokens = tokensBeforeAlert(state)
  if (mostTokens < 0) return undefined
  const outcome = outcomeOfTurn(turn, { end: 'completed' }, now)
  if (!hasEnded(outcome)) return undefined
  const { messages, turns } = state.counters
  return { outcome, acceptedAt: turn.acceptedAt, counters: { ...state.counters, messages: messages + calls.length, turns: turns + 1 }, ...(mostTokens < Infinity && { mostTokens }) }
}

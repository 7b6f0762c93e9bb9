import { spendingOf } from '../../protocol/cost.ts'
import type { Parked, RunningTurn, TurnEnding } from '../../protocol/state.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'

/** What is recorded of a turn. */
export function outcomeOfTurn(turn: RunningTurn, end: TurnEnding, now: number): TurnOutcome {
  const waitedMs = (turn.begunAt ?? turn.acceptedAt) - turn.acceptedAt
  return {
    turn: turn.turn,
    eventId: turn.event.id,
    end: end.end,
    ...(end.reason && { reason: end.reason }),
    ...(end.detail && { detail: end.detail }),
    replies: turn.replies,
    figures: {
      steps: turn.step - 1,
      ...spendingOf(turn),
      latencyMs: now - turn.acceptedAt,
      ...(waitedMs > 0 && { waitedMs }),
    },
  }
}

/** What the turn is recorded as while the agent is parked. */
export function parkedOutcome(turn: RunningTurn, { reason, detail, retryAt }: Parked, now: number): TurnOutcome {
  return { ...outcomeOfTurn(turn, { end: 'parked', reason, detail }, now), ...(retryAt !== undefined && { retryAt }) }
}

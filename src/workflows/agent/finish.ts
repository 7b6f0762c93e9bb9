import type { SettleResult } from '../../protocol/activities.ts'
import type { RunningTurn, TurnEnding } from '../../protocol/state.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import { endTurn } from './activities.ts'
import { remember } from './mailbox.ts'
import type { AgentRun } from './run.ts'
import { timersToKeep } from './timers.ts'
import { outcomeOfTurn } from './turn-outcome.ts'

/**
 * Ends the turn, in the stores and then here. A cancel may reach a workflow that was reset, before it has gone through the steps that are
 * stored; its record of the turn would lack the replies of those steps. So the record of a cancel is refused where the stores have messages
 * from `nextSeq` on, and the workflow reads them first. Every other end follows from the turn's last step. A cancel by archiving, which has a
 * detail, is recorded in any case: nobody waits for it.
 */
export async function finish(run: AgentRun, turn: RunningTurn, end: TurnEnding): Promise<void> {
  const { state } = run
  // Decided once: where it can't be recorded now, it is recorded later, and nothing of the turn is done again.
  turn.ending ??= end
  const endedAt = Date.now()
  const outcome = outcomeOfTurn(turn, turn.ending, endedAt)
  const counters = { ...state.counters, turns: state.counters.turns + 1 }
  const copied = turn.event.timer !== undefined || state.timersUnkept === true
  const nextSeq = turn.ending.end === 'cancelled' && turn.ending.detail === undefined ? state.nextSeq : undefined
  const recorded = await endTurn({ agentId: state.agentId, outcome, endedAt, counters, ...(copied && { timers: timersToKeep(state) }), ...(nextSeq !== undefined && { nextSeq }) })
  if (copied) delete state.timersUnkept
  if (recorded?.earlier === undefined) state.counters.turns += 1
  close(run, recorded?.earlier ?? outcome)
}

/** Ends the turn here, whose end `settle` has put into the stores. */
export function finishRecorded(run: AgentRun, turn: RunningTurn, { latencyMs }: NonNullable<SettleResult['ended']>): void {
  const { state } = run
  state.counters.turns += 1
  close(run, outcomeOfTurn(turn, { end: 'completed' }, turn.acceptedAt + latencyMs))
}

/**
 * Resent longer ago than the workflow remembers, or taken over a reset: it has the answer that it had. A reset may bring many of these, so they leave no
 * gap in the numbers of turns. One with a notice of its own keeps its number, as the notice is stored under it.
 */
export async function finishDuplicate(run: AgentRun, turn: RunningTurn, earlier: TurnOutcome | undefined): Promise<void> {
  if (run.lookedAfterReset && earlier !== undefined && turn.step === 1 && turn.pending.length === 1 && run.state.nextTurn === turn.turn + 1) run.state.nextTurn = turn.turn
  close(run, earlier ?? outcomeOfTurn(turn, { end: 'completed', detail: 'this event was handled before' }, Date.now()))
}

function close({ state }: AgentRun, outcome: TurnOutcome): void {
  remember(state, outcome)
  delete state.running
  state.cancelAsked = false
}

import type { SettleInput, SettleResult } from '../../protocol/activities.ts'
import { opOf } from '../../protocol/ids.ts'
import type { AgentState, RunningTurn } from '../../protocol/state.ts'
import { putInForce } from './definition.ts'

/** Where the step stands. Its place among the messages is taken at its first attempt, and kept. */
export function stepRefOf(state: AgentState, turn: RunningTurn): SettleInput {
  turn.stepSeq ??= state.nextSeq++
  return { agentId: state.agentId, turn: turn.turn, step: turn.step, op: opOf.step(state.agentId, turn.turn, turn.step), seq: turn.stepSeq, turnSeq: turn.eventSeq, ...(turn.event.tools && { toolsOf: turn.event.id }) }
}

/** For `settle`: the turn was cancelled, and whether short tools of the step may have run. */
export const cancelledOf = ({ settling }: RunningTurn): { readonly cancelled: true; readonly begun?: true } => ({ cancelled: true, ...(settling && { begun: true }) })

/** Puts in force what the step has changed of the agent's definition. That version may hold changes of others too, which a workflow that was reset has not heard of. */
export function putChanged(state: AgentState, { definition }: SettleResult): void {
  if (typeof definition === 'number') state.definition = definition
  else if (definition !== undefined) putInForce(state, definition)
}

export function pushRecorded(state: AgentState, turn: RunningTurn, tokens: readonly number[]): void {
  for (const [index, record] of turn.pending.entries()) state.queue.push([record.seq, tokens[index] ?? 0, turn.turn, 0])
  state.counters.messages += turn.pending.length
  turn.pending = []
}

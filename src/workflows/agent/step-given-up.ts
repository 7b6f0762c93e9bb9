import type { SettleResult } from '../../protocol/activities.ts'
import type { SeqRanges } from '../../protocol/seq-ranges.ts'
import type { AgentState, RunningTurn } from '../../protocol/state.ts'
import { lastExchange, rangesOf, turnOf, withoutRanges } from './queue.ts'
import { spend } from './spending.ts'
import type { StepPorts } from './step-ports.ts'
import { cancelledOf, pushRecorded, putChanged, stepRefOf } from './step-state.ts'

/**
 * Cancels between two attempts of a step: the event is in recall whatever became of the first ones, and calls that one of them has stored
 * get their results. Nothing to do for a turn that stands between two steps.
 */
export async function settleCancelled(state: AgentState, turn: RunningTurn, ports: Pick<StepPorts, 'settle'>): Promise<void> {
  if (turn.pending.length === 0 && turn.stepSeq === undefined) return
  await settleWithout(state, turn, ports)
}

/**
 * Settles a step that is not to have its inference. In a turn that has had none yet, or whose last request was refused, nobody knows whether the
 * endpoint accepts what the turn has brought; so that leaves the context.
 */
export async function settleWithout(state: AgentState, turn: RunningTurn, ports: Pick<StepPorts, 'settle'>): Promise<void> {
  const step = stepRefOf(state, turn)
  const leaving = turn.step === 1 || turn.suspect ? { ranges: rangesOfTurn(turn, step), notice: 'turn-cancelled' as const } : undefined
  commitCancelled(state, turn, await ports.settle({ ...step, ...cancelledOf(turn), record: turn.pending, ...(leaving && { leaving }) }, []), leaving?.ranges)
}

/** Taken out of the context after one another because later prompts were refused. */
const mostExchanges = 3

/**
 * Takes a turn out of the context whose prompt a content filter refused. If the turn before was refused too, something else in the context may
 * be the reason: then the latest exchange goes with it, up to three. After that something else is the reason, and no more is taken.
 * @returns what has left beside the turn, or `nothing-helps`
 */
export async function settleFiltered(state: AgentState, turn: RunningTurn, ports: Pick<StepPorts, 'settle'>): Promise<'turn' | 'exchange' | 'nothing-helps'> {
  const step = stepRefOf(state, turn)
  const before = state.filtered ?? 0
  const earlier = before > 0 && before <= mostExchanges ? lastExchange(state.queue.filter((entry) => turnOf(entry) !== turn.turn)) : []
  const ranges = [...rangesOf(earlier), ...rangesOfTurn(turn, step)]
  const settled = await ports.settle({ ...step, ...cancelledOf(turn), record: turn.pending, leaving: { ranges, notice: 'content-filtered' } }, [])
  commitCancelled(state, turn, settled, ranges)
  state.filtered = before + 1
  if (earlier.length > 0) return 'exchange'
  return before === 0 ? 'turn' : 'nothing-helps'
}

const rangesOfTurn = ({ eventSeq }: RunningTurn, { seq }: { readonly seq: number }): SeqRanges => [[eventSeq, seq]]

/** The inference was cancelled before, or while, it stored its message: what stands under the step's id now is settled. */
function commitCancelled(state: AgentState, turn: RunningTurn, settled: SettleResult, leaving: SeqRanges = []): void {
  const stepSeq = turn.stepSeq ?? 0
  pushRecorded(state, turn, settled.inPlace?.recorded ?? [])
  if (settled.inPlace?.usage) spend(state, turn, settled.inPlace.usage)
  putChanged(state, settled)
  state.queue.push([stepSeq, settled.inPlace?.tokens ?? 0, turn.turn, 0])
  // Only where the result says so: in histories of earlier versions nothing left the context.
  if (settled.inPlace?.left) state.queue = withoutRanges(state.queue, leaving)
  for (const [index, { tokens }] of settled.results.entries()) state.queue.push([stepSeq + 1 + index, tokens, turn.turn, 1])
  state.nextSeq = Math.max(state.nextSeq, stepSeq + 1 + settled.results.length)
  state.counters.messages += 1 + settled.results.length
  // An earlier attempt of the step may have sent them.
  turn.replies.push(...settled.replies.map((call) => stepSeq + 1 + call))
  delete turn.stepSeq
  delete turn.settling
}

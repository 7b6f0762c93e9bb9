import type { AgentActivities, SettleResult } from '../../protocol/activities.ts'
import type { CallRef, InferenceResult } from '../../protocol/inference.ts'
import { opOf } from '../../protocol/ids.ts'
import type { AgentState, RunningTurn } from '../../protocol/state.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import { editIdOf, type CallAnswers } from '../../protocol/waiting.ts'
import { putInForce } from './definition.ts'
import { recalibrated } from './pressure.ts'
import { rangesOf } from './queue.ts'
import { isApproved, mustWait } from './waiting.ts'
import { pricedOnly, spend } from './spending.ts'

/** The activities that a step uses. Tests pass fakes, so that most of them need no server. */
export interface StepPorts {
  /** Cancellable by the turn's scope. */
  readonly infer: (input: Parameters<AgentActivities['infer']>[0]) => Promise<InferenceResult>
  readonly callTool: (input: Parameters<AgentActivities['callTool']>[0], call: OutsideCall) => Promise<void>
  /** Not cancellable: once it has begun, the step is recorded. */
  readonly settle: (input: Parameters<AgentActivities['settle']>[0], calls: readonly CallRef[]) => Promise<SettleResult>
  readonly isCancellation: (error: unknown) => boolean
  readonly describeFailure: (error: unknown) => string
}

/** A call that runs as an activity of its own. */
export type OutsideCall = CallRef & Required<Pick<CallRef, 'activity'>>

export type StepResult =
  | { readonly kind: 'done'; readonly calls: readonly CallRef[]; readonly results: SettleResult['results']; readonly ended?: 'cut' | 'filtered'; readonly preview?: string }
  | { readonly kind: 'overflow'; readonly by: 'count' | 'provider' }
  | { readonly kind: 'duplicate'; readonly earlier?: TurnOutcome }
  /** The inference is stored, and some of its calls need somebody before any of them runs. */
  | { readonly kind: 'waiting'; readonly inference: Stored }
  | { readonly kind: 'cancelled' }

/**
 * One step: an inference, its calls, and one writer that records all their results in the order asked for. State changes only
 * once all of that has happened, in one go, so a step that failed on the way is simply run again: every effect is found under
 * its operation id. A step whose calls had to wait goes on from the inference that it has.
 */
export async function runStep(state: AgentState, turn: RunningTurn, ports: StepPorts): Promise<StepResult> {
  const step = stepRefOf(state, turn)
  const kept = turn.waiting
  let inference: InferenceResult
  try {
    inference = kept?.inference ?? await ports.infer({
      ...step,
      // A workflow of an earlier release knows of no versions: what it goes by is the first.
      definition: state.definition ?? 1,
      cause: turn.cause,
      record: turn.pending,
      queue: rangesOf(state.queue),
      ...(state.summary && { summary: state.summary.op }),
      evicted: state.counters.messages - state.queue.length,
      calibration: state.calibration,
      ...pricedOnly(state.settings),
    })
  } catch (error) {
    if (!ports.isCancellation(error)) throw error
    commitCancelled(state, turn, await ports.settle({ ...step, ...cancelledOf(turn), record: turn.pending }, []))
    return { kind: 'cancelled' }
  }

  if (inference.outcome === 'duplicate') {
    return { kind: 'duplicate', ...(inference.earlier && { earlier: inference.earlier }) }
  }
  state.sections = inference.sections
  if (inference.outcome === 'overflow') return { kind: 'overflow', by: inference.by }

  if (kept === undefined && mustWait(inference)) return { kind: 'waiting', inference }

  const answers = kept?.answers ?? {}
  // Cancelled while its calls waited: none of them has run, and none will.
  const { failures, cancelled } = kept !== undefined && state.cancelAsked ? { failures: {}, cancelled: true } : await callTools(inference.calls, { ...step, answers }, ports)
  const ending = cancelled ? cancelledOf(turn) : {}
  if (inference.calls.length > 0) turn.settling = true
  const settled =
    inference.calls.length === 0
      ? { results: [], replies: [], digest: '' }
      : await ports.settle({ ...step, ...filled({ failures, answers }), ...ending }, inference.calls)
  commit(state, turn, inference, settled)
  delete turn.waiting
  return cancelled ? { kind: 'cancelled' } : { kind: 'done', calls: inference.calls, results: settled.results, ...(inference.ended && { ended: inference.ended }), ...(inference.preview && { preview: inference.preview }) }
}

/** All calls that run as activities, side by side. A failure is that call's result, never the step's. */
async function callTools(
  calls: readonly CallRef[],
  { answers, ...step }: Parameters<AgentActivities['settle']>[0] & { readonly answers: CallAnswers },
  ports: StepPorts,
): Promise<{ failures: Record<number, string>; cancelled: boolean }> {
  const failures: Record<number, string> = {}
  let cancelled = false
  await Promise.all(
    calls.map(async (call, index) => {
      const answer = answers[index]
      if (!isOutside(call) || !isApproved(answer)) return
      const edit = editIdOf(answer)
      try {
        await ports.callTool({ ...step, call: index, ...(edit !== undefined && { edit }) }, call)
      } catch (error) {
        if (ports.isCancellation(error)) cancelled = true
        else failures[index] = ports.describeFailure(error)
      }
    }),
  )
  return { failures, cancelled }
}

/** Without the parts that say nothing: an input stands in the history. */
function filled<Parts extends object>(parts: Parts): Partial<Parts> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]: [string, object]) => Object.keys(part).length > 0)) as Partial<Parts>
}

const isOutside = (call: CallRef): call is OutsideCall => call.activity !== undefined

type Stored = Extract<InferenceResult, { outcome: 'stored' }>

function commit(state: AgentState, turn: RunningTurn, inference: Stored, settled: SettleResult): void {
  const stepSeq = turn.stepSeq ?? 0
  pushRecorded(state, turn, inference.recorded)
  state.queue.push([stepSeq, inference.tokens, turn.turn, 0])
  for (const [index, { tokens }] of settled.results.entries()) state.queue.push([stepSeq + 1 + index, tokens, turn.turn, 1])
  // Of a turn that was taken up from the stores, later messages may be there already.
  state.nextSeq = Math.max(state.nextSeq, stepSeq + 1 + settled.results.length)

  state.calibration = recalibrated(state.calibration, inference.calibration, state.counters.steps === 0)
  state.blockVersions = inference.blockVersions
  putChanged(state, settled)
  state.retries = 0
  state.counters.messages += 1 + settled.results.length
  spend(state, turn, inference.usage)
  state.counters.steps += 1

  const malformed = inference.calls.every((call) => !call.wellFormed)
  const digest = `${inference.digest}:${settled.digest}`
  turn.malformedSteps = malformed ? turn.malformedSteps + 1 : 0
  turn.identicalSteps = digest === turn.stepDigest ? turn.identicalSteps + 1 : 1
  turn.stepDigest = digest
  turn.replies.push(...settled.replies.map((call) => stepSeq + 1 + call))
  turn.step += 1
  delete turn.stepSeq
  delete turn.settling
  turn.overflowed = false
}

/**
 * Cancels between two attempts of a step: the event is in recall whatever became of the first ones, and calls that one of them has stored
 * get their results. Nothing to do for a turn that stands between two steps.
 */
export async function settleCancelled(state: AgentState, turn: RunningTurn, ports: Pick<StepPorts, 'settle'>): Promise<void> {
  if (turn.pending.length === 0 && turn.stepSeq === undefined) return
  const step = stepRefOf(state, turn)
  commitCancelled(state, turn, await ports.settle({ ...step, ...cancelledOf(turn), record: turn.pending }, []))
}

const cancelledOf = ({ settling }: RunningTurn): { readonly cancelled: true; readonly begun?: true } => ({ cancelled: true, ...(settling && { begun: true }) })

/** Where the step stands. Its place among the messages is taken at its first attempt, and kept. */
export function stepRefOf(state: AgentState, turn: RunningTurn): Parameters<AgentActivities['settle']>[0] {
  turn.stepSeq ??= state.nextSeq++
  return { agentId: state.agentId, turn: turn.turn, step: turn.step, op: opOf.step(state.agentId, turn.turn, turn.step), seq: turn.stepSeq, turnSeq: turn.eventSeq, ...(turn.event.tools && { toolsOf: turn.event.id }) }
}

/** The inference was cancelled before, or while, it stored its message: what stands under the step's id now is settled. */
function commitCancelled(state: AgentState, turn: RunningTurn, settled: SettleResult): void {
  const stepSeq = turn.stepSeq ?? 0
  pushRecorded(state, turn, settled.inPlace?.recorded ?? [])
  if (settled.inPlace?.usage) spend(state, turn, settled.inPlace.usage)
  putChanged(state, settled)
  state.queue.push([stepSeq, settled.inPlace?.tokens ?? 0, turn.turn, 0])
  for (const [index, { tokens }] of settled.results.entries()) state.queue.push([stepSeq + 1 + index, tokens, turn.turn, 1])
  state.nextSeq = Math.max(state.nextSeq, stepSeq + 1 + settled.results.length)
  state.counters.messages += 1 + settled.results.length
  // An earlier attempt of the step may have sent them.
  turn.replies.push(...settled.replies.map((call) => stepSeq + 1 + call))
  delete turn.stepSeq
  delete turn.settling
}

/** What the agent has changed of itself. The version may hold what others have changed too, which a workflow that was reset has not heard of. */
function putChanged(state: AgentState, { definition }: SettleResult): void {
  if (typeof definition === 'number') state.definition = definition
  else if (definition !== undefined) putInForce(state, definition)
}

function pushRecorded(state: AgentState, turn: RunningTurn, tokens: readonly number[]): void {
  for (const [index, record] of turn.pending.entries()) state.queue.push([record.seq, tokens[index] ?? 0, turn.turn, 0])
  state.counters.messages += turn.pending.length
  turn.pending = []
}

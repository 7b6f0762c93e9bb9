import type { SettleInput, SettleResult } from '../../protocol/activities.ts'
import type { CallRef, InferenceResult } from '../../protocol/inference.ts'
import type { AgentState, RunningTurn } from '../../protocol/state.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import { editIdOf, type CallAnswers } from '../../protocol/waiting.ts'
import { assertWhole, type Form } from '../whole-answer.ts'
import { learnedOnly, learnWindow, recalibrated } from './pressure.ts'
import { endingOf } from './ending-step.ts'
import { rangesOf } from './queue.ts'
import { isApproved, mustWait } from './waiting.ts'
import { pricedOnly, spend } from './spending.ts'
import { settleWithout } from './step-given-up.ts'
import type { OutsideCall, StepPorts } from './step-ports.ts'
import { cancelledOf, pushRecorded, putChanged, stepRefOf } from './step-state.ts'

/** What a message has brought for its turn, where the prompt does not fit. */
export interface BroughtTools {
  readonly tokens: number
  /** Tokens of the turn's messages that are recorded, and not yet in the queue. */
  readonly recorded: readonly number[]
}

export type StepResult =
  | { readonly kind: 'done'; readonly calls: readonly CallRef[]; readonly results: SettleResult['results']; readonly ended?: 'cut' | 'filtered'; readonly preview?: string; readonly turnEnded?: SettleResult['ended'] }
  /** `learned`: the refusal named a smaller window than was known. `pending`: tokens of what the turn would bring into the queue with this step. `brought`: the message has tools of its own. */
  | { readonly kind: 'overflow'; readonly by: 'count' | 'provider'; readonly learned: boolean; readonly pending: number; readonly brought?: BroughtTools }
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
      ...learnedOnly(state),
      ...pricedOnly(state.settings),
    })
  } catch (error) {
    if (!ports.isCancellation(error)) throw error
    await settleWithout(state, turn, ports)
    return { kind: 'cancelled' }
  }
  if (kept === undefined) assertWhole('infer', inference, inferenceForms[(inference as Partial<InferenceResult> | null | undefined)?.outcome ?? ''])

  if (inference.outcome === 'duplicate') {
    return { kind: 'duplicate', ...(inference.earlier && { earlier: inference.earlier }) }
  }
  state.sections = inference.sections
  if (inference.outcome === 'overflow') {
    const { by, recorded, brought } = inference
    return { kind: 'overflow', by, learned: learn(state, inference), pending: recorded.reduce((sum, tokens) => sum + tokens, 0), ...(brought !== undefined && { brought: { tokens: brought, recorded } }) }
  }

  if (kept === undefined && mustWait(inference)) return { kind: 'waiting', inference }

  const answers = kept?.answers ?? {}
  // Cancelled while its calls waited: none of them has run, and none will.
  const { failures, cancelled } = kept !== undefined && state.cancelAsked ? { failures: {}, cancelled: true } : await callTools(inference.calls, { ...step, answers }, ports)
  const how = cancelled ? cancelledOf(turn) : endingOnly(state, turn, inference, ports)
  if (inference.calls.length > 0) turn.settling = true
  const settled =
    inference.calls.length === 0
      ? { results: [], replies: [], digest: '' }
      : await ports.settle({ ...step, ...filled({ failures, answers }), ...how }, inference.calls)
  commit(state, turn, inference, settled)
  delete turn.waiting
  return cancelled ? { kind: 'cancelled' } : { kind: 'done', calls: inference.calls, results: settled.results, ...(inference.ended && { ended: inference.ended }), ...(inference.preview && { preview: inference.preview }), ...(settled.ended && { turnEnded: settled.ended }) }
}

/** The fields of an inference's answer that every release has given. */
const inferenceForms: Readonly<Record<string, Form>> = {
  stored: { recorded: 'list', tokens: 'number', calls: 'list', digest: 'text', usage: 'object', sections: 'object', calibration: 'number', blockVersions: 'object' },
  overflow: { recorded: 'list', sections: 'object', by: 'text' },
  duplicate: {},
}

/** All calls that run as activities, side by side. A failure is that call's result, never the step's. */
async function callTools(
  calls: readonly CallRef[],
  { answers, ...step }: SettleInput & { readonly answers: CallAnswers },
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

/** The parts that are not empty. An activity's input stands in the history, so what says nothing is left out. */
function filled<Parts extends object>(parts: Parts): Partial<Parts> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]: [string, object]) => Object.keys(part).length > 0)) as Partial<Parts>
}

const isOutside = (call: CallRef): call is OutsideCall => call.activity !== undefined

/** What a refusal teaches of the endpoint is kept in the state: the thresholds go by it, and so does a replay. */
function learn(state: AgentState, { window, calibration }: Extract<InferenceResult, { outcome: 'overflow' }>): boolean {
  // A refusal says that more was counted there, never that it was less.
  if (calibration !== undefined) state.calibration = Math.max(state.calibration, recalibrated(state.calibration, calibration, true))
  return learnWindow(state, window)
}

type Stored = Extract<InferenceResult, { outcome: 'stored' }>

/** For `settle`: how the turn ends with this step. Counted on copies, as nothing changes before all of the step has happened. */
function endingOnly(state: AgentState, turn: RunningTurn, inference: Stored, { now }: StepPorts): Pick<SettleInput, 'ending'> {
  const after = { state: { ...state, queue: [...state.queue], counters: { ...state.counters } }, turn: { ...turn, replies: [...turn.replies] } }
  commit(after.state, after.turn, inference, { results: [], replies: [], digest: '' })
  const ending = endingOf(after, inference.calls, now())
  return ending === undefined ? {} : { ending }
}

function commit(state: AgentState, turn: RunningTurn, inference: Stored, settled: SettleResult): void {
  const stepSeq = turn.stepSeq ?? 0
  pushRecorded(state, turn, inference.recorded)
  state.queue.push([stepSeq, inference.tokens, turn.turn, 0])
  for (const [index, { tokens }] of settled.results.entries()) state.queue.push([stepSeq + 1 + index, tokens, turn.turn, 1])
  // A turn that was taken up from the stores may have later messages already.
  state.nextSeq = Math.max(state.nextSeq, stepSeq + 1 + settled.results.length)

  state.calibration = recalibrated(state.calibration, inference.calibration, state.counters.steps === 0)
  state.blockVersions = inference.blockVersions
  if (inference.definition !== undefined) state.seenDefinition = inference.definition
  putChanged(state, settled)
  state.retries = 0
  delete state.filtered
  delete turn.suspect
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

import type { CallRef, InferenceResult } from '../../protocol/inference.ts'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { opOf } from '../../protocol/ids.ts'
import type { AgentState, Parked, RunningTurn, WaitingStep } from '../../protocol/state.ts'
import { editIdOf, type AnswerAccepted, type AnswerKind, type AnswerRequest, type AwaitedParty, type CallAnswer, type WaitingCall } from '../../protocol/waiting.ts'

/** Answers that are remembered after their step has gone on, for those who ask whether theirs has arrived. */
const rememberedAnswers = 100

const answersOf: Readonly<Record<AwaitedParty, readonly AnswerKind[]>> = { approval: ['approve', 'edit', 'refuse'], client: ['result'] }

type Stored = Extract<InferenceResult, { outcome: 'stored' }>

export const mustWait = ({ calls }: Stored): boolean => calls.some(({ waits }) => waits !== undefined)

export function beginWaiting(inference: Stored, now: number): WaitingStep {
  return { inference, since: now, phaseSince: {}, answers: {} }
}

/** The calls of the turn's step that wait now, in the order asked for. */
export function waitingCalls(agentId: string, turn: RunningTurn | undefined): readonly WaitingCall[] {
  const { waiting } = turn ?? {}
  if (turn === undefined || waiting === undefined) return []
  const step = opOf.step(agentId, turn.turn, turn.step)
  return waiting.inference.calls.flatMap((call, index) => {
    const answer = waiting.answers[index]
    const party = awaited(call, answer)
    if (party === undefined) return []
    const since = waiting.phaseSince[index] ?? waiting.since
    const edit = editIdOf(answer)
    return [{ op: opOf.call(step, index), name: call.name, for: party, since, until: since + (call.waits?.[party] ?? 0), ...(edit !== undefined && { edit }) }]
  })
}

function awaited({ waits }: CallRef, answer: CallAnswer | undefined): AwaitedParty | undefined {
  if (waits?.approval !== undefined && answer?.approval === undefined) return 'approval'
  if (answer?.approval !== undefined && !isApproved(answer)) return undefined
  return waits?.client !== undefined && answer?.client === undefined ? 'client' : undefined
}

/** Whether the call may run, so far as a person was asked. */
export function isApproved(answer: CallAnswer | undefined): boolean {
  return answer?.approval === undefined || answer.approval.answer === 'approve' || answer.approval.answer === 'edit'
}

/** Ends the waiting of those whose time has passed. */
export function expire(state: AgentState, turn: RunningTurn, now: number): void {
  for (const call of waitingCalls(state.agentId, turn)) {
    if (call.until <= now) giveAnswer(state, turn, call, { answer: 'expired' }, now)
  }
}

/** Why the agent stands still, for a person. */
export function parkedFor(calls: readonly WaitingCall[], since: number): Parked {
  const parts = (['approval', 'client'] as const).flatMap((party) => {
    const names = calls.filter((call) => call.for === party).map(({ name }) => name)
    if (names.length === 0) return []
    const verb = names.length === 1 ? 'waits' : 'wait'
    return [`${names.join(', ')} ${verb} ${party === 'approval' ? 'for approval' : 'for the caller to run it'}`]
  })
  const until = Math.min(...calls.map((call) => call.until))
  return {
    reason: calls.some((call) => call.for === 'approval') ? 'approval' : 'client-tool',
    detail: `${parts.join('; ')}, until ${new Date(until).toISOString()}`,
    since,
    retryAt: until,
    calls,
  }
}

/**
 * Refuses an answer before it reaches history.
 * @throws PerdureError `invalid-argument`, `call-unknown`, `call-answered`
 */
export function assertAnswer(request: unknown, state: AgentState, now: number): asserts request is AnswerRequest {
  const { op, answer, id } = (request ?? {}) as Record<string, unknown>
  if (typeof op !== 'string' || op.length > longestOp) throw invalidArgument('op is the operation id of a call that waits, like "ada/1/2/0"')
  if (!(Object.values(answersOf).flat() as unknown[]).includes(answer)) throw invalidArgument('answer is one of approve, edit, refuse, result')
  if (id !== undefined && (typeof id !== 'string' || !/^\S{1,64}$/.test(id))) throw invalidArgument('id is the id of a stored answer')
  if (id === undefined && (answer === 'edit' || answer === 'result')) throw invalidArgument(`an answer "${answer}" is stored first, and named here by its id`)
  openCall(state, request as AnswerRequest, now)
}

/** An agent's key, in which there are its tenant's name, its own and its generation; three numbers; and what parts them. */
const longestOp = 256

/** The call that the answer is for; undefined where the same answer was given before. */
export function openCall(state: AgentState, request: AnswerRequest, now: number): WaitingCall | undefined {
  const { op, answer } = request
  const given = (state.answered ?? []).filter(([answered]) => answered === op)
  if (given.some(([, key]) => key === keyOf(request))) return undefined
  const call = waitingCalls(state.agentId, state.running).find((waiting) => waiting.op === op)
  if (call !== undefined && answersOf[call.for].includes(answer)) {
    if (call.until > now) return call
    throw new PerdureError('call-answered', `${call.name} waited until ${new Date(call.until).toISOString()}; its time has passed`)
  }
  if (call !== undefined && given.length === 0) {
    throw new PerdureError('call-unknown', `${call.name} (${op}) waits for ${call.for === 'approval' ? 'an approval first' : 'its result, not for an approval'}`)
  }
  if (given.some(([, key]) => key === null)) throw new PerdureError('call-answered', `nobody answered ${op} in time; the turn has gone on`)
  if (given.length > 0) throw new PerdureError('call-answered', `${op} was answered otherwise before; the first answer stands`)
  throw new PerdureError('call-unknown', `no call ${op} waits; what does is in the agent's state`)
}

/** What was said to the step's calls before the workflow was lost counts as it did then. */
export function hearAgain(state: AgentState, turn: RunningTurn): void {
  const { said = [] } = turn
  delete turn.said
  for (const { op, answer, id } of said) {
    const call = waitingCalls(state.agentId, turn).find((waiting) => waiting.op === op)
    if (call !== undefined && answersOf[call.for].includes(answer)) giveAnswer(state, turn, call, { answer, ...(id !== undefined && { id }) }, Date.now())
  }
}

/** @throws PerdureError as `assertAnswer` */
export function takeAnswer(state: AgentState, request: AnswerRequest, now: number): AnswerAccepted {
  const call = openCall(state, request, now)
  if (call === undefined || state.running === undefined) return { already: true }
  giveAnswer(state, state.running, call, request, now)
  return { already: false }
}

function giveAnswer(state: AgentState, turn: RunningTurn, call: WaitingCall, given: Omit<AnswerRequest, 'op' | 'answer'> & { readonly answer: AnswerKind | 'expired' }, now: number): void {
  const { waiting } = turn
  if (waiting === undefined) return
  const index = Number(call.op.slice(call.op.lastIndexOf('/') + 1))
  const { answer, id } = given
  const entry = { answer, ...(id !== undefined && { id }) }
  waiting.answers[index] = { ...waiting.answers[index], [call.for]: entry }
  waiting.phaseSince[index] = now
  const key = answer === 'expired' ? null : keyOf({ op: call.op, answer, ...(id !== undefined && { id }) })
  state.answered = [...(state.answered ?? []), [call.op, key] as const].slice(-rememberedAnswers)
}

const keyOf = ({ answer, id = '' }: AnswerRequest): string => `${answer} ${id}`

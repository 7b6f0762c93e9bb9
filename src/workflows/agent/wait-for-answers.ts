import { ApplicationFailure, CancellationScope, condition, setCurrentDetails } from '@temporalio/workflow'
import type { RunningTurn } from '../../protocol/state.ts'
import type { AnswerAccepted, AnswerRequest } from '../../protocol/waiting.ts'
import { checkEdit, endTurn } from './activities.ts'
import { isActivitysFailure, refusalBy } from './park.ts'
import { shouldContinueAsNew, unanswered, type AgentRun } from './run.ts'
import { showStatus } from './show-status.ts'
import { stepRefOf } from './step-state.ts'
import { parkedOutcome } from './turn-outcome.ts'
import { detailsOf } from './view.ts'
import { hasToLook } from './was-reset.ts'
import { expire, openCall, parkedFor, takeAnswer, waitingCalls } from './waiting.ts'

/** The turn stands still, before any of its step's calls has run, until those that have to wait are answered. */
export async function parkForAnswers(run: AgentRun, turn: RunningTurn): Promise<void> {
  const { state } = run
  const calls = waitingCalls(state.agentId, turn)
  const parked = parkedFor(calls, Date.now())
  const outcome = parkedOutcome(turn, parked, Date.now())
  await endTurn({ agentId: state.agentId, outcome: { ...outcome, waiting: calls } })
  state.parked = parked
  showStatus('parked')
}

/**
 * Until something has changed: an answer, a deadline, a cancel, a command, or a history that has grown long by what came meanwhile.
 * Waiting itself costs no history, however long it takes.
 */
export async function waitForAnswers(run: AgentRun, turn: RunningTurn): Promise<void> {
  const { state } = run
  const now = Date.now()
  expire(state, turn, now)
  const calls = waitingCalls(state.agentId, turn)
  if (calls.length === 0 || state.cancelAsked) {
    delete state.parked
    showStatus('live')
    return
  }
  state.parked = parkedFor(calls, state.parked?.since ?? now)
  setCurrentDetails(detailsOf(run))
  const asked = (): boolean => state.cancelAsked || run.reconcile !== undefined || unanswered(run) !== undefined || shouldContinueAsNew(run) || hasToLook(run)
  const changed = (): boolean => waitingCalls(state.agentId, turn).map(key).join() !== calls.map(key).join()
  await condition(() => asked() || changed(), Math.max(1, (state.parked.retryAt ?? now) - now))
}

const key = ({ op, for: party }: { readonly op: string; readonly for: string }): string => `${op} ${party}`

/** The first answer stands. Edited arguments are read first as the call will read them; the call goes on waiting where they do not fit. */
export async function answerCall(run: AgentRun, request: AnswerRequest): Promise<AnswerAccepted> {
  const { state } = run
  const turn = state.running
  if (openCall(state, request, Date.now()) !== undefined && turn !== undefined && request.answer === 'edit' && request.id !== undefined) {
    const step = stepRefOf(state, turn)
    const edit = { ...step, call: Number(request.op.slice(step.op.length + 1)), edit: request.id }
    const { problem } = await CancellationScope.nonCancellable(() => checkEdit(edit)).catch((error: unknown) => {
      if (!isActivitysFailure(error)) throw error
      const { code, detail } = refusalBy(error)
      throw ApplicationFailure.nonRetryable(detail, code)
    })
    if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, 'tool-arguments')
  }
  return takeAnswer(state, request, Date.now())
}

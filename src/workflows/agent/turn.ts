import { dollarsText } from '../../protocol/cost.ts'
import { limits } from '../../protocol/limits.ts'
import { nothingDone, type AgentState, type QueuedEvent, type RunningTurn, type TurnEnding } from '../../protocol/state.ts'
import type { StepCause } from '../../protocol/context.ts'
import type { TurnReason } from '../../protocol/turn.ts'
import { pressureVerdict } from './pressure.ts'
import type { StepResult } from './step.ts'

export function startTurn(state: AgentState, queued: QueuedEvent, now: number): RunningTurn {
  const eventSeq = state.nextSeq++
  return {
    turn: state.nextTurn++,
    event: queued.event,
    eventSeq,
    acceptedAt: queued.acceptedAt,
    begunAt: now,
    step: 1,
    cause: 'event',
    pending: [{ seq: eventSeq, event: queued.event, at: new Date(now).toISOString() }],
    replies: [],
    ...nothingDone,
  }
}

/** What follows a step: another one and why, or the turn's end. */
export type TurnDecision = { readonly next: StepCause } | TurnEnding

/**
 * Paper section 2.3: a call that asks for a heartbeat, or that failed, gives the model another step; without one the agent
 * yields. Memory pressure asks for a step of its own before that. Budgets are checked only where the turn would go on.
 */
export function decide(state: AgentState, turn: RunningTurn, step: Extract<StepResult, { kind: 'done' }>): TurnDecision {
  const wanted = wantedStep(turn, step) ?? (pressureVerdict(state) === 'alert' ? 'memory-pressure' : undefined)
  if (wanted === undefined) return { end: 'completed' }
  const { budget } = state.settings
  const stopped = (reason: TurnReason, detail: string): TurnDecision => ({ end: 'stopped', reason, detail })
  if (turn.malformedSteps >= budget.malformedSteps) {
    return wanted === 'no-call'
      ? stopped('no-tool-call', noCallDetail(step.ended, turn.malformedSteps))
      : stopped('malformed-calls', `the model made ${turn.malformedSteps} malformed tool calls in a row; they and their errors are in recall memory`)
  }
  if (turn.identicalSteps >= budget.identicalSteps) {
    return stopped('repeated-call', `the same calls with the same results came ${turn.identicalSteps} times in a row`)
  }
  const taken = turn.step - 1
  if (taken >= budget.steps) return stopped('step-budget', `the turn has taken ${taken} steps, as many as its budget allows`)
  if (turn.replies.length >= limits.repliesPerTurn) return stopped('step-budget', `the turn has sent ${turn.replies.length} replies, as many as a turn may`)
  const tokens = turn.promptTokens + turn.completionTokens
  if (tokens >= budget.tokens) return stopped('token-budget', `the turn has used ${tokens} tokens, the budget is ${budget.tokens}`)
  const { costMicros = 0 } = turn
  if (budget.costMicros !== undefined && costMicros >= budget.costMicros) {
    return stopped('cost-budget', `the turn has cost ${dollarsText(costMicros)}, the budget is ${dollarsText(budget.costMicros)}`)
  }
  return { next: wanted }
}

function noCallDetail(ended: 'cut' | 'filtered' | undefined, times: number): string {
  if (ended === 'cut') return `the model's answers were cut by the limit of their output, or by the end of the window, ${times} times in a row, before they called a tool; raise the limit (sampling.maxOutputTokens), give the model a larger window, or let it think less`
  if (ended === 'filtered') return `the provider's content filter held back the model's answers ${times} times in a row, so nothing could be sent; say it in other words`
  return `the model wrote text without a tool call ${times} times in a row, so nothing could be sent; set PERDURE_TOOL_FORMAT=text where it is not set so, else take another model`
}

/** @param left what has left the context with the refused message */
export function filteredEnding(refusal: string, left: 'turn' | 'exchange' | 'nothing-helps'): TurnEnding {
  return { end: 'stopped', reason: 'content-filtered', detail: `${whatLeft[left]} ${refusal}` }
}

const whatLeft = {
  turn: 'this message has left the context; recall memory keeps it. Say it in other words.',
  exchange: 'this message has left the context, and the exchange before it, as the message before was refused too; recall memory keeps all of it. Say it in other words.',
  'nothing-helps': 'this message has left the context; recall memory keeps it. As so many were refused in a row, a block of core memory or the summary may be the reason: look at the blocks (/blocks), and edit what the filter may object to.',
} as const

function wantedStep(turn: RunningTurn, { calls, results }: Extract<StepResult, { kind: 'done' }>): StepCause | undefined {
  // Only a person's message has to be answered; anything else may end in a thought.
  const answered = turn.event.kind !== 'user-message' || turn.replies.length > 0 || turn.cause === 'memory-pressure'
  if (calls.length === 0) return answered ? undefined : 'no-call'
  if (calls.some((call) => !call.wellFormed)) return 'malformed-call'
  if (results.some((result) => !result.ok)) return 'failed-call'
  return calls.some((call) => call.heartbeat) ? 'heartbeat' : undefined
}

/** Puts a text of the runtime before the turn's next step. */
export function addNotice(state: AgentState, turn: RunningTurn, notice: 'memory-pressure' | 'no-tool-call', now: number): void {
  turn.pending.push({ seq: state.nextSeq++, notice, at: new Date(now).toISOString() })
}

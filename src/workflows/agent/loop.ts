import { CancellationScope, condition, isCancellation, patched } from '@temporalio/workflow'
import type { RunningTurn } from '../../protocol/state.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import { compact, endTurn, stepPorts } from './activities.ts'
import { compactQueue } from './compaction.ts'
import { remember } from './mailbox.ts'
import { isBehind, park, parkedBy } from './park.ts'
import { pressureVerdict, promptTokens } from './pressure.ts'
import { shouldContinueAsNew, unanswered, type AgentRun } from './run.ts'
import { showRecovered, showRetry, showStatus } from './show-status.ts'
import { spentUp } from './spending.ts'
import { runStep, settleCancelled, type StepPorts, type StepResult } from './step.ts'
import { parkForAnswers, waitForAnswers } from './wait-for-answers.ts'
import { beginWaiting, hearAgain } from './waiting.ts'
import { addNotice, decide, outcomeOfTurn, startTurn, type TurnDecision } from './turn.ts'

/** In a row; where reading the numbers anew does not help, a person should look. */
const mostReconciled = 3

/** Takes the next event if no turn runs, and one step of the turn. Everything that fails for good on the way parks the agent. */
export async function takeStep(run: AgentRun): Promise<void> {
  const { state } = run
  const turn = state.running ?? beginTurn(run)
  if (turn === undefined) return
  if (state.cancelAsked && turn.waiting === undefined) return finishCancelled(run, turn)
  // A step that waited has its inference, and has paid for it.
  if (turn.waiting === undefined && (await parkedByBudget(run))) return
  run.step = new CancellationScope()
  try {
    const result = await run.step.run(() => runStep(state, turn, portsOf(run, turn)))
    run.reconciled = 0
    if (result.kind === 'done') showRecovered()
    await afterStep(run, turn, result)
  } catch (error) {
    // A cancelled turn is a result, not an error; this is somebody's cancelling of the whole workflow.
    if (isCancellation(error)) throw error
    if (isBehind(error) && run.reconciled < mostReconciled) {
      run.reconcile = 'numbers-behind'
      run.reconciled += 1
      return
    }
    await parkAgent(run, parkedBy(error, { retries: state.retries, now: Date.now() }))
  } finally {
    delete run.step
  }
}

/** Evicts and summarises; true if something could be evicted. */
export async function flush(run: AgentRun): Promise<boolean> {
  if (await parkedByBudget(run)) return false
  run.doing = 'summarising what leaves the context'
  try {
    run.compacted = await compactQueue(run.state, { compact })
  } catch (error) {
    if (isCancellation(error)) throw error
    await parkAgent(run, parkedBy(error, { retries: run.state.retries, now: Date.now() }))
  }
  return run.compacted
}

/** Until a person or the time lets go on, or a command wants to be answered. */
export async function waitWhileParked(run: AgentRun): Promise<void> {
  const { state } = run
  if (state.parked?.calls !== undefined && state.running !== undefined) return waitForAnswers(run, state.running)
  const due = state.parked?.retryAt
  // Messages that come meanwhile make history, and nothing else would end this run.
  const long = patched('renew-while-parked') ? (): boolean => shouldContinueAsNew(run) : (): boolean => false
  const asked = (): boolean => state.resumeAsked || state.cancelAsked || run.reconcile !== undefined || unanswered(run) !== undefined || long()
  const woken = due === undefined ? condition(asked).then(() => true) : condition(asked, Math.max(1, due - Date.now()))
  if ((await woken) && !state.resumeAsked && !state.cancelAsked) return
  state.resumeAsked = false
  delete state.parked
  showRetry()
}

/** Asked before anything is begun that costs. A turn that waits for its first step is parked too, so that its sender hears of it. */
async function parkedByBudget(run: AgentRun): Promise<boolean> {
  const detail = spentUp(run.state)
  if (detail === undefined) return false
  const { running, cancelAsked } = run.state
  if (cancelAsked && running !== undefined) await finishCancelled(run, running)
  else await parkAgent(run, park('agent-budget', detail, { retries: run.state.retries, now: Date.now() }))
  return true
}

function beginTurn(run: AgentRun): RunningTurn | undefined {
  const queued = run.state.mailbox.shift()
  if (queued !== undefined) run.state.running = startTurn(run.state, queued, Date.now())
  return run.state.running
}

async function afterStep(run: AgentRun, turn: RunningTurn, result: StepResult): Promise<void> {
  switch (result.kind) {
    case 'cancelled':
      return finish(run, turn, { end: 'cancelled' })
    case 'duplicate':
      return finishDuplicate(run, turn, result.earlier)
    case 'overflow':
      return afterOverflow(run, turn)
    case 'waiting':
      turn.waiting = beginWaiting(result.inference, Date.now())
      hearAgain(run.state, turn)
      return parkForAnswers(run, turn)
    case 'done': {
      if (result.preview !== undefined) run.preview = result.preview
      const decision = decide(run.state, turn, result)
      if ('end' in decision) return finish(run, turn, decision)
      turn.cause = decision.next
      if (decision.next === 'no-call') addNotice(run.state, turn, 'no-tool-call', Date.now())
      if (pressureVerdict(run.state) === 'alert') {
        addNotice(run.state, turn, 'memory-pressure', Date.now())
        run.state.alerted = true
      }
    }
  }
}

/** The prompt does not fit, by our count or the provider's word: compact and try the step once more, then ask a person. */
async function afterOverflow(run: AgentRun, turn: RunningTurn): Promise<void> {
  const { state } = run
  if (!turn.overflowed && (await flush(run))) {
    turn.overflowed = true
    return
  }
  if (state.parked !== undefined || state.running === undefined) return
  turn.overflowed = false
  const sections = Object.entries(state.sections ?? {}).map(([name, tokens]) => `${name} ${tokens}`)
  await parkAgent(
    run,
    park(
      'context-overflow',
      `the context does not fit the window of ${state.settings.contextWindow} tokens: ${sections.join(', ')}, summary ${state.summary?.tokens ?? 0}, ` +
        `all together ${promptTokens(state)}; shorten the largest part or create the agent with a larger window`,
      { retries: state.retries, now: Date.now() },
    ),
  )
}

/** Ends a turn that is parked; calls that wait have their results first. */
export async function cancelTurn(run: AgentRun, turn: RunningTurn, detail: string): Promise<void> {
  run.state.cancelAsked = true
  delete run.state.parked
  if (turn.waiting === undefined) return finishCancelled(run, turn, detail)
  await runStep(run.state, turn, portsOf(run, turn))
  await finish(run, turn, { end: 'cancelled', detail })
}

/** Ends a turn between two attempts of a step, or between two steps. */
async function finishCancelled(run: AgentRun, turn: RunningTurn, detail?: string): Promise<void> {
  if (patched('settle-cancelled-step')) await settleCancelled(run.state, turn, portsOf(run, turn))
  await finish(run, turn, { end: 'cancelled', ...(detail !== undefined && { detail }) })
}

function portsOf(run: AgentRun, { turn, step, cause }: RunningTurn): StepPorts {
  return stepPorts({ turn, step, cause }, (what) => (run.doing = what))
}

export async function finish(run: AgentRun, turn: RunningTurn, end: Exclude<TurnDecision, { next: unknown }>): Promise<void> {
  const { state } = run
  const endedAt = Date.now()
  const outcome = outcomeOfTurn(turn, end, endedAt)
  const counters = { ...state.counters, turns: state.counters.turns + 1 }
  await endTurn({ agentId: state.agentId, outcome, endedAt, counters, ...(turn.event.timer !== undefined && { timers: state.timers ?? [] }) })
  state.counters.turns += 1
  close(run, outcome)
}

/** Resent longer ago than the workflow remembers: it has the answer that it had. */
async function finishDuplicate(run: AgentRun, turn: RunningTurn, earlier: TurnOutcome | undefined): Promise<void> {
  close(run, earlier ?? outcomeOfTurn(turn, { end: 'completed', detail: 'this event was handled before' }, Date.now()))
}

function close({ state }: AgentRun, outcome: TurnOutcome): void {
  remember(state, outcome)
  delete state.running
  state.cancelAsked = false
}

async function parkAgent(run: AgentRun, parked: NonNullable<AgentRun['state']['parked']>): Promise<void> {
  const { state } = run
  state.retries += 1
  // Whoever waits or looks learns the reason at once: where a store is away, or full, its record has to wait.
  if (patched('parked-before-recorded')) state.parked = parked
  if (state.running !== undefined) {
    const outcome = outcomeOfTurn(state.running, { end: 'parked', reason: parked.reason, detail: parked.detail }, Date.now())
    await endTurn({ agentId: state.agentId, outcome })
  }
  state.parked = parked
  showStatus('parked')
}

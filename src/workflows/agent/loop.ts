import { CancellationScope, condition, patched } from '@temporalio/workflow'
import type { AgentState, Parked, RunningTurn, TurnEnding } from '../../protocol/state.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import { compact, endTurn, stepPorts } from './activities.ts'
import { compactQueue } from './compaction.ts'
import { lacksEvents, remember } from './mailbox.ts'
import { behindBy, isActivitysFailure, isLocalFailure, park, parkedBy } from './park.ts'
import { pressureVerdict, promptTokens } from './pressure.ts'
import { shouldContinueAsNew, unanswered, type AgentRun } from './run.ts'
import { showDefinition, showRecovered, showRetry, showStatus } from './show-status.ts'
import { spentUp } from './spending.ts'
import { runStep, settleCancelled, type StepPorts, type StepResult } from './step.ts'
import { parkForAnswers, waitForAnswers } from './wait-for-answers.ts'
import { waitForStores, waitsForStores } from './wait-for-stores.ts'
import { beginWaiting, hearAgain, waitingCalls } from './waiting.ts'
import { timersToKeep } from './timers.ts'
import { addNotice, decide, outcomeOfTurn, parkedOutcome, startTurn } from './turn.ts'

/** In a row; where reading the numbers anew does not help, a person should look. */
const mostReconciled = 3

/** How long an event is waited for that another sender has put into the stores and not given yet. */
const onTheirWayMs = 1_000

/** Takes the next event if no turn runs, and one step of the turn. What fails for good on the way is the caller's to park by. */
export async function takeStep(run: AgentRun): Promise<void> {
  const { state } = run
  const behind = state.running === undefined && isBehindItsSenders(state)
  if (behind !== false && (await behind)) {
    run.reconcile ??= 'asked'
    return
  }
  const turn = state.running ?? beginTurn(run)
  if (turn === undefined) return
  if (turn.ending !== undefined) return finish(run, turn, turn.ending)
  // It was let go on for another reason than an answer.
  if (!state.cancelAsked && waitingCalls(state.agentId, turn).length > 0) return parkForAnswers(run, turn)
  if (state.cancelAsked && turn.waiting === undefined) return finishCancelled(run, turn)
  // A step that waited has its inference, and has paid for it.
  if (turn.waiting === undefined && (await parkedByBudget(run))) return
  run.step = new CancellationScope()
  try {
    const before = state.settings
    const result = await run.step.run(() => runStep(state, turn, portsOf(run, turn)))
    if (state.settings !== before) showDefinition(state)
    run.reconciled = 0
    if (result.kind === 'done') showRecovered()
    await afterStep(run, turn, result)
  } finally {
    delete run.step
  }
}

/** Evicts and summarises; true if something could be evicted. */
export async function flush(run: AgentRun): Promise<boolean> {
  if (await parkedByBudget(run)) return false
  run.doing = 'summarising what leaves the context'
  run.compacted = await compactQueue(run.state, { compact })
  return run.compacted
}

/** Until a person or the time lets go on, or a command wants to be answered. */
export async function waitWhileParked(run: AgentRun): Promise<void> {
  const { state } = run
  if (state.parked?.calls !== undefined && state.running !== undefined) return waitForAnswers(run, state.running)
  const due = state.parked?.retryAt
  const { cancelHeld } = state.parked ?? {}
  // Messages that come meanwhile make history, and nothing else would end this run.
  const long = patched('renew-while-parked') ? (): boolean => shouldContinueAsNew(run) : (): boolean => false
  const letGo = (): boolean => state.resumeAsked || (state.cancelAsked && cancelHeld !== true)
  const asked = (): boolean => letGo() || run.reconcile !== undefined || unanswered(run) !== undefined || long()
  if (waitsForStores(state.parked)) {
    if (!(await waitForStores(state, asked)) && !letGo()) return
    // A run of its own is given to any worker: the one that has this one's cache has other stores.
    if (state.parked?.reason === 'wrong-stores') run.renewAsked = true
  } else {
    const woken = due === undefined ? condition(asked).then(() => true) : condition(asked, Math.max(1, due - Date.now()))
    if ((await woken) && !letGo()) return
  }
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

/**
 * Whether an event is not here that was sent before one in the mailbox, and was lost with a reset. One that is only on its way, of another
 * sender, comes within moments, and keeps the place in which it is accepted. Earlier versions did not ask. A client of this one may have
 * told a worker of theirs what it had sent before.
 */
function isBehindItsSenders(state: AgentState): false | Promise<boolean> {
  if (!lacksEvents(state) || !patched('events-in-order')) return false
  return condition(() => !lacksEvents(state), onTheirWayMs).then((come) => !come)
}

function beginTurn({ state }: AgentRun): RunningTurn | undefined {
  const queued = state.mailbox.shift()
  if (queued !== undefined) state.running = startTurn(state, queued, Date.now())
  return state.running
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
      // All was said before the workflow was lost that had heard it: the step goes on at once.
      if (waitingCalls(run.state.agentId, turn).length === 0) return
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
        `all together ${promptTokens(state)}; shorten the largest part, or give the agent a larger window (\`perdure set\`)`,
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

export async function finish(run: AgentRun, turn: RunningTurn, end: TurnEnding): Promise<void> {
  const { state } = run
  // Decided once: where it can't be recorded now, it is recorded later, and nothing of the turn is done again.
  turn.ending ??= end
  const endedAt = Date.now()
  const outcome = outcomeOfTurn(turn, turn.ending, endedAt)
  const counters = { ...state.counters, turns: state.counters.turns + 1 }
  const copied = turn.event.timer !== undefined || state.timersUnkept === true
  await endTurn({ agentId: state.agentId, outcome, endedAt, counters, ...(copied && { timers: timersToKeep(state) }) })
  if (copied) delete state.timersUnkept
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

/**
 * Parks by what a piece of the loop has failed with. Nothing that an activity says ends the workflow: its mailbox, timers and queue stay.
 * What is no failure of Temporal's, a bug of this code for one, fails the task, which ends nothing either: a mended worker takes it again.
 */
export async function parkByFailure(run: AgentRun, error: unknown): Promise<void> {
  // A cancelled turn is a result, not an error; this is somebody's cancelling of the whole workflow.
  if (!isActivitysFailure(error)) throw error
  const behind = behindBy(error)
  if (behind !== undefined && run.reconciled < mostReconciled) {
    // Of a definition alone nothing else has to be read anew.
    run.reconcile = behind === 'numbers-behind' ? behind : 'asked'
    run.reconciled += 1
    return
  }
  const parked = parkedBy(error, { retries: run.state.retries, now: Date.now() })
  // A cancel is short work on the stores, so it has failed with this; it is followed again when they are back.
  const cancelHeld = run.state.cancelAsked && isLocalFailure(error)
  await parkAgent(run, { ...parked, ...(cancelHeld && { cancelHeld }) })
}

async function parkAgent(run: AgentRun, parked: Parked): Promise<void> {
  const { state } = run
  state.retries += 1
  // Whoever waits or looks learns the reason at once: where a store is away, or full, its record has to wait.
  if (patched('parked-before-recorded')) state.parked = parked
  state.parked = (await recordPark(state, parked)) ?? parked
  showStatus('parked')
}

/** Where it can't be recorded, that is why the agent stands still: the first reason shows itself again when the stores are back. */
async function recordPark({ agentId, running, retries }: AgentRun['state'], parked: Parked): Promise<Parked | undefined> {
  if (running === undefined || waitsForStores(parked)) return undefined
  try {
    await endTurn({ agentId, outcome: parkedOutcome(running, parked, Date.now()) })
    return undefined
  } catch (error) {
    if (!isActivitysFailure(error)) throw error
    return parkedBy(error, { retries: retries - 1, now: Date.now() })
  }
}

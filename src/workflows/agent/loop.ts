import { CancellationScope, condition, patched } from '@temporalio/workflow'
import type { Parked, RunningTurn } from '../../protocol/state.ts'
import { compact, endTurn, stepPorts } from './activities.ts'
import { compactQueue } from './compaction.ts'
import { finish, finishDuplicate, finishRecorded } from './finish.ts'
import { lacksEvents } from './mailbox.ts'
import { behindBy, blamesRequest, filteredBy, isActivitysFailure, isLocalFailure, park, parkedBy, withTries } from './park.ts'
import { broughtDetail, broughtTooMuch, fitsAfterAll, overflowDetail } from './overflow.ts'
import { forgetWindow, pressureVerdict } from './pressure.ts'
import { shouldContinueAsNew, unanswered, type AgentRun } from './run.ts'
import { showDefinition, showRecovered, showRetry, showStatus } from './show-status.ts'
import { spentUp } from './spending.ts'
import { settleCancelled, settleFiltered } from './step-given-up.ts'
import type { StepPorts } from './step-ports.ts'
import { pushRecorded } from './step-state.ts'
import { runStep, type BroughtTools, type StepResult } from './step.ts'
import { parkForAnswers, waitForAnswers } from './wait-for-answers.ts'
import { waitForStores, waitsForStores } from './wait-for-stores.ts'
import { beginWaiting, hearAgain, waitingCalls } from './waiting.ts'
import { hasToLook, wasReset } from './was-reset.ts'
import { parkedOutcome } from './turn-outcome.ts'
import { addNotice, decide, filteredEnding, startTurn } from './turn.ts'

/** In a row; where reading the numbers anew does not help, a person should look. */
const mostReconciled = 3

/** How long an event is waited for that another sender has put into the stores and not given yet. */
const onTheirWayMs = 1_000

/** Takes the next event if no turn runs, and one step of the turn. What fails for good on the way is the caller's to park by. */
export async function takeStep(run: AgentRun): Promise<void> {
  const { state } = run
  const behind = state.running === undefined && isBehindItsSenders(run)
  if (behind !== false && (await behind)) {
    run.reconcile ??= 'asked'
    return
  }
  const turn = state.running ?? beginTurn(run)
  if (turn === undefined) return
  if (turn.ending !== undefined) return finish(run, turn, turn.ending)
  if (turn.filtered !== undefined) return finishFiltered(run, turn, turn.filtered)
  // The agent was let go on for another reason than an answer, and calls wait still.
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
  } catch (error) {
    const refusal = filteredBy(error)
    if (refusal === undefined) throw error
    // Decided once: where the stores are away now, it is followed when they are back.
    turn.filtered = refusal
    await finishFiltered(run, turn, refusal)
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
  const asked = (): boolean => letGo() || run.reconcile !== undefined || unanswered(run) !== undefined || long() || hasToLook(run)
  if (waitsForStores(state.parked)) {
    if (!(await waitForStores(state, asked)) && !letGo()) return
    // A run of its own is given to any worker: the one that has this one's cache has other stores.
    if (state.parked?.reason === 'wrong-stores') run.renewAsked = true
  } else {
    const woken = due === undefined ? condition(asked).then(() => true) : condition(asked, Math.max(1, due - Date.now()))
    if ((await woken) && !letGo()) return
  }
  // For histories of before `resume` itself forgot it.
  if (state.resumeAsked && state.parked?.reason === 'context-overflow') forgetWindow(state)
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
 * Whether the stores have to be read before the next turn. After a reset some events are missing here, or do not stand in their place: senders
 * give again what was lost, in any order, and Temporal what came after the reset's point, in an order of its own. An event that is missing because another sender is about to give it is waited for: it comes
 * within moments, and keeps the place in which it is accepted. Earlier versions did not look, though clients of this one may have told them what was
 * sent before.
 */
function isBehindItsSenders(run: AgentRun): false | Promise<boolean> {
  const { state } = run
  if (wasReset(run)) return Promise.resolve(true)
  const givenAgain = (): boolean => state.givenAgain === true && patched('given-again')
  if (givenAgain()) return Promise.resolve(true)
  if (!lacksEvents(state) || !patched('events-in-order')) return false
  return condition(() => !lacksEvents(state), onTheirWayMs).then((come) => !come || givenAgain())
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
      return afterOverflow(run, turn, result)
    case 'waiting':
      turn.waiting = beginWaiting(result.inference, Date.now())
      hearAgain(run.state, turn)
      // All was said before the workflow was lost that had heard it: the step goes on at once.
      if (waitingCalls(run.state.agentId, turn).length === 0) return
      return parkForAnswers(run, turn)
    case 'done': {
      if (result.preview !== undefined) run.preview = result.preview
      if (result.turnEnded !== undefined) {
        finishRecorded(run, turn, result.turnEnded)
        return
      }
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
async function afterOverflow(run: AgentRun, turn: RunningTurn, { learned, pending, brought }: Extract<StepResult, { kind: 'overflow' }>): Promise<void> {
  const { state } = run
  if (learned && fitsAfterAll(state, pending)) return
  // Nobody's other messages are to wait for what one message brings.
  const blamed = (compacted: boolean): boolean => brought !== undefined && broughtTooMuch(state, { pending, brought: brought.tokens, compacted })
  if (brought !== undefined && blamed(false)) return finishWithoutTools(run, turn, brought)
  if (!turn.overflowed && (await flush(run))) {
    turn.overflowed = true
    return
  }
  if (state.parked !== undefined || state.running === undefined) return
  if (brought !== undefined && blamed(true)) return finishWithoutTools(run, turn, brought)
  turn.overflowed = false
  await parkAgent(run, park('context-overflow', overflowDetail(state, pending), { retries: state.retries, now: Date.now() }))
}

/** What was said stays in the context; the tools go with the turn. */
async function finishWithoutTools(run: AgentRun, turn: RunningTurn, { tokens, recorded }: BroughtTools): Promise<void> {
  const { state } = run
  const detail = broughtDetail(state, tokens)
  pushRecorded(state, turn, recorded)
  if (state.sections !== undefined) state.sections = { ...state.sections, tools: state.sections.tools - tokens }
  await finish(run, turn, { end: 'stopped', reason: 'context-overflow', detail })
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

/** The same prompt would be refused again, whoever lets it go on, and every later one that has it: the turn ends, and the next message has its turn. */
async function finishFiltered(run: AgentRun, turn: RunningTurn, refusal: string): Promise<void> {
  await finish(run, turn, filteredEnding(refusal, await settleFiltered(run.state, turn, portsOf(run, turn))))
}

function portsOf(run: AgentRun, { turn, step, cause }: RunningTurn): StepPorts {
  return stepPorts({ turn, step, cause }, (what) => (run.doing = what))
}

/**
 * Parks the agent for what a piece of the loop has failed with. No failure of an activity ends the workflow: its mailbox, timers and queue
 * stay. Any other error, such as a bug of this code, fails the workflow task. That ends nothing either: a mended worker takes the task again.
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
  if (run.state.running !== undefined && blamesRequest(parked)) run.state.running.suspect = true
  // A cancel is short work on the stores, so it has failed with this; it is followed again when they are back.
  const cancelHeld = run.state.cancelAsked && isLocalFailure(error)
  await parkAgent(run, { ...parked, ...(cancelHeld && { cancelHeld }) })
}

async function parkAgent(run: AgentRun, cause: Parked): Promise<void> {
  const { state } = run
  state.retries += 1
  const parked = withTries(cause, state.retries)
  // Before it is recorded, as that may have to wait for the stores: so whoever waits for the turn, or looks, learns the reason at once.
  if (patched('parked-before-recorded')) state.parked = parked
  state.parked = (await recordPark(state, parked)) ?? parked
  showStatus('parked')
}

/** Where a park can't be recorded, the agent is parked for that instead; the first reason comes up again when the stores are back. */
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

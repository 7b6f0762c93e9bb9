/**
 * An agent: one workflow that lives as long as the agent does. The sandbox loads this file and all that it imports, so there
 * is no Node here, no clock but the workflow's, and no body of a message.
 */
import { allHandlersFinished, CancellationScope, condition, makeContinueAsNewFunc, patched, setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import { liveness } from '../../protocol/liveness.ts'
import { askedBy, type CommandAnswer, type CommandRequest } from '../../protocol/commands.ts'
import { begunRun, type AgentState } from '../../protocol/state.ts'
import { runCommand as runCommandActivity } from './activities.ts'
import { isEnding, mayRunDuringTurn, runCommand, type WaitingCommand } from './commands.ts'
import { askToCancel, installHandlers } from './handlers.ts'
import { assertKnownState } from '../known-state.ts'
import { cancelTurn, flush, parkByFailure, takeStep, waitWhileParked } from './loop.ts'
import { boundAwaited } from './mailbox.ts'
import { isActivitysFailure, refusalBy } from './park.ts'
import { pressureVerdict } from './pressure.ts'
import { chunkToEvict } from './queue.ts'
import { reconcile, reopen } from './reopen.ts'
import { begunAsNow, goesAhead, hasToActFirst, hasToGiveWay, isTurnsWork, newRun, nextCommand, shouldContinueAsNew, unanswered, type AgentRun } from './run.ts'
import { fireDue, nextDue, waitUntil } from './timers.ts'
import { showDefinition, shownOf, showEnded, showRecovered } from './show-status.ts'
import { rememberAnswer } from './updates.ts'
import { detailsOf } from './view.ts'
import { hasToLook, wasReset } from './was-reset.ts'

export async function agent(state: AgentState): Promise<void> {
  assertKnownState(state)
  const run = newRun(state)
  installHandlers(run)
  const cancelled = CancellationScope.current().cancelRequested
  await CancellationScope.nonCancellable(() => live(run, cancelled))
}

/** @param cancelled rejects when somebody asks Temporal to cancel the workflow: that cancels the turn, and the agent lives on in a new run */
async function live(run: AgentRun, cancelled: Promise<never>): Promise<void> {
  const { state } = run
  cancelled.catch(() => {
    askToCancel(run)
    run.renewAsked = true
  })
  if (begunAsNow(state)) await earlyAnswered()
  if (!state.opened) await unfailing(run, reopen)
  while (!run.archived) {
    if (hasToLook(run)) run.reconcile ??= 'asked'
    if (run.reconcile !== undefined && !hasToGiveWay(run)) {
      goesAhead(run)
      await unfailing(run, reconcile)
      // It may have found that the agent is archived.
      continue
    }
    fireDue(state, Date.now())
    setCurrentDetails(detailsOf(run))
    // No run ends before it has looked: the next one would not know that it was asked to.
    if (run.reconcile === undefined && shouldContinueAsNew(run) && !hasToActFirst(run)) await renew(run)
    await unfailing(run, act)
    run.acted = true
  }
  showEnded()
  await condition(allHandlersFinished)
}

/**
 * A run that has nothing to do ends its first task without a command. Where the agent has left the cache until the next message, a worker is given that
 * message together with the run's beginning, and on a later replay behind it. The order of answer and step has to be the same in both, as
 * it is in the history: what has come is answered, and then the loop begins.
 */
async function earlyAnswered(): Promise<void> {
  await nextLook()
  await nextLook()
}

/** The workflow's conditions are looked at when all handlers have begun that can, and again when these have come as far as they can. */
async function nextLook(): Promise<void> {
  let looked = false
  await condition(() => {
    const again = looked
    looked = true
    return again
  })
}

/** The one place that catches what the pieces of the loop fail with. */
async function unfailing(run: AgentRun, piece: (run: AgentRun) => Promise<unknown>): Promise<void> {
  try {
    await piece(run)
  } catch (error) {
    await parkByFailure(run, error)
  }
}

async function act(run: AgentRun): Promise<unknown> {
  const { state } = run
  const command = nextCommand(run)
  if (!state.opened && state.parked === undefined) return reopen(run)
  if (command !== undefined && (state.running === undefined || state.parked !== undefined || mayRunDuringTurn(command)) && (isEnding(command) || !hasToGiveWay(run))) {
    goesAhead(run)
    return execute(run, command)
  }
  if (state.parked !== undefined) return waitWhileParked(run)
  // Before what follows: where that finds the workflow behind the stores, these are read before anything else.
  delete state.ahead
  if (mustFlush(state)) return flush(run)
  return isTurnsWork(state) ? takeStep(run) : idle(run)
}

async function idle(run: AgentRun): Promise<void> {
  run.doing = 'idle'
  showRecovered()
  setCurrentDetails(detailsOf(run))
  const due = nextDue(run.state)
  // Signals that leave nothing to do make history too, such as messages that are sent again, and Temporal takes no more of one run than ten thousand. Earlier versions stayed.
  const isLong = (): boolean => shouldContinueAsNew(run) && patched('renew-while-idle')
  const woken = (): boolean => run.state.mailbox.length > 0 || run.reconcile !== undefined || run.renewAsked || run.full || unanswered(run) !== undefined || nextDue(run.state) !== due || hasToLook(run) || isLong()
  // A timer of Temporal's only where there is one of ours: an agent without any has the history that it always had.
  await (due === undefined ? condition(woken) : condition(woken, waitUntil(due, Date.now())))
}

function mustFlush(state: AgentState): boolean {
  const pinned = state.running === undefined ? [] : [state.running.eventSeq]
  return pressureVerdict(state) === 'flush' && chunkToEvict({ queue: state.queue, tokens: 1, pinned }).length > 0
}

/** Lets every waiting sender know that its event or command is carried, then goes on in a fresh run. Signals that come meanwhile are carried too. */
async function renew(run: AgentRun): Promise<never> {
  run.draining = true
  await condition(allHandlersFinished)
  run.state.counters.continuedAsNew += 1
  boundAwaited(run.state)
  const waiting = run.commands.flatMap(({ request, answer }) => (answer === undefined ? [request] : []))
  if (waiting.length > 0) run.state.waitingCommands = waiting
  run.state.begun = begunRun(run.state.counters.continuedAsNew, Date.now())
  // The next run can't see it by itself.
  if (wasReset(run)) run.state.givenAgain = true
  // The memo is given anew. Otherwise Temporal carries its stored bytes along, which stay encrypted under the key that the agent's first
  // run had.
  const given = { memo: workflowInfo().memo ?? {}, typedSearchAttributes: shownOf(run.state), workflowTaskTimeout: liveness.workflowTaskTimeoutMs }
  return makeContinueAsNewFunc<typeof agent>(given)(run.state)
}

async function execute(run: AgentRun, command: WaitingCommand): Promise<void> {
  const { request } = command
  try {
    const { answer, archived } = await outcomeOf(run, request)
    // In one go: whoever sees that the agent is archived sees this command's answer too.
    command.answer = answer
    run.archived = archived
    rememberAnswer(run.state, request.id, askedBy(request.command), answer)
  } catch (error) {
    if (!isActivitysFailure(error)) throw error
    command.answer = refusalBy(error)
    // The agent itself has to look for a worker with its stores.
    if (command.answer.code === 'wrong-stores') throw error
  }
}

async function outcomeOf(run: AgentRun, request: CommandRequest): Promise<{ readonly answer: CommandAnswer; readonly archived: boolean }> {
  const { state } = run
  const { type } = request.command
  if (type === 'renew') run.renewAsked = true
  else if (type !== 'archive' && type !== 'define' && state.running !== undefined) {
    const detail = `the agent is parked in the middle of a turn (${state.parked?.reason ?? 'running'}); resume it or cancel the turn first`
    return { answer: { status: 'refused', code: 'agent-parked', detail }, archived: false }
  }
  if (!state.opened && state.parked !== undefined && type !== 'archive' && type !== 'renew') {
    const detail = `the agent's memory has not been read yet (${state.parked.reason}): ${state.parked.detail}`
    return { answer: { status: 'refused', code: 'agent-parked', detail }, archived: false }
  }
  if (state.running !== undefined && type === 'archive') await cancelTurn(run, state.running, 'the agent was archived')
  run.doing = type
  const outcome = await runCommand(state, request, runCommandActivity)
  if (outcome.answer.version !== undefined) showDefinition(state)
  return outcome
}

/**
 * An agent: one workflow that lives as long as the agent does. The sandbox loads this file and all that it imports, so there
 * is no Node here, no clock but the workflow's, and no body of a message.
 */
import { allHandlersFinished, condition, makeContinueAsNewFunc, setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import { liveness } from '../../protocol/liveness.ts'
import type { AgentState } from '../../protocol/state.ts'
import { open, runCommand as runCommandActivity } from './activities.ts'
import { runCommand, type WaitingCommand } from './commands.ts'
import { installHandlers } from './handlers.ts'
import { assertKnownState } from '../known-state.ts'
import { cancelTurn, flush, takeStep, waitWhileParked } from './loop.ts'
import { pressureVerdict } from './pressure.ts'
import { chunkToEvict } from './queue.ts'
import { newRun, shouldContinueAsNew, unanswered, type AgentRun } from './run.ts'
import { fireDue, nextDue, waitUntil } from './timers.ts'
import { showEnded, showRecovered } from './show-status.ts'
import { detailsOf } from './view.ts'

/** Share of the window that a queue rebuilt from the stores may take. */
const reopenedShare = 0.25

export async function agent(state: AgentState): Promise<void> {
  assertKnownState(state)
  const run = newRun(state)
  installHandlers(run)
  if (!state.opened) await reopen(run)
  while (!run.archived) {
    fireDue(state, Date.now())
    setCurrentDetails(detailsOf(run))
    if (shouldContinueAsNew(run)) await renew(run)
    const command = unanswered(run)
    if (command !== undefined && (state.running === undefined || state.parked !== undefined || command.request.command.type === 'archive')) {
      await execute(run, command)
    } else if (state.parked !== undefined) await waitWhileParked(run)
    else if (mustFlush(state)) await flush(run)
    else if (state.running !== undefined || state.mailbox.length > 0) await takeStep(run)
    else await idle(run)
  }
  showEnded()
  await condition(allHandlersFinished)
}

async function idle(run: AgentRun): Promise<void> {
  run.doing = 'idle'
  showRecovered()
  setCurrentDetails(detailsOf(run))
  const due = nextDue(run.state)
  const woken = (): boolean => run.state.mailbox.length > 0 || unanswered(run) !== undefined || nextDue(run.state) !== due
  // A timer of Temporal's only where there is one of ours: an agent without any has the history that it always had.
  await (due === undefined ? condition(woken) : condition(woken, waitUntil(due, Date.now())))
}

/** Starts from what an earlier workflow of this agent has left in the stores; from nothing for a new agent. */
async function reopen(run: AgentRun): Promise<void> {
  const { state } = run
  const found = await open({ agentId: state.agentId, queueTokens: Math.floor(state.settings.contextWindow * reopenedShare), ...(state.settings.agentBudget && { spending: true }) })
  if (found === null) {
    run.archived = true
    return
  }
  state.nextSeq = found.nextSeq
  state.nextTurn = found.nextTurn
  state.queue = [...found.queue]
  if (found.summary !== undefined) state.summary = found.summary
  state.counters.messages = found.messages
  Object.assign(state.counters, found.spent)
  state.opened = true
}

function mustFlush(state: AgentState): boolean {
  const pinned = state.running === undefined ? [] : [state.running.eventSeq]
  return pressureVerdict(state) === 'flush' && chunkToEvict({ queue: state.queue, tokens: 1, pinned }).length > 0
}

/** Lets every waiting sender know that its event is carried, then goes on in a fresh run. Signals that come meanwhile are carried too. */
async function renew(run: AgentRun): Promise<never> {
  run.draining = true
  await condition(allHandlersFinished)
  run.state.counters.continuedAsNew += 1
  // The memo is given anew. Otherwise Temporal carries its stored bytes along, which stay encrypted under the key that the agent's first
  // run had.
  return makeContinueAsNewFunc<typeof agent>({ memo: workflowInfo().memo ?? {}, workflowTaskTimeout: liveness.workflowTaskTimeoutMs })(run.state)
}

async function execute(run: AgentRun, command: WaitingCommand): Promise<void> {
  const { state } = run
  const { type } = command.request.command
  if (type === 'renew') run.renewAsked = true
  else if (type !== 'archive' && state.running !== undefined) {
    const detail = `the agent is parked in the middle of a turn (${state.parked?.reason ?? 'running'}); resume it or cancel the turn first`
    command.answer = { status: 'refused', code: 'agent-parked', detail }
    return
  }
  if (state.running !== undefined && type === 'archive') await cancelTurn(run, state.running, 'the agent was archived')
  run.doing = type
  const { answer, archived } = await runCommand(state, command.request, runCommandActivity)
  command.answer = answer
  run.archived = archived
}

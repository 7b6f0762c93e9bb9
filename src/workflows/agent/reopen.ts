import { patched, workflowInfo } from '@temporalio/workflow'
import type { OpenResult } from '../../protocol/activities.ts'
import type { AgentState, QueuedEvent } from '../../protocol/state.ts'
import { open } from './activities.ts'
import { isDeletion } from './commands.ts'
import { inForceOfParked, putInForce } from './definition.ts'
import { mailboxWith } from './mailbox.ts'
import type { AgentRun } from './run.ts'
import { showDefinition, showRecovered } from './show-status.ts'
import { hearAgain } from './waiting.ts'
import { hasToLook, noteReset, wasReset } from './was-reset.ts'

/** Share of the window that a queue rebuilt from the stores may take. */
const reopenedShare = 0.25

/** Starts from what an earlier workflow of this agent has left in the stores; from nothing for a new agent. */
export async function reopen(run: AgentRun): Promise<void> {
  const { found, ...waiting } = await lookIntoStores(run, workflowInfo().startTime.getTime())
  if (found === null) {
    run.gone = true
    run.archived = true
    return
  }
  if (found.deleting) finishDeletion(run)
  else {
    takeUp(run.state, found, waiting)
    if (found.definition !== undefined) putInForce(run.state, found.definition)
  }
  run.state.opened = true
  run.state.retries = 0
}

/**
 * Compares the workflow with the stores, which know more where it was reset, or where a Temporal database was restored: takes up events and
 * timers that it does not have, and goes on from where the stores stand where those are ahead.
 */
export async function reconcile(run: AgentRun): Promise<void> {
  const asked = run.reconcile
  delete run.reconcile
  const { state } = run
  const { found, ...waiting } = await lookIntoStores(run)
  delete state.awaited
  if (found === null) {
    run.archived = true
    return
  }
  if (found.deleting) {
    finishDeletion(run)
    return
  }
  if (asked === 'numbers-behind' || (found.newestSeq ?? 0) >= state.nextSeq || hasEnded(state, found) || wasLetGoOn(state, found)) {
    takeUp(state, found, { ...waiting, timersByStores: waiting.timersByStores || lacksTimersOf(state, found) })
    if (state.parked !== undefined) {
      delete state.parked
      showRecovered()
    }
  } else {
    hearWhatWasSaid(state, found, waiting)
    state.mailbox = mailboxWith(state, waiting.stored, waiting.byStores)
    // The stores' copy is older: it may have a timer that was taken away.
    if (state.timersUnkept !== true) takeTimers(state, found, waiting)
  }
  if (found.definition !== undefined) {
    const another = found.definition.version !== state.definition
    // The settings in any case: earlier versions could know the number without them.
    if (putInForce(state, found.definition) && another) state.resumeAsked = true
    showDefinition(state)
  }
}

/**
 * Whether the turn that runs here has ended by the stores. A cancel may end a turn that stands still without a message that is new here: at most with
 * a notice in the place of the step. Earlier versions stood still on.
 */
function hasEnded({ running }: AgentState, found: OpenResult): boolean {
  return running !== undefined && found.running === undefined && found.nextTurn > running.turn && patched('ended-by-stores')
}

/**
 * Whether the step that stands here until a person acts has its inference by the stores: somebody has acted since. Its number was given before it
 * failed, so that nothing of it is new here. Earlier versions stood still on.
 */
function wasLetGoOn({ parked, running }: AgentState, { running: stored }: OpenResult): boolean {
  if (parked === undefined || parked.calls !== undefined || parked.retryAt !== undefined || running === undefined || running.waiting !== undefined) return false
  return stored?.turn === running.turn && stored.stepSeq !== undefined && stored.step >= running.step && patched('let-go-on-by-stores')
}

/**
 * Some of the calls that wait here may have been answered since the point of a reset, or since the day from which Temporal's database is, and the step
 * still waits by the stores, for the others. Earlier versions heard it after a reset alone.
 */
function hearWhatWasSaid(state: AgentState, found: OpenResult, { hadToLook }: Pick<Found, 'hadToLook'>): void {
  const { parked, running } = state
  if (parked?.calls === undefined || running === undefined || found.running?.said === undefined) return
  if (found.running.turn !== running.turn || found.running.step !== running.step) return
  if (!hadToLook && !patched('hear-when-asked')) return
  running.said = found.running.said
  hearAgain(state, running)
}

/** A deletion that was broken off goes on before anything else, whatever this workflow was started for. */
function finishDeletion(run: AgentRun): void {
  if (run.commands.some(({ request, answer }) => answer === undefined && isDeletion(request.command))) return
  run.commands.unshift({ request: { id: 'deletion', command: { type: 'archive', erase: true } } })
}

interface Found {
  readonly found: OpenResult | null
  /** What waits, and is to be taken up. */
  readonly stored: readonly QueuedEvent[]
  /** Whether the mailbox is to have the stores' order (see `mailboxWith`). */
  readonly byStores: boolean
  /** Whether the workflow was reset to where it stands still: what it waits for may have happened. */
  readonly hadToLook: boolean
  /** Whether the timers are to be the stores' alone: one of before a reset may have been taken away. An agent of an earlier version may have timers of which the stores never had a copy. */
  readonly timersByStores: boolean
}

/**
 * Reads what the stores know. Whether events were given again is decided behind the activity: a worker that takes over before it has ended may
 * be told of updates with the workflow's first activation, and a replay tells of them later, but always before the activity's end.
 * @param startedAt when the workflow began, for its first look. Events that were stored after that are left to their senders, who give them to
 *   this workflow in an order of their own. But where events were given again, the workflow may have been reset to its begin, and what it
 *   lost was stored after that too: then none is left out.
 */
async function lookIntoStores(run: AgentRun, startedAt = Infinity): Promise<Found> {
  const { state } = run
  const { agentId, settings } = state
  const found = await open({
    agentId,
    queueTokens: Math.floor(settings.contextWindow * reopenedShare),
    ...(settings.agentBudget && { spending: true }),
    ...inForceOfParked(state),
  })
  const stored = found?.mailbox ?? []
  // Histories of earlier versions have another order.
  if (found?.allWaiting !== true) {
    // A worker of an earlier version has looked; to ask it again would tell no more.
    if (hasToLook(run)) noteReset(run)
    return { found, stored, byStores: false, hadToLook: false, timersByStores: false }
  }
  const hadToLook = hasToLook(run)
  const timersByStores = hadToLook && found.timersKept === true && state.timersUnkept !== true
  const reset = wasReset(run)
  if (reset) run.lookedAfterReset = true
  const byStores = state.givenAgain === true || reset
  delete state.givenAgain
  noteReset(run)
  return { found, byStores, hadToLook, timersByStores, stored: byStores ? stored : stored.filter(({ acceptedAt }) => acceptedAt < startedAt) }
}

/** The stores are right about all that they know. What only the workflow knows are events that came with their text, and signals on their way. */
function takeUp(state: AgentState, found: OpenResult, waiting: Omit<Found, 'found'>): void {
  state.nextSeq = Math.max(state.nextSeq, found.nextSeq)
  state.nextTurn = Math.max(state.nextTurn, found.nextTurn)
  state.queue = [...found.queue]
  if (found.summary !== undefined) state.summary = found.summary
  const interrupted = state.running
  delete state.running
  if (found.running !== undefined) state.running = { ...found.running }
  // By the stores another turn runs, or none. So the event waits again, as the first: its next inference finds the turn's end, where the stores
  // have it; else the event has its turn then.
  if (interrupted !== undefined && interrupted.event.id !== state.running?.event.id) state.mailbox = [{ event: interrupted.event, acceptedAt: interrupted.acceptedAt }, ...state.mailbox]
  state.cancelAsked = found.cancelled === true || cancelHolds(state, interrupted)
  state.mailbox = mailboxWith(state, waiting.stored, waiting.byStores)
  takeTimers(state, found, waiting)
  Object.assign(state.counters, found.counters)
  state.counters.messages = found.messages
  Object.assign(state.counters, found.spent)
}

/** Whether the cancel that was asked for here means the turn that runs by the stores. Earlier versions did not tell it from a cancel of another turn. */
function cancelHolds({ cancelAsked, running }: AgentState, interrupted: AgentState['running']): boolean {
  if (!cancelAsked || running === undefined) return false
  return interrupted === undefined || interrupted.turn === running.turn || !patched('cancel-of-its-turn')
}

/** Whether the stores, which are ahead, have a copy of the timers in which one of these is no more: it was taken away, or has fired for the last time. Earlier versions kept it. */
function lacksTimersOf({ timers = [], timersUnkept }: AgentState, found: OpenResult): boolean {
  if (found.timersKept !== true || timersUnkept === true) return false
  const stored = new Set((found.timers ?? []).map(({ id }) => id))
  return timers.some(({ id }) => !stored.has(id)) && patched('timers-of-the-later')
}

function takeTimers(state: AgentState, { timers = [] }: OpenResult, { timersByStores }: Pick<Found, 'timersByStores'>): void {
  if (timersByStores) delete state.timers
  const known = new Set((state.timers ?? []).map(({ id }) => id))
  const added = timers.filter(({ id }) => !known.has(id)).map((timer) => ({ ...timer }))
  if (added.length > 0) state.timers = [...(state.timers ?? []), ...added]
}

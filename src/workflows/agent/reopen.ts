import { workflowInfo } from '@temporalio/workflow'
import type { OpenResult } from '../../protocol/activities.ts'
import type { AgentState, QueuedEvent } from '../../protocol/state.ts'
import { open } from './activities.ts'
import { isDeletion } from './commands.ts'
import { putInForce } from './definition.ts'
import { hasRoom } from './mailbox.ts'
import type { AgentRun } from './run.ts'
import { showDefinition, showRecovered } from './show-status.ts'

/** Share of the window that a queue rebuilt from the stores may take. */
const reopenedShare = 0.25

/** Starts from what an earlier workflow of this agent has left in the stores; from nothing for a new agent. */
export async function reopen(run: AgentRun): Promise<void> {
  const found = await lookIntoStores(run, workflowInfo().startTime.getTime())
  if (found === null) {
    run.gone = true
    run.archived = true
    return
  }
  if (found.deleting) finishDeletion(run)
  else {
    takeUp(run.state, found)
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
  const found = await lookIntoStores(run)
  delete state.awaited
  if (found === null) {
    run.archived = true
    return
  }
  if (found.deleting) {
    finishDeletion(run)
    return
  }
  if (asked === 'numbers-behind' || (found.newestSeq ?? 0) >= state.nextSeq) {
    takeUp(state, found)
    if (state.parked !== undefined) {
      delete state.parked
      showRecovered()
    }
  } else {
    state.mailbox = mailboxWith(state, found.mailbox ?? [])
    // The stores' copy is older: it may have a timer that was taken away.
    if (state.timersUnkept !== true) takeTimers(state, found)
  }
  if (found.definition !== undefined) {
    const another = found.definition.version !== state.definition
    // The settings in any case: earlier versions could know the number without them.
    if (putInForce(state, found.definition) && another) state.resumeAsked = true
    showDefinition(state)
  }
}

/** A deletion that was broken off goes on before anything else, whatever this workflow was started for. */
function finishDeletion(run: AgentRun): void {
  if (run.commands.some(({ request, answer }) => answer === undefined && isDeletion(request.command))) return
  run.commands.unshift({ request: { id: 'deletion', command: { type: 'archive', erase: true } } })
}

async function lookIntoStores({ state }: AgentRun, startedAt?: number): Promise<OpenResult | null> {
  const { agentId, settings } = state
  return open({ agentId, ...(startedAt !== undefined && { startedAt }), queueTokens: Math.floor(settings.contextWindow * reopenedShare), ...(settings.agentBudget && { spending: true }) })
}

/** The stores are right about all that they know. What only the workflow knows are events that came with their text, and signals on their way. */
function takeUp(state: AgentState, found: OpenResult): void {
  state.nextSeq = Math.max(state.nextSeq, found.nextSeq)
  state.nextTurn = Math.max(state.nextTurn, found.nextTurn)
  state.queue = [...found.queue]
  if (found.summary !== undefined) state.summary = found.summary
  const interrupted = state.running
  delete state.running
  if (found.running !== undefined) state.running = { ...found.running }
  // Its turn has an end in the stores, or never began there: at its next turn that is found, or it has its turn then.
  if (interrupted !== undefined && interrupted.event.id !== state.running?.event.id) state.mailbox = [{ event: interrupted.event, acceptedAt: interrupted.acceptedAt }, ...state.mailbox]
  state.cancelAsked = found.cancelled === true || (state.cancelAsked && state.running !== undefined)
  state.mailbox = mailboxWith(state, found.mailbox ?? [])
  takeTimers(state, found)
  Object.assign(state.counters, found.counters)
  state.counters.messages = found.messages
  Object.assign(state.counters, found.spent)
}

/**
 * What waits here, in its order, and with it what only the stores know: each of those before the first that was sent after it. None that
 * has had its turn.
 */
function mailboxWith(state: AgentState, stored: readonly QueuedEvent[]): QueuedEvent[] {
  const had = new Set([...state.handled.map(([id]) => id), ...(state.running === undefined ? [] : [state.running.event.id])])
  const merged = state.mailbox.filter(({ event }) => !had.has(event.id))
  for (const { event } of merged) had.add(event.id)
  // One that was sent again was accepted anew, and keeps its place.
  const sentAt = new Map(stored.map(({ event, acceptedAt }) => [event.id, acceptedAt]))
  for (const queued of stored) {
    // What there is no room for stays pending in the stores.
    if (had.has(queued.event.id) || !hasRoom({ ...state, mailbox: merged }, queued.event)) continue
    had.add(queued.event.id)
    const later = merged.findIndex(({ event, acceptedAt }) => Math.min(acceptedAt, sentAt.get(event.id) ?? acceptedAt) > queued.acceptedAt)
    merged.splice(later < 0 ? merged.length : later, 0, queued)
  }
  return merged
}

function takeTimers(state: AgentState, { timers = [] }: OpenResult): void {
  const known = new Set((state.timers ?? []).map(({ id }) => id))
  const added = timers.filter(({ id }) => !known.has(id)).map((timer) => ({ ...timer }))
  if (added.length > 0) state.timers = [...(state.timers ?? []), ...added]
}

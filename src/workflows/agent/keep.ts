/** Copies of what no store would have otherwise, for the day on which this workflow is lost. */
import { CancellationScope, condition, isCancellation, log, patched } from '@temporalio/workflow'
import { messageOf } from '../../protocol/errors.ts'
import type { IncomingEvent } from '../../protocol/events.ts'
import { keepEvent, keepTimers } from './activities.ts'
import { isActivitysFailure } from './park.ts'
import type { AgentRun } from './run.ts'
import { timersToKeep } from './timers.ts'

/**
 * Copies the timers into the stores. Where those are away, the next turn's end copies them; the workflow itself goes by its own. Copies are
 * made one after the other, each of the timers as they are at that time, so that an older copy never replaces a newer one.
 */
export function timersKept({ state }: AgentRun): Promise<void> | undefined {
  if (!patched('keeps-timers')) return undefined
  state.timersUnkept = true
  return kept(async () => {
    await keepTimers(state.agentId, () => {
      const timers = timersToKeep(state)
      state.timersUnkept = true
      return timers
    })
    delete state.timersUnkept
  })
}

/** Moves the text of an event into the stores, where its sender had none and sent it along. It stays in the state until it is there. */
export function textKept({ state }: AgentRun, event: IncomingEvent): Promise<void> | undefined {
  if (event.text === undefined || !patched('keeps-texts')) return undefined
  return kept(async () => {
    if (!(await keepEvent({ agentId: state.agentId, event })).kept) return
    const { id, kind, bytes } = event
    state.mailbox = state.mailbox.map((queued) => (queued.event.id === id ? { ...queued, event: { id, kind, bytes } } : queued))
  })
}

async function kept(copy: () => Promise<void>): Promise<void> {
  try {
    await CancellationScope.nonCancellable(copy)
  } catch (error) {
    if (!isActivitysFailure(error)) throw error
    log.warn('the stores have no copy of this yet', { reason: messageOf(error) })
  }
}

/** As `condition`, also after somebody has asked Temporal to cancel the workflow: the agent lives on, and so do those who wait. */
export async function until(holds: () => boolean): Promise<void> {
  try {
    await condition(holds)
  } catch (error) {
    if (!isCancellation(error)) throw error
    await CancellationScope.nonCancellable(() => condition(holds))
  }
}

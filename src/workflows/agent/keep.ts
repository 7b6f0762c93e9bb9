/** Copies of what no store would have otherwise, for the day on which this workflow is lost. */
import { CancellationScope, condition, isCancellation, log, patched } from '@temporalio/workflow'
import { messageOf } from '../../protocol/errors.ts'
import type { IncomingEvent } from '../../protocol/events.ts'
import { keepEvent, keepTimers } from './activities.ts'
import { isActivitysFailure } from './park.ts'
import type { AgentRun } from './run.ts'
import { timersToKeep } from './timers.ts'

/**
 * Where the stores are away the copy waits until the next turn ends; the workflow itself has the timers. Copies are made one after the other,
 * each of the timers as they are then, so that no older one takes the place of a newer one.
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

/** The text of an event that a sender without a store has sent goes where all texts are. It stays here until it is there. */
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

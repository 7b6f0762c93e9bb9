import { Context } from '@temporalio/activity'
import type { AgentActivities } from '../protocol/activities.ts'
import type { ActivityDependencies } from './dependencies.ts'

/** Puts the turn's record into the store: its end, or what it is parked for. */
export function createEndTurn({ stores: { memory }, faultPoint }: ActivityDependencies): AgentActivities['endTurn'] {
  return async ({ agentId, outcome, counters, timers }) => {
    // The timers first: an end that stands is not written again.
    if (timers !== undefined) await memory.timers.put({ agentId, taskQueue: Context.current().info.taskQueue, timers })
    await memory.turns.put(agentId, outcome, counters)
    faultPoint('turn-recorded')
  }
}

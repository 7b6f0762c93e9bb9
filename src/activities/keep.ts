import { Context } from '@temporalio/activity'
import type { AgentActivities } from '../protocol/activities.ts'
import type { ActivityDependencies } from './dependencies.ts'

/** Copies of what the workflow alone would know, for the day on which it is lost. */
export function createKeep({ stores: { memory } }: ActivityDependencies): Pick<AgentActivities, 'keepTimers' | 'keepEvent'> {
  const taskQueue = (): string => Context.current().info.taskQueue
  return {
    keepTimers: async ({ agentId, timers }) => {
      await memory.timers.put({ agentId, taskQueue: taskQueue(), timers })
    },
    keepEvent: async ({ agentId, event: { id, kind, text = '' } }) => {
      const stored = await memory.events.deposit({ agentId, eventId: id, kind, text, sentAt: new Date().toISOString() }, taskQueue())
      return { kept: stored.text === text }
    },
  }
}

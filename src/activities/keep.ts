import { Context } from '@temporalio/activity'
import type { AgentActivities } from '../protocol/activities.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { storedAgent } from './stored-agent.ts'

/** Copies of what the workflow alone would know, for the day on which it is lost. */
export function createKeep({ stores }: ActivityDependencies): Pick<AgentActivities, 'keepTimers' | 'keepEvent'> {
  const { memory } = stores
  const taskQueue = (): string => Context.current().info.taskQueue
  return {
    keepTimers: async ({ agentId, timers }) => {
      await storedAgent(stores, agentId)
      await memory.timers.put({ agentId, taskQueue: taskQueue(), timers })
    },
    keepEvent: async ({ agentId, event: { id, kind, text = '' } }) => {
      await storedAgent(stores, agentId)
      const { body } = await memory.events.deposit({ agentId, eventId: id, kind, text, sentAt: new Date().toISOString() }, taskQueue())
      return { kept: body.text === text }
    },
  }
}

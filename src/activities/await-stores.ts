import { ApplicationFailure } from '@temporalio/activity'
import type { AgentActivities } from '../protocol/activities.ts'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { storedAgent } from './stored-agent.ts'

/**
 * Succeeds on a worker whose stores know the agent, and take a write where there is a parked turn to record: then they are back. Whatever
 * they say till then may pass, so that Temporal asks again, and no attempt is in the history.
 */
export function createAwaitStores({ stores }: Pick<ActivityDependencies, 'stores'>): AgentActivities['awaitStores'] {
  return async ({ agentId, outcome }) => {
    try {
      await storedAgent(stores, agentId)
      if (outcome !== undefined) await stores.memory.turns.put(agentId, outcome)
    } catch (error) {
      throw ApplicationFailure.retryable(messageOf(error), PerdureError.isInstance(error) ? error.code : 'Error')
    }
  }
}

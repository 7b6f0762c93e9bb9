import { Context } from '@temporalio/activity'
import type { AgentActivities } from '../protocol/activities.ts'
import { PerdureError } from '../protocol/errors.ts'
import { hasEnded } from '../protocol/turn.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { storedAgent } from './stored-agent.ts'

/** Agents that were found in the stores, so that a turn's end does not cost a read. */
const mostKnown = 10_000

/**
 * Puts the turn's record into the store: its end, or what it is parked for. Only where the agent is: in other stores whoever waits for it
 * would never find it.
 */
export function createEndTurn({ stores, faultPoint, live }: ActivityDependencies): AgentActivities['endTurn'] {
  const { memory } = stores
  const known = new Set<string>()
  return async ({ agentId, outcome, counters, timers, nextSeq }) => {
    if (!known.has(agentId)) {
      await storedAgent(stores, agentId)
      if (known.size >= mostKnown) known.clear()
      known.add(agentId)
    }
    if (nextSeq !== undefined && (await memory.messages.latestSeq(agentId)) >= nextSeq) {
      throw new PerdureError('numbers-behind', `turn ${outcome.turn} has messages that its workflow does not know: it has to read its numbers anew`)
    }
    // The timers first: an end that stands is not written again.
    if (timers !== undefined) await memory.timers.put({ agentId, taskQueue: Context.current().info.taskQueue, timers })
    await memory.turns.put(agentId, outcome, counters)
    if (hasEnded(outcome)) live?.turnEnded(agentId, outcome.turn)
    faultPoint('turn-recorded')
  }
}

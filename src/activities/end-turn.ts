import { Context } from '@temporalio/activity'
import type { AgentActivities } from '../protocol/activities.ts'
import { PerdureError } from '../protocol/errors.ts'
import { hasEnded, type TurnOutcome } from '../protocol/turn.ts'
import type { MemoryStore } from '../stores/stores.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { storedAgent } from './stored-agent.ts'

/** Agents that were found in the stores, so that a turn's end does not cost a read. */
const mostKnown = 10_000

/**
 * Puts the turn's record into the store: its end, or what it is parked for. Only where the agent is: in other stores whoever waits for it
 * would never find it. A reset may put an event into the mailbox again whose turn has ended; a step finds that out, but a turn may end, or be parked, before
 * its first one. Such a turn gets no record: the event has its own.
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
    const earlier = outcome.figures.steps === 0 ? await endedBefore(stores.memory, agentId, outcome) : undefined
    // The timers first: an end that stands is not written again.
    if (timers !== undefined) await memory.timers.put({ agentId, taskQueue: Context.current().info.taskQueue, timers })
    if (earlier === undefined) await memory.turns.put(agentId, outcome, counters)
    // Nobody is to take it up, whoever has put it there again.
    else await memory.events.withdraw(agentId, outcome.eventId)
    if (hasEnded(outcome)) live?.turnEnded(agentId, outcome.turn)
    faultPoint('turn-recorded')
    return earlier && { earlier }
  }
}

/** Another turn of the event that has ended. */
async function endedBefore({ turns }: Pick<MemoryStore, 'turns'>, agentId: string, { eventId, turn }: TurnOutcome): Promise<TurnOutcome | undefined> {
  const outcome = await turns.byEvent(agentId, eventId)
  return hasEnded(outcome) && outcome.turn !== turn ? outcome : undefined
}

import { Context } from '@temporalio/activity'
import { Runtime } from '@temporalio/worker'
import { startExchanges } from '../client/exchanges-workflow.ts'
import type { AgentWorkflows } from '../client/agent-workflows.ts'
import { isUnanswered, messageOf } from '../protocol/errors.ts'
import { closedExchanges } from '../recall/closed-exchanges.ts'
import { inTime } from '../recall/in-time.ts'
import type { EmbeddingSpace } from '../stores/embedding-space.ts'
import type { Stores } from '../stores/stores.ts'

/** Milliseconds for which a server that is away is waited for, and attempts of the activity that says what has left. */
const [patienceMs, attempts] = [2_000, 3]

interface Leaving {
  readonly workflows: AgentWorkflows
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  /** Of the worker's embedding model. */
  readonly space: EmbeddingSpace
}

/**
 * Has what leaves a context embedded by a workflow, so that it goes on whichever worker dies; none is started where nothing lacks a vector. Where none can be started, as Temporal refuses it say, no
 * agent is held up for it: what has left is found by its words until the next compaction.
 */
export function leavesBy({ workflows, stores, space }: Leaving): (agentId: string, left: number) => Promise<void> {
  return async (agentId, left) => {
    try {
      if (!(await lacksVectors({ stores, space }, agentId, left))) return
      await startExchanges({ ...workflows, patienceMs }, { agentId, left })
    } catch (error) {
      if (isUnanswered(error) && Context.current().info.attempt < attempts) throw error
      Runtime.instance().logger.warn("nothing was started that embeds what has left an agent's context: it is found by its words until the next compaction, or `perdure reindex`", { agentId, reason: messageOf(error) })
    }
  }
}

/** Whether an exchange has no vector of this model. Where the stores do not tell soon, one may lack it. */
async function lacksVectors({ stores, space }: Omit<Leaving, 'workflows'>, agentId: string, left: number): Promise<boolean> {
  const looked = async (): Promise<boolean> => {
    const after = await stores.archival.exchanges.latest(agentId, space)
    for await (const exchange of closedExchanges(stores.memory.messages, agentId, { after, left })) return exchange.texts.length > 0
    return false
  }
  return (await inTime(looked, { withinMs: patienceMs })) ?? true
}

import { Context } from '@temporalio/activity'
import { Runtime } from '@temporalio/worker'
import { startExchanges } from '../client/exchanges-workflow.ts'
import type { AgentWorkflows } from '../client/agent-workflows.ts'
import { isUnanswered, messageOf } from '../protocol/errors.ts'

/** Milliseconds for which a server that is away is waited for, and attempts of the activity that says what has left. */
const [patienceMs, attempts] = [2_000, 3]

/**
 * Has what leaves a context embedded by a workflow, so that it goes on whichever worker dies. Where none can be started, as Temporal refuses it say, no
 * agent is held up for it: what has left is found by its words until the next compaction.
 */
export function leavesBy(workflows: AgentWorkflows): (agentId: string, left: number) => Promise<void> {
  return async (agentId, left) => {
    try {
      await startExchanges({ ...workflows, patienceMs }, { agentId, left })
    } catch (error) {
      if (isUnanswered(error) && Context.current().info.attempt < attempts) throw error
      Runtime.instance().logger.warn("nothing was started that embeds what has left an agent's context: it is found by its words until the next compaction, or `perdure reindex`", { agentId, reason: messageOf(error) })
    }
  }
}

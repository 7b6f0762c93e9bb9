import { exchangesWorkflowIdOf, exchangesWorkflowType, leftSignal, type ExchangesToEmbed } from '../protocol/exchanges.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { patiently } from './patiently.ts'
import { shownOfHelper } from './shown-of-helper.ts'

/** Starts the workflow that has an agent's exchanges embedded, or tells the one that runs that more has left the context. */
export async function startExchanges(workflows: AgentWorkflows, given: ExchangesToEmbed): Promise<void> {
  const { agentId, left } = given
  const call = () =>
    workflows.temporal.workflow.signalWithStart(exchangesWorkflowType, {
      workflowId: exchangesWorkflowIdOf(agentId),
      taskQueue: workflows.taskQueue,
      args: [given] as [ExchangesToEmbed],
      signal: leftSignal,
      signalArgs: [left] as [number],
      ...shownOfHelper(agentId, 'vectors of what has left the context of'),
    })
  await patiently(workflows, { agentId, call })
}

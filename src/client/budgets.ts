import type { BudgetAnswer } from '../protocol/budget.ts'
import type { MemoryStore } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { costReport, type CostReport } from './cost-report.ts'
import { definitionMethods, type ChangeOptions } from './definitions.ts'

/** A limit that is not given stays as it is; null removes a limit. Dollars are US dollars, kept to a millionth. */
export interface BudgetChange {
  readonly turn?: { readonly steps?: number; readonly tokens?: number; readonly dollars?: number | null; readonly malformedSteps?: number; readonly identicalSteps?: number }
  readonly agent?: { readonly tokens?: number | null; readonly dollars?: number | null }
}

export interface BudgetMethods {
  /**
   * Changes budgets of a turn, and of the agent's life, from its next step on: an `update` of the definition's fields `budget` and
   * `agentBudget`, and a version of it. An agent that its budget had parked goes on if the new one allows it (`resumed`). Safe to repeat.
   * @throws PerdureError `invalid-argument`
   */
  setBudget(agentId: string, change: BudgetChange, options?: ChangeOptions): Promise<BudgetAnswer>
  /**
   * Tokens, latency of the model and cost of an agent's steps, summaries and asides, by turn and by model, from the stores: needs no worker, and
   * answers for archived agents too. Calls that were paid for and whose answer was never stored are not in it.
   * @param options.turns the latest turns that are listed; default 20. The totals are of all.
   */
  cost(agentId: string, options?: { readonly turns?: number }): Promise<CostReport>
}

export function budgetMethods(workflows: AgentWorkflows, memory: MemoryStore, names: AgentNames): BudgetMethods {
  const definitions = definitionMethods(workflows, memory, names)
  return {
    setBudget: async (agentId, { turn, agent, ...rest }, options = {}) => {
      const { resumed } = await definitions.update(agentId, { ...rest, ...(turn && { budget: turn }), ...(agent && { agentBudget: agent }) }, options)
      // Asked again under the same id, it tells what is in force now.
      const { budget, agentBudget } = (await names.known(agentId)).definition
      return { budget, ...(agentBudget && { agentBudget }), resumed }
    },
    cost: async (agentId, options) => costReport(memory, await names.known(agentId), options),
  }
}

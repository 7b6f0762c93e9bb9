import { randomUUID } from 'node:crypto'
import { assertBudgetRequest, type BudgetAnswer, type BudgetRequest } from '../protocol/budget.ts'
import { microsOf } from '../protocol/cost.ts'
import { handlerNames } from '../protocol/handlers.ts'
import { opOf } from '../protocol/ids.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import type { DefinitionVersion } from '../stores/definitions.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { writeDefinition } from '../stores/write-definition.ts'
import type { AgentNames } from './agent-names.ts'
import type { CommandOptions } from './commands.ts'
import { costReport, type CostReport } from './cost-report.ts'
import { update } from './temporal-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

/** A limit that is not given stays as it is; null removes a limit. Dollars are US dollars, kept to a millionth. */
export interface BudgetChange {
  readonly turn?: { readonly steps?: number; readonly tokens?: number; readonly dollars?: number | null; readonly malformedSteps?: number; readonly identicalSteps?: number }
  readonly agent?: { readonly tokens?: number | null; readonly dollars?: number | null }
}

export interface BudgetMethods {
  /**
   * Changes budgets of a turn, and of the agent's life, from its next step on. An agent that its budget had parked goes on if the new one
   * allows it (`resumed`). Safe to repeat. A workflow that is started anew from the stores knows the change too, unless the process dies
   * between the agent's answer and the write to its record.
   * @throws PerdureError `invalid-argument`
   */
  setBudget(agentId: string, change: BudgetChange, options?: CommandOptions): Promise<BudgetAnswer>
  /**
   * Tokens, latency of the model and cost of an agent's steps and summaries, by turn and by model, from the stores: needs no worker, and
   * answers for archived agents too. Calls that were paid for and whose answer was never stored are not in it.
   * @param options.turns the latest turns that are listed; default 20. The totals are of all.
   */
  cost(agentId: string, options?: { readonly turns?: number }): Promise<CostReport>
}

export function budgetMethods(workflows: AgentWorkflows, memory: MemoryStore, { agentOf, known }: AgentNames): BudgetMethods {
  return {
    setBudget: async (agentId, change, { commandId = randomUUID() } = {}) => {
      const agent = await agentOf(agentId)
      const request = { ...budgetRequest(change), commandId }
      assertBudgetRequest(request)
      // Not by the command's id alone: asked again, the agent is to tell what is in force now.
      const { resumed, ...budgets } = await update<BudgetAnswer>(workflows, agent, { name: handlerNames.budget, id: `${commandId}/${randomUUID()}`, input: request })
      const edit = ({ definition }: DefinitionVersion): AgentDefinition => {
        const changed = { ...definition, ...budgets }
        if (budgets.agentBudget === undefined) delete changed.agentBudget
        return changed
      }
      await writeDefinition({ memory, agent, op: opOf.command(agent.key, commandId), author: 'person', turn: 0, at: new Date().toISOString(), edit })
      return { ...budgets, resumed }
    },
    cost: async (agentId, options) => costReport(memory, await known(agentId), options),
  }
}

function budgetRequest({ turn, agent }: BudgetChange): BudgetRequest {
  return { ...(turn && { turn: inMicros(turn) }), ...(agent && { agent: inMicros(agent) }) }
}

function inMicros<Part extends { readonly dollars?: number | null }>({ dollars, ...rest }: Part) {
  return dollars === undefined ? rest : { ...rest, costMicros: dollars === null ? null : microsOf(dollars) }
}

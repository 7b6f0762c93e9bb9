import { dollarsText } from './cost.ts'
import type { NamedRequest } from './commands.ts'
import type { AgentBudget, TurnBudget } from './definition.ts'
import { withoutUndefined } from './without-undefined.ts'

/** The argument of the update `budget`, in histories of earlier versions. A limit that is not given keeps its value; null removes a limit. */
export interface BudgetRequest extends NamedRequest {
  readonly turn?: Partial<Omit<TurnBudget, 'costMicros'>> & { readonly costMicros?: number | null }
  readonly agent?: { readonly [Limit in keyof AgentBudget]?: number | null }
}

export interface Budgets {
  readonly budget: TurnBudget
  readonly agentBudget?: AgentBudget
}

/** The budgets in force afterwards; `resumed`: the agent was parked by its budget, and goes on. */
export interface BudgetAnswer extends Budgets {
  readonly resumed: boolean
}

export function budgetsAfter({ budget, agentBudget }: Budgets, { turn = {}, agent = {} }: BudgetRequest): Budgets {
  const life = withoutRemoved({ ...agentBudget, ...withoutUndefined(agent) })
  return { budget: withoutRemoved({ ...budget, ...withoutUndefined(turn) }), ...(Object.keys(life).length > 0 && { agentBudget: life }) }
}

function withoutRemoved<Part extends object>(part: Part): { [Limit in keyof Part]: Exclude<Part[Limit], null> } {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null)) as { [Limit in keyof Part]: Exclude<Part[Limit], null> }
}

/** Why an agent may take no further step; undefined while it may. */
export function overAgentBudget(
  spent: { readonly promptTokens: number; readonly completionTokens: number; readonly costMicros?: number },
  budget: AgentBudget | undefined,
): string | undefined {
  const tokens = spent.promptTokens + spent.completionTokens
  if (budget?.tokens !== undefined && tokens >= budget.tokens) {
    return `the agent has used ${tokens} tokens in its life, its budget is ${budget.tokens}; raise it, then it goes on`
  }
  const { costMicros = 0 } = spent
  if (budget?.costMicros !== undefined && costMicros >= budget.costMicros) {
    return `the agent has cost ${dollarsText(costMicros)} in its life, its budget is ${dollarsText(budget.costMicros)}; raise it, then it goes on`
  }
  return undefined
}

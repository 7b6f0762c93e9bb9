import { dollarsText } from './cost.ts'
import { assertNamedRequest, type NamedRequest } from './commands.ts'
import type { AgentBudget, TurnBudget } from './definition.ts'
import { invalidArgument } from './errors.ts'
import { isRecord } from './is-record.ts'

/** The argument of the update `budget`. A limit that is not given keeps its value; null removes a limit. */
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

const least = { turn: { steps: 1, tokens: 1, malformedSteps: 1, identicalSteps: 2, costMicros: 1 }, agent: { tokens: 1, costMicros: 1 } } as const
const removable = ['turn.costMicros', 'agent.tokens', 'agent.costMicros']

/** @throws PerdureError `invalid-argument` */
export function assertBudgetRequest(request: unknown): asserts request is BudgetRequest {
  assertNamedRequest(request)
  const parts = isRecord(request) ? Object.entries(request).filter(([part]) => part !== 'commandId') : []
  if (parts.length === 0) throw invalidArgument('a budget request is an object with turn, agent or both')
  for (const [part, values] of parts) {
    if (part !== 'turn' && part !== 'agent') throw invalidArgument(`${JSON.stringify(part.slice(0, 40))} has no budget; turn and agent have`)
    if (!isRecord(values)) throw invalidArgument(`${part} is an object of limits`)
    for (const [limit, value] of Object.entries(values)) assertLimit(part, limit, value)
  }
}

function assertLimit(part: 'turn' | 'agent', limit: string, value: unknown): void {
  const known: Readonly<Record<string, number>> = least[part]
  const lowest = Object.hasOwn(known, limit) ? known[limit] : undefined
  if (lowest === undefined) throw invalidArgument(`${part} has no limit ${JSON.stringify(limit.slice(0, 40))}; it has ${Object.keys(known).join(', ')}`)
  if (value === undefined || (value === null && removable.includes(`${part}.${limit}`))) return
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < lowest) throw invalidArgument(`${part}.${limit} is a whole number, at least ${lowest}`)
}

export function budgetsAfter({ budget, agentBudget }: Budgets, { turn, agent }: BudgetRequest): Budgets {
  const life = withoutRemoved({ ...agentBudget, ...stated(agent) })
  return { budget: withoutRemoved({ ...budget, ...stated(turn) }), ...(Object.keys(life).length > 0 && { agentBudget: life }) }
}

const stated = (part: object = {}): object => Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))

function withoutRemoved<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null)) as Part
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

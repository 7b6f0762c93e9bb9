import { InvalidArgumentError, type Command } from 'commander'
import type { BudgetChange } from '../../client/budgets.ts'
import { readConfig } from '../../config/config.ts'
import type { BudgetAnswer } from '../../protocol/budget.ts'
import { dollarsText } from '../../protocol/cost.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { withAgents } from '../with-agents.ts'

/** `none` is no null: of that commander makes an empty text. */
type Limit = number | 'none'

interface BudgetOptions {
  readonly dollars?: Limit
  readonly tokens?: Limit
  readonly turnDollars?: Limit
  readonly turnTokens?: Limit
}

export function addBudgetCommand(program: Command): void {
  program
    .command('budget')
    .argument('<agent>', 'the agent')
    .description('sets what an agent may spend in its life, or in one turn; one that its budget has parked goes on')
    .option('--dollars <amount>', 'US dollars of its whole life, or none', limitOf)
    .option('--tokens <number>', 'tokens of its whole life, or none', limitOf)
    .option('--turn-dollars <amount>', 'US dollars of a turn, or none', limitOf)
    .option('--turn-tokens <number>', 'tokens of a turn', limitOf)
    .action(setBudget)
}

async function setBudget(agentId: string, options: BudgetOptions): Promise<void> {
  const change = changeOf(options)
  const answer = await withAgents(readConfig(process.env), ({ connection }) => connection.client.setBudget(agentId, change))
  process.stdout.write(`${budgetLines(answer).join('\n')}\n`)
}

function changeOf({ dollars, tokens, turnDollars, turnTokens }: BudgetOptions): BudgetChange {
  if (turnTokens === 'none') throw invalidArgument('--turn-tokens is a number: every turn has a budget of tokens')
  const agent = { ...(dollars !== undefined && { dollars: numberOf(dollars) }), ...(tokens !== undefined && { tokens: numberOf(tokens) }) }
  const turn = { ...(turnDollars !== undefined && { dollars: numberOf(turnDollars) }), ...(turnTokens !== undefined && { tokens: turnTokens }) }
  const change = { ...(Object.keys(agent).length > 0 && { agent }), ...(Object.keys(turn).length > 0 && { turn }) }
  if (Object.keys(change).length > 0) return change
  throw invalidArgument('say which budget: --dollars, --tokens, --turn-dollars or --turn-tokens')
}

const numberOf = (limit: Limit): number | null => (limit === 'none' ? null : limit)

function limitOf(value: string): Limit {
  if (value === 'none') return value
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('It is a number, like 5 or 0.25, or none.')
  return Number(value)
}

export function budgetLines({ budget, agentBudget = {}, resumed }: BudgetAnswer): string[] {
  const dollars = (micros: number | undefined): string => (micros === undefined ? 'any cost' : dollarsText(micros))
  const tokens = (count: number | undefined): string => (count === undefined ? 'any number of tokens' : `${count.toLocaleString('en-US')} tokens`)
  return [
    `life   ${dollars(agentBudget.costMicros)}, ${tokens(agentBudget.tokens)}`,
    `turn   ${dollars(budget.costMicros)}, ${tokens(budget.tokens)}, ${budget.steps} steps`,
    ...(resumed ? ['The agent was parked by its budget; it goes on.'] : []),
  ]
}

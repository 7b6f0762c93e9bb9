import { InvalidArgumentError, type Command } from 'commander'
import type { CostLine, CostReport } from '../../client/cost-report.ts'
import { readConfig } from '../../config/config.ts'
import { storedCost } from '../../operations/by-stores-alone.ts'
import { costText } from '../../protocol/cost.ts'
import { columns } from '../output/columns.ts'
import { printable } from '../output/printable.ts'
import { shortTime } from '../output/text.ts'

export function addCostCommand(program: Command): void {
  program
    .command('cost')
    .argument('<agent>', 'the agent, also one that was archived')
    .description('tokens, model latency and cost of an agent, by turn and by model; needs no server but the memory')
    .option('--turns <number>', 'how many of the latest turns are listed', turnsOf, 20)
    .option('--json', 'as JSON, costs in millionths of a US dollar')
    .action(showCost)
}

async function showCost(agentId: string, { turns, json }: { readonly turns: number; readonly json?: true }): Promise<void> {
  const report = await storedCost(readConfig(process.env), agentId, { turns })
  process.stdout.write(`${json === true ? JSON.stringify(report, undefined, 2) : costLines(report).join('\n')}\n`)
}

function turnsOf(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('It is a whole number, like 20.')
  return Number(value)
}

/** The table for a person. */
export function costLines({ turns, summaries, asides, models, total }: CostReport): string[] {
  if (total.steps + total.summaries + total.asides === 0) return ['The agent has taken no step yet.']
  const rows = [
    ['TURN', 'BEGUN', 'END', ...headings],
    ...turns.map(({ turn, at, end = 'running', reason, ...line }) => [String(turn), shortTime(at), reason === undefined ? end : `${end} (${reason})`, ...figures(line)]),
    ...(summaries.summaries === 0 ? [] : [['summaries', '', '', ...figures(summaries)]]),
    ...(asides.asides === 0 ? [] : [['asides', '', '', ...figures(asides)]]),
    ...(models.length > 1 ? models.map(({ model, ...line }) => [printable(model), '', '', ...figures(line)]) : []),
    ['all', '', models.length === 1 ? printable(models[0]?.model ?? '') : '', ...figures(total)],
  ]
  const { unpriced = 0 } = total
  return [...columns(rows), ...(unpriced === 0 ? [] : ['', `The price of ${unpriced} of ${total.steps + total.summaries + total.asides} inferences is not known; PERDURE_PRICES gives it for those to come.`])]
}

const headings = ['STEPS', 'PROMPT', 'CACHED', 'WRITTEN', 'MODEL TIME', 'COST']

function figures(line: CostLine): string[] {
  const { steps, summaries, asides, promptTokens, cachedTokens, completionTokens, latencyMs } = line
  const counts = [steps + summaries + asides, promptTokens, cachedTokens, completionTokens].map((count) => count.toLocaleString('en-US'))
  return [...counts, `${(latencyMs / 1_000).toFixed(1)} s`, costText(line) ?? '-']
}

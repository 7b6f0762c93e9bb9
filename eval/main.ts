/**
 * The evaluations of the MemGPT paper and its followers:
 *
 *   npm run eval                                     all of them, with rules in place of a language model
 *   npm run eval -- nested-kv --questions 5 --runs 1
 *   npm run eval -- locomo --data locomo10.json      the search of recall memory alone: no workflow, and no model but with --ranking meaning or both
 *   OPENAI_API_KEY=… PERDURE_PRICES=gpt-4.1-mini=0.4/0.1/1.6 npm run eval -- --dollars 2
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config/config.ts'
import { progressLine } from '../src/stack/progress.ts'
import { priceOf } from '../src/model/prices.ts'
import { invalidArgument, messageOf, PerdureError } from '../src/protocol/errors.ts'
import { budgetOf } from './harness/budget.ts'
import { writeIntoDocument } from './harness/document.ts'
import type { EvalKind } from './harness/kind.ts'
import { play } from './harness/play.ts'
import { plotOf } from './harness/plot.ts'
import { tablesOf } from './harness/table.ts'
import { kinds, policies } from './kinds/index.ts'
import { readLocomo } from './retrieval/locomo.ts'
import { memories, type MemoryName } from './retrieval/memories.ts'
import { rankings, type RankingName } from './retrieval/rankings.ts'
import { retrievalName, retrievalReport } from './retrieval/report.ts'

interface Options {
  readonly kinds: readonly EvalKind[]
  /** Where the search of recall memory is measured, and on which file; absent: it is not. */
  readonly retrieval: { readonly memory: MemoryName; readonly ranking: RankingName; readonly data: string } | undefined
  readonly runs: number
  readonly seed: number
  readonly most: number | undefined
  readonly out: string
  readonly dollars: number | undefined
  readonly document: string | undefined
}

/** @throws PerdureError `invalid-argument` */
function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      questions: { type: 'string' },
      out: { type: 'string', default: 'eval-results' },
      data: { type: 'string' },
      memory: { type: 'string', default: 'embedded' },
      ranking: { type: 'string', default: 'words' },
      dollars: { type: 'string' },
      document: { type: 'string' },
    },
  })
  const number = (name: string, text: string, least: number): number => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value
    throw invalidArgument(`--${name} is a number of at least ${least}, not ${JSON.stringify(text)}`)
  }
  const whole = (name: string, text: string): number => Math.floor(number(name, text, 1))
  const chosen = positionals.filter((name) => name !== retrievalName).map((name) => {
    const kind = kinds.find((known) => known.name === name)
    if (kind) return kind
    throw invalidArgument(`there is no evaluation ${JSON.stringify(name)}; there are ${[...kinds.map((known) => known.name), retrievalName].join(', ')}`)
  })
  const memory = memories.find((known) => known === values.memory)
  if (memory === undefined) throw invalidArgument(`--memory is ${memories.join(' or ')}, not ${JSON.stringify(values.memory)}`)
  const ranking = rankings.find((known) => known === values.ranking)
  if (ranking === undefined) throw invalidArgument(`--ranking is ${rankings.join(' or ')}, not ${JSON.stringify(values.ranking)}`)
  const { data } = values
  if (data === undefined && positionals.includes(retrievalName)) {
    throw invalidArgument(`${retrievalName} needs --data FILE: the path of locomo10.json, which its authors publish`)
  }
  const all = positionals.length === 0
  return {
    kinds: all ? kinds : chosen,
    retrieval: data !== undefined && (all || positionals.includes(retrievalName)) ? { memory, ranking, data } : undefined,
    runs: whole('runs', values.runs),
    seed: whole('seed', values.seed),
    most: values.questions === undefined ? undefined : whole('questions', values.questions),
    out: resolve(values.out),
    dollars: values.dollars === undefined ? undefined : number('dollars', values.dollars, 0),
    document: values.document,
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  const config = readConfig(process.env)
  const { model, prices } = config
  const rules = model.kind === 'simulated'
  if (options.dollars !== undefined && priceOf(prices, model.name) === undefined) {
    throw invalidArgument(`--dollars needs the price of ${model.name}: set PERDURE_PRICES, like ${model.name}=2/0.5/8, dollars for a million tokens of input, of cached input and of output`)
  }
  const budget = budgetOf(options.dollars)
  // What is wrong with a file is said before anything is started.
  const conversations = options.retrieval && (await readLocomo(options.retrieval.data))
  const progress = progressLine(process.stderr)
  await mkdir(options.out, { recursive: true })
  const reports: string[] = []
  const report = (text: string): void => {
    reports.push(text)
    console.log(`${text}\n`)
  }
  if (options.kinds.length > 0) {
    // Temporal's SDK and the stores, which wrong arguments need not wait for.
    const { openArena } = await import('./harness/arena.ts')
    const arena = await openArena({ model, prices, policies })
    try {
      for (const kind of options.kinds) {
        const file = join(options.out, `${kind.name}.jsonl`)
        await writeFile(file, '')
        const systems = kind.systems({ model: rules ? 'rules' : 'endpoint' })
        const { runs, seed, most } = options
        const rows = await play({ kind, systems, arena, runs, seed, most, budget, file, onProgress: progress.update })
        progress.done()
        if (rows.length === 0) continue
        await writeFile(join(options.out, `${kind.name}.svg`), plotOf(kind, rows))
        const tables = tablesOf(kind, rows, { simulated: rules })
        report(tables)
        if (options.document !== undefined) await writeIntoDocument(options.document, kind, tables, plotOf(kind, rows))
      }
    } finally {
      progress.done()
      await arena.close()
    }
  }
  if (options.retrieval !== undefined && conversations !== undefined) {
    const { measureRetrieval } = await import('./retrieval/measure.ts')
    const { openModel } = await import('../src/worker/open-model.ts')
    const { memory, ranking } = options.retrieval
    const { embedder, close } = await openModel(config)
    const measured = await measureRetrieval({ conversations, memory, ranking, embedder, most: options.most, onProgress: progress.update }).finally(async () => {
      progress.done()
      await close()
    })
    await writeFile(join(options.out, `${retrievalName}.jsonl`), measured.rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    report(retrievalReport(measured))
  }
  await writeFile(join(options.out, 'report.md'), `${reports.join('\n\n')}\n`)
  if (budget.isUsedUp()) console.log(`Stopped: the budget of $${options.dollars} is used up ($${budget.spent.toFixed(4)}); the tables hold what was answered till then.`)
  console.log(`Answers, tables and plots: ${options.out}`)
}

main().catch((error: unknown) => {
  console.error(PerdureError.isInstance(error) ? `${error.code}: ${error.message}` : messageOf(error))
  process.exitCode = PerdureError.isInstance(error) && error.code !== 'server-unavailable' ? 2 : 1
})

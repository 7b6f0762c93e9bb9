/**
 * The evaluations of the MemGPT paper and its followers:
 *
 *   npm run eval                                     all of them, with rules in place of a language model
 *   npm run eval -- nested-kv --questions 5 --runs 1
 *   npm run eval -- locomo --data locomo10.json      the search of recall memory alone: no workflow, and no model but with --ranking meaning or both
 *   npm run eval -- locomo --data locomo10.json --conversations 5     of its first five conversations
 *   OPENAI_API_KEY=… PERDURE_PRICES=gpt-4.1-mini=0.4/0.1/1.6 npm run eval -- --dollars 2
 *
 * Options: --runs 3, --seed 1, --questions N, --out eval-results, --dollars D, --document FILE; of locomo --data FILE, --conversations N,
 * --memory embedded | servers, --ranking words | meaning | both. docs/evaluation.md says what each does.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readArguments } from '../bench/begin/begin.ts'
import { haveOwnFolder } from '../bench/begin/own-folder.ts'
import { readConfig } from '../src/config/config.ts'
import { progressLine } from '../src/stack/progress.ts'
import { priceOf } from '../src/model/prices.ts'
import { invalidArgument, messageOf, PerdureError } from '../src/protocol/errors.ts'
import { budgetOf } from './harness/budget.ts'
import { writeIntoDocument } from './harness/document.ts'
import { play } from './harness/play.ts'
import { plotOf } from './harness/plot.ts'
import { tablesOf } from './harness/table.ts'
import { policies } from './kinds/index.ts'
import { conversationsOf, evalOptions, taken, takenNames } from './options.ts'
import { retrievalName, retrievalReport } from './retrieval/report.ts'

async function main(): Promise<void> {
  const options = evalOptions(readArguments(import.meta.url, taken, takenNames))
  const config = readConfig(process.env)
  const { model, prices } = config
  const rules = model.kind === 'simulated'
  if (options.dollars !== undefined && priceOf(prices, model.name) === undefined) {
    throw invalidArgument(`--dollars needs the price of ${model.name}: set PERDURE_PRICES, like ${model.name}=2/0.5/8, dollars for a million tokens of input, of cached input and of output`)
  }
  const budget = budgetOf(options.dollars)
  // What is wrong with a file is said before anything is started.
  const conversations = options.retrieval && (await conversationsOf(options.retrieval))
  haveOwnFolder()
  const progress = progressLine(process.stderr)
  await mkdir(options.out, { recursive: true })
  const reports: string[] = []
  const unanswered: string[] = []
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
        if (rows.every(({ failure }) => failure !== undefined)) unanswered.push(kind.name)
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
    const { memory, rankings: searchedBy } = options.retrieval
    const { embedder, close } = await openModel(config)
    const measured = await measureRetrieval({ conversations, memory, rankings: searchedBy, embedder, most: options.most, onProgress: progress.update }).finally(async () => {
      progress.done()
      await close()
    })
    await writeFile(join(options.out, `${retrievalName}.jsonl`), measured.rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    report(retrievalReport(measured))
  }
  await writeFile(join(options.out, 'report.md'), `${reports.join('\n\n')}\n`)
  if (budget.isUsedUp()) console.log(`Stopped: the budget of $${options.dollars} is used up ($${budget.spent.toFixed(4)}); the tables hold what was answered till then.`)
  console.log(`Answers, tables and plots: ${options.out}`)
  if (unanswered.length > 0) throw new Error(`${unanswered.join(', ')}: every answer failed; the tables say why`)
}

main().catch((error: unknown) => {
  console.error(PerdureError.isInstance(error) ? `${error.code}: ${error.message}` : messageOf(error))
  process.exitCode = PerdureError.isInstance(error) && error.code !== 'server-unavailable' ? 2 : 1
})

/**
 * What loading documents costs: passages per second, memory of the worker's process as a ratio to what it had before, and events of
 * Temporal for 1,000 passages; of large documents, and of small files such as a folder of source code. Embeddings are simulated. And by how
 * much the event loop of the worker's process was late at most, which is the process of the client and of the benchmark too.
 *
 *   npm run bench:documents -- [--stores servers] [--passages 100000]
 *   npm run bench:documents -- --only pdf      a PDF of 1,500 pages
 *   npm run bench:documents -- --only csv      a CSV file of 64 MB (some 60,000 passages)
 *   npm run bench:documents -- --only folder   10,000 files
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { documentsWorkflowIdOf } from '../src/protocol/documents.ts'
import type { DocumentFile } from '../src/client/documents.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { pdfOf } from '../test/documents/made-files.ts'
import { limits } from '../src/protocol/limits.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { startBench, type Bench } from './bench-agents.ts'
import { instantModel } from './instant-model.ts'
import { startStoreServers } from './store-sets.ts'
import { historyEvents } from './turn-cost.ts'

const { values } = parseArgs({ options: { stores: { type: 'string', default: 'embedded' }, passages: { type: 'string' }, only: { type: 'string' } } })
const sizes = values.only !== undefined ? [] : values.passages === undefined ? [1_000, 10_000] : [Number(values.passages)]
/** Characters of a passage of a file of ours: what the splitter aims at. */
const passageCharacters = 1_150
const passagesOfSmall = 4
/** A file of twelve megabytes. */
const passagesOfLarge = 10_000

const server = await startTemporal()
const servers = values.stores === 'servers' ? await startStoreServers() : undefined
if (servers !== undefined && isUnavailable(servers)) throw new Error(servers.unavailable)
console.log(`Temporal: ${server.source}; stores: ${servers?.describe ?? 'embedded'}`)
const bench = await startBench({ server, model: instantModel(), ...(servers && { stores: await servers.open() }) })
try {
  await load(bench, { agentId: `${bench.agentId}-warm`, files: [{ name: 'warm.txt', bytes: textOf(0, 500) }] })
  const before = residentMemory()
  console.log('\n| documents | passages | seconds | passages per second | resident memory, highest / before | after / before | events per 1,000 passages | event loop late by at most, ms |\n|---|--:|--:|--:|--:|--:|--:|--:|')
  const given = await only(values.only)
  if (given !== undefined) await row(bench, { what: values.only ?? '', agentId: `${bench.agentId}-only`, files: given, before })
  for (const size of sizes) {
    const large = Math.ceil(size / passagesOfLarge)
    await row(bench, { what: `${large} large`, agentId: `${bench.agentId}-large-${size}`, files: eachLarge(large, size / large), before })
    const small = Array.from({ length: Math.ceil(size / passagesOfSmall) }, (_, index) => index)
    await row(bench, { what: `${small.length} small`, agentId: `${bench.agentId}-small-${size}`, files: eachSmall(small), before })
  }
} finally {
  await bench.close()
  await servers?.stop()
  await server.stop()
}

/** One of the loads that are large in another way. */
async function only(what: string | undefined): Promise<Iterable<DocumentFile> | undefined> {
  if (what === undefined) return undefined
  if (what === 'folder') return eachSmall(Array.from({ length: 10_000 }, (_, index) => index))
  if (what === 'pdf') return [{ name: 'large.pdf', bytes: await pdfOf(1_500, (page) => `The reading of gauge ${page} was written down at dawn and at dusk. `.repeat(40)) }]
  if (what !== 'csv') throw new Error(`--only takes pdf, csv or folder, not ${what}`)
  const line = (number: number): string => `${number},gauge ${number % 97},"${((number * 104_729) % 1_000_003).toString(36)}, at dusk",${number % 13}\n`
  const lines = Array.from({ length: Math.floor(limits.documentBytes / 45) }, (_, number) => line(number))
  return [{ name: 'large.csv', bytes: Buffer.from(`number,name,reading,level\n${lines.join('')}`).subarray(0, limits.documentBytes) }]
}

interface Row {
  readonly what: string
  readonly agentId: string
  readonly files: Iterable<DocumentFile>
  readonly before: number
}

async function row(on: Bench, { what, agentId, files, before }: Row): Promise<void> {
  let highest = residentMemory()
  const watching = setInterval(() => (highest = Math.max(highest, residentMemory())), 100)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const begin = performance.now()
  const passages = await load(on, { agentId, files })
  delay.disable()
  const seconds = (performance.now() - begin) / 1_000
  clearInterval(watching)
  globalThis.gc?.()
  const events = await eventsOf(on, agentId)
  const cells = [what, passages, seconds.toFixed(1), Math.round(passages / seconds), (highest / before).toFixed(2), (residentMemory() / before).toFixed(2), Math.round((1_000 * events) / passages), Math.round(delay.max / 1e6)]
  console.log(`| ${cells.join(' | ')} |`)
}

async function load({ client }: Bench, { agentId, files }: { readonly agentId: string; readonly files: Iterable<DocumentFile> }): Promise<number> {
  await client.create({ id: agentId, model: 'scripted', contextWindow: 8_000 })
  const { passages, failed } = await client.loadDocuments(agentId, files)
  if (failed.length > 0) throw new Error(`${failed.length} documents failed: ${failed[0]?.detail ?? ''}`)
  return passages
}

/** Of all its runs: it continues as new. */
async function eventsOf({ temporal }: Bench, agentId: string): Promise<number> {
  const id = documentsWorkflowIdOf(agentId)
  let events = 0
  for (let runId: string | undefined = (await temporal.workflow.getHandle(id).describe()).runId; runId !== undefined; ) {
    const history = await historyEvents(temporal, id, runId)
    events += history.length
    runId = history[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined
  }
  return events
}

function* eachLarge(count: number, passages: number): Generator<DocumentFile> {
  for (let number = 1; number <= count; number += 1) yield { name: `large-${number}.txt`, bytes: textOf(-number, passages) }
}

function* eachSmall(numbers: readonly number[]): Generator<DocumentFile> {
  for (const number of numbers) yield { name: `small-${String(number).padStart(6, '0')}.txt`, bytes: textOf(number + 2, passagesOfSmall) }
}

/** Lines of words that differ from text to text, as many as fill this many passages. */
function textOf(seed: number, passages: number): Uint8Array {
  const line = (number: number): string => `Line ${seed} ${number}: ${((seed * 7_919 + number * 104_729) % 1_000_003).toString(36)} was read at the gauge of the old harbour, and written down.`
  const lines = Math.ceil((passages * passageCharacters) / (line(100).length + 1))
  return Buffer.from(Array.from({ length: lines }, (_, number) => line(number)).join('\n'))
}

function residentMemory(): number {
  return process.memoryUsage().rss
}

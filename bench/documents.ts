/**
 * What loading documents costs: passages per second, memory of the worker's process as a ratio to what it had before, and events of
 * Temporal for 1,000 passages; of large documents, and of small files such as a folder of source code. Embeddings are simulated.
 *
 *   npm run bench:documents -- [--stores servers] [--passages 100000]
 */
import { parseArgs } from 'node:util'
import { documentsWorkflowIdOf } from '../src/protocol/documents.ts'
import type { DocumentFile } from '../src/client/documents.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { startBench, type Bench } from './bench-agents.ts'
import { instantModel } from './instant-model.ts'
import { startStoreServers } from './store-sets.ts'
import { historyEvents } from './turn-cost.ts'

const { values } = parseArgs({ options: { stores: { type: 'string', default: 'embedded' }, passages: { type: 'string' } } })
const sizes = values.passages === undefined ? [1_000, 10_000] : [Number(values.passages)]
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
  console.log('\n| documents | passages | seconds | passages per second | resident memory, highest / before | after / before | events per 1,000 passages |\n|---|--:|--:|--:|--:|--:|--:|')
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

interface Row {
  readonly what: string
  readonly agentId: string
  readonly files: Iterable<DocumentFile>
  readonly before: number
}

async function row(on: Bench, { what, agentId, files, before }: Row): Promise<void> {
  let highest = residentMemory()
  const watching = setInterval(() => (highest = Math.max(highest, residentMemory())), 100)
  const begin = performance.now()
  const passages = await load(on, { agentId, files })
  const seconds = (performance.now() - begin) / 1_000
  clearInterval(watching)
  globalThis.gc?.()
  const events = await eventsOf(on, agentId)
  const cells = [what, passages, seconds.toFixed(1), Math.round(passages / seconds), (highest / before).toFixed(2), (residentMemory() / before).toFixed(2), Math.round((1_000 * events) / passages)]
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

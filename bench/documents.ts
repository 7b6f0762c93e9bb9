/**
 * What loading documents costs: passages per second, memory of the worker's process as a ratio to what it had before, and events of
 * Temporal for 1,000 passages; of large documents, of small files such as a folder of source code, of a PDF of 1,500 pages, a CSV file of
 * 64 MB and a folder of 10,000 files. Embeddings are simulated. And by how much the event loop of the worker's process was late at most, which
 * is the process of the client and of the benchmark too; for how long it was held by what it computed, and in all, without what others
 * had of its core; and by how much a thread was late that does nothing, which is the machine's part of it.
 *
 *   npm run bench:documents -- [--stores servers] [--passages 100000] [--only pdf] [--scale 0.1]
 */
import { setImmediate as afterOthers } from 'node:timers/promises'
import { documentsWorkflowIdOf } from '../src/protocol/documents.ts'
import type { DocumentFile } from '../src/client/documents.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { pdfOf } from '../test/documents/made-files.ts'
import { limits } from '../src/protocol/limits.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { beginBench } from './begin/begin.ts'
import { aboveZero, oneOf, whole } from './begin/options.ts'
import { startBench, type Bench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { instantModel } from './instant-model.ts'
import { measureLateness, type Lateness } from './lateness.ts'
import { startStoreServers } from './store-sets.ts'
import { historyEvents } from './turn-cost.ts'

const { stores, passages: passagesAlone, only, scale } = beginBench(import.meta.url, { stores: oneOf(['embedded', 'servers'], 'embedded'), passages: whole(undefined), only: oneOf(['pdf', 'csv', 'folder'], undefined), scale: aboveZero(1) })
/** Characters of a passage of a file of ours: what the splitter aims at. */
const passageCharacters = 1_150
const passagesOfSmall = 4
const passagesOfSlice = 100
/** A file of twelve megabytes. */
const passagesOfLarge = 10_000
let longestHeld = 0

const server = await startTemporal()
const servers = stores === 'servers' ? await startStoreServers() : undefined
if (servers !== undefined && isUnavailable(servers)) throw new Error(servers.unavailable)
console.log(`Temporal: ${server.source}; stores: ${servers?.describe ?? 'embedded'}`)
const bench = await startBench({ server, model: instantModel(), ...(servers && { stores: await servers.open() }) })
try {
  await load(bench, { agentId: `${bench.agentId}-warm`, files: [{ name: 'warm.txt', bytes: textOf(0, 500) }] })
  const before = residentMemory()
  console.log('\n| documents | passages | seconds | passages per second | resident memory, highest / before | after / before | events per 1,000 passages | event loop late by at most, ms | held by computing, ms | held in all, ms | an idle one late, ms |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|')
  for (const { what, agent, files } of chosen()) await row(bench, { what, agentId: `${bench.agentId}-${agent}`, files: await files(), before })
} finally {
  await bench.close()
  await servers?.stop()
  await server.stop()
}

type Files = Iterable<DocumentFile> | AsyncIterable<DocumentFile>

interface Load {
  readonly what: string
  readonly agent: string
  readonly files: () => Files | Promise<Files>
}

function chosen(): readonly Load[] {
  if (passagesAlone !== undefined) return ofSize(passagesAlone)
  const special = { pdf: pdfLoad(scaled(1_500)), csv: csvLoad(scaled(limits.documentBytes)), folder: folderLoad(scaled(10_000)) }
  return only === undefined ? [...ofSize(scaled(1_000)), ...ofSize(scaled(10_000)), ...Object.values(special)] : [special[only]]
}

function scaled(size: number): number {
  return Math.ceil(size * scale)
}

function ofSize(size: number): readonly Load[] {
  const large = Math.ceil(size / passagesOfLarge)
  const small = Math.ceil(size / passagesOfSmall)
  return [
    { what: `${large} large`, agent: `large-${size}`, files: () => eachLarge(large, size / large) },
    { what: `${small} small`, agent: `small-${size}`, files: () => eachSmall(small) },
  ]
}

function folderLoad(files: number): Load {
  return { what: `a folder of ${files} files`, agent: 'folder', files: () => eachSmall(files) }
}

function pdfLoad(pages: number): Load {
  const text = (page: number): string => `The reading of gauge ${page} was written down at dawn and at dusk. `.repeat(40)
  return { what: `a PDF of ${pages} pages`, agent: 'pdf', files: async () => [{ name: 'large.pdf', bytes: await pdfOf(pages, text) }] }
}

function csvLoad(bytes: number): Load {
  const line = (number: number): string => `${number},gauge ${number % 97},"${((number * 104_729) % 1_000_003).toString(36)}, at dusk",${number % 13}\n`
  const file = (): DocumentFile => {
    const content = Buffer.alloc(bytes)
    let at = content.write('number,name,reading,level\n')
    for (let number = 0; at < bytes; number += 1) at += content.write(line(number), at)
    return { name: 'large.csv', bytes: content }
  }
  return { what: `a CSV file of ${Math.round(bytes / 1024 / 1024)} MB`, agent: 'csv', files: () => [file()] }
}

interface Row {
  readonly what: string
  readonly agentId: string
  readonly files: Files
  readonly before: number
}

async function row(on: Bench, { what, agentId, files, before }: Row): Promise<void> {
  let highest = residentMemory()
  const watching = setInterval(() => (highest = Math.max(highest, residentMemory())), 100)
  const lateness = await measureLateness()
  const begin = performance.now()
  const passages = await load(on, { agentId, files })
  const seconds = (performance.now() - begin) / 1_000
  const late = await lateness()
  clearInterval(watching)
  globalThis.gc?.()
  const events = await eventsOf(on, agentId)
  const cells = [what, passages, seconds.toFixed(1), Math.round(passages / seconds), (highest / before).toFixed(2), (residentMemory() / before).toFixed(2), Math.round((1_000 * events) / passages), Math.round(late.own), ...heldCells(late), Math.round(late.idle)]
  longestHeld = Math.max(longestHeld, late.held?.computing ?? 0)
  if (late.held !== undefined) figure('documents.held', longestHeld)
  console.log(`| ${cells.join(' | ')} |`)
}

function heldCells({ held }: Lateness): readonly (number | string)[] {
  return held === undefined ? ['?', '?'] : [Math.round(held.computing), Math.round(held.inAll)]
}

async function load({ client }: Bench, { agentId, files }: { readonly agentId: string; readonly files: Files }): Promise<number> {
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

/** Made in slices: what is measured meanwhile is the loading, not the making. */
async function* eachLarge(count: number, passages: number): AsyncGenerator<DocumentFile> {
  for (let number = 1; number <= count; number += 1) {
    const slices: Uint8Array[] = []
    for (let slice = 0; slice * passagesOfSlice < passages; slice += 1) {
      slices.push(textOf(-number * 1_000 - slice, Math.min(passagesOfSlice, passages - slice * passagesOfSlice)), Buffer.from('\n'))
      await afterOthers()
    }
    yield { name: `large-${number}.txt`, bytes: Buffer.concat(slices) }
  }
}

function* eachSmall(count: number): Generator<DocumentFile> {
  for (let number = 0; number < count; number += 1) yield { name: `small-${String(number).padStart(6, '0')}.txt`, bytes: textOf(number + 2, passagesOfSmall) }
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

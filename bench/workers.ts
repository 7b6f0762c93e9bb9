/**
 * What several worker processes make of many agents: messages a second with one worker, with two, with four; and which of the parts takes how much CPU for
 * a message, so that it shows what stops the growth. On the Temporal server of TEMPORAL_ADDRESS, else on one of its own.
 *
 *   npm run bench:workers -- [--workers 1,2,4] [--agents 50] [--messages 20] [--think 0] [--stores servers | embedded]
 *   npm run bench:workers -- --count "Temporal=temporal-server" --count "PostgreSQL=postgres"
 *                       also counts processes that others have started, by what stands in their command lines
 */
import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { connectTemporal } from '../src/client/connect-temporal.ts'
import { createClient, type PerdureClient } from '../src/client/client.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { beginBench } from './begin/begin.ts'
import { listOf, numberFrom, oneOf, repeated, whole } from './begin/options.ts'
import { workflowCode } from './bench-agents.ts'
import { measuredWith } from './figures.ts'
import { processesOf, processorMs } from './processor-time.ts'
import { quantilesOf, timed } from './quantiles.ts'
import { openPlace, startStoreServers, type StoresPlace } from './store-sets.ts'
import type { WorkerProcess } from './worker-process.ts'

const options = beginBench(import.meta.url, {
  workers: listOf(whole(1), [1, 2, 4]),
  agents: whole(50),
  messages: whole(20),
  think: numberFrom(0, 0),
  stores: oneOf(['servers', 'embedded'], 'servers'),
  count: repeated('NAME=TEXT, the name of a part and what stands in the command lines of its processes'),
})
const { agents, messages, think: thinkMs } = options
/** Messages of which each is sent when the one before it has its answer, and nothing else happens. */
const single = 20

interface Part {
  readonly name: string
  readonly pids: () => readonly number[]
}

/** Worker processes. */
const running = new Set<number>()
const folder = await mkdtemp(join(tmpdir(), 'perdure-workers-'))
const codeFile = join(folder, 'workflows.js')
await writeFile(codeFile, (await workflowCode()).code)
const server = await startTemporal(process.env['TEMPORAL_ADDRESS'] === undefined ? { dbFile: join(folder, 'temporal.db') } : {})
const storeServers = options.stores === 'servers' ? await startStoreServers() : undefined
const connection = await connectTemporal({ address: server.address })
const temporal = new Client({ connection, namespace: server.namespace })
const version = `Temporal ${(await temporal.workflowService.getSystemInfo({})).serverVersion}`
measuredWith(version)
const place = placeOfStores()
console.log(`${version}; ${place.told}; ${agents} agents with ${messages} messages each, one after the other; the model takes ${thinkMs} ms`)
const others: readonly Part[] = [
  ...(server.pid === undefined ? [] : [{ name: 'Temporal', pids: () => [server.pid ?? 0] }]),
  ...options.count.map((given) => {
    const [name = given, text = given] = given.split('=')
    // What the workers are told stands in their command lines, such as the stores' addresses.
    return { name, pids: () => processesOf(text).filter((pid) => !running.has(pid)) }
  }),
]

console.log(`\n| workers | one message alone, p50 ms | messages a second | p50 ms | p95 ms | cores in use, of ${availableParallelism()} | CPU of a message, ms: ${[...others.map(({ name }) => name), 'workers', 'client'].join(' | ')} | busiest worker, cores |`)
console.log(`|${'--:|'.repeat(others.length + 9)}`)
try {
  for (const workers of options.workers) await print(workers)
} finally {
  await connection.close()
  if (storeServers !== undefined && !isUnavailable(storeServers)) await storeServers.stop()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

function placeOfStores(): { readonly told: string; make(name: string): StoresPlace } {
  if (storeServers === undefined) return { told: 'embedded stores', make: (name) => ({ kind: 'embedded', file: join(folder, `${name}.db`) }) }
  if (isUnavailable(storeServers)) throw new Error(`MongoDB and Qdrant: ${storeServers.unavailable}; --stores embedded needs neither`)
  return { told: storeServers.describe, make: () => ({ kind: 'servers', ...storeServers.settings() }) }
}

async function print(workers: number): Promise<void> {
  const taskQueue = `bench-${randomUUID()}`
  const stores = place.make(taskQueue)
  const started = await Promise.all(Array.from({ length: workers }, () => startWorker({ address: server.address, namespace: server.namespace, taskQueue, stores, thinkMs, code: codeFile })))
  const opened = await openPlace(stores)
  try {
    const client = createClient({ temporal, taskQueue, stores: opened })
    const ids = Array.from({ length: agents }, (_, index) => `${taskQueue.slice(0, 14)}-${index}`)
    await Promise.all(ids.map((id) => client.create({ id, model: 'instant', contextWindow: 32_000 })))
    await Promise.all(ids.map((id) => client.send(id, 'The first message.')))
    const alone = quantilesOf(await aloneTimes(client, ids[0] ?? ''))
    const parts: readonly Part[] = [...others, { name: 'workers', pids: () => started.map(({ pid }) => pid ?? 0) }, { name: 'client', pids: () => [process.pid] }]
    const taken = (): readonly number[] => parts.map(({ pids }) => pids().reduce((sum, pid) => sum + processorMs(pid), 0))
    const ofWorkers = (): readonly number[] => started.map(({ pid }) => processorMs(pid ?? 0))
    const [before, workersBefore] = [taken(), ofWorkers()]
    const times: number[] = []
    const tookMs = await timed(() => Promise.all(ids.map(async (id) => {
      for (let index = 0; index < messages; index += 1) times.push(await timed(() => client.send(id, `Message ${index}: how are you?`)))
    })))
    const used = taken().map((now, part) => now - (before[part] ?? 0))
    const busiest = Math.max(...ofWorkers().map((now, worker) => now - (workersBefore[worker] ?? 0))) / tookMs
    const { p50, p95 } = quantilesOf(times)
    const cores = used.reduce((sum, ms) => sum + ms, 0) / tookMs
    const figures = [alone.p50.toFixed(0), ((1_000 * times.length) / tookMs).toFixed(1), p50.toFixed(0), p95.toFixed(0), cores.toFixed(2), ...used.map((ms) => (ms / times.length).toFixed(1)), busiest.toFixed(2)]
    console.log(`| ${[workers, ...figures].join(' | ')} |`)
  } finally {
    for (const worker of started) worker.disconnect()
    await Promise.all(started.map((worker) => once(worker, 'exit')))
    await opened.close()
  }
}

async function aloneTimes(client: PerdureClient, id: string): Promise<readonly number[]> {
  const times: number[] = []
  for (let index = 0; index < single; index += 1) times.push(await timed(() => client.send(id, `Alone, message ${index}.`)))
  return times
}

async function startWorker(options: WorkerProcess): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('worker-process.ts', import.meta.url)), [JSON.stringify(options)])
  running.add(child.pid ?? 0)
  await once(child, 'message')
  return child
}

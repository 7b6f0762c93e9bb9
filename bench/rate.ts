/**
 * Messages a second of many agents at once, on a Temporal server of the kind that `npm start` brings up: on a file, as it is on a machine where
 * one server serves all; how much longer than others some messages take, and where tasks wait.
 *
 *   npm run bench:rate -- [--agents 50] [--messages 20]
 *   npm run bench:rate -- --disk     counts how often the server waits for the disk, by strace, which slows it: compare such figures with each other only
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workflowIdOf } from '../src/protocol/ids.ts'
import { findOnPath } from '../src/stack/temporal/temporal-cli.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { startBare } from './bare.ts'
import { beginBench } from './begin/begin.ts'
import { flag, whole } from './begin/options.ts'
import { startBench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { instantModel } from './instant-model.ts'
import { processorMs } from './processor-time.ts'
import { quantilesOf, timed } from './quantiles.ts'
import { waitKinds, waitsOf } from './waits.ts'

const { agents, messages, disk } = beginBench(import.meta.url, { agents: whole(50), messages: whole(20), disk: flag })

const folder = await mkdtemp(join(tmpdir(), 'perdure-rate-'))
const server = await startTemporal({ dbFile: join(folder, 'temporal.db') })
const bench = await startBench({ server, model: instantModel() })
console.log(`Temporal: ${server.source}`)
try {
  const ids = Array.from({ length: agents }, (_, index) => `${bench.agentId}-${index}`)
  await Promise.all(ids.map((id) => bench.client.create({ id, model: 'instant', contextWindow: 32_000 })))
  await Promise.all(ids.map((id) => bench.client.send(id, 'The first message.')))

  const counted = disk ? await startCount(server.pid ?? 0) : undefined
  const began = Date.now()
  const cpuBefore = cpuMs()
  const { times, rate } = await manyAtOnce((agent, text) => bench.client.send(ids[agent] ?? '', text))
  const cpu = (cpuMs() - cpuBefore) / times.length
  const waits = await counted?.()
  const floor = await rateOfBareLoops()
  const { p50, p95 } = quantilesOf(times)
  const longest = Math.max(...times)
  console.log('\n| agents | messages of each | messages a second | bare loops | ratio | p50 ms | p95 ms | longest, ms | longest / p50 | CPU of a message: server, worker, client, ms |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|')
  console.log(`| ${[agents, messages, rate.toFixed(1), floor.toFixed(1), (rate / floor).toFixed(2), p50.toFixed(0), p95.toFixed(0), longest.toFixed(0), (longest / p50).toFixed(1), cpu.toFixed(0)].join(' | ')} |`)
  if (agents === 50) figure('rate.throughput', rate / floor)
  if (agents === 50) figure('rate.cpu', cpu)
  if (agents === 200) figure('rate.fair', longest / p50)
  if (disk) console.log(waits === undefined ? '\nwaits for the disk: not counted, as strace is not on PATH' : `\nthe server's waits for the disk: ${(waits / times.length).toFixed(1)} a message`)
  await printWaits(ids, began)
} finally {
  await bench.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** One message after the other of each, and all of them beside each other. */
async function manyAtOnce(send: (agent: number, text: string) => Promise<unknown>): Promise<{ readonly times: readonly number[]; readonly rate: number }> {
  const times: number[] = []
  const all = await timed(() =>
    Promise.all(
      Array.from({ length: agents }, async (_, agent) => {
        for (let index = 0; index < messages; index += 1) times.push(await timed(() => send(agent, `Message ${index}: how are you?`)))
      }),
    ),
  )
  return { times, rate: (1_000 * times.length) / all }
}

async function rateOfBareLoops(): Promise<number> {
  const bare = await startBare({ ...bench, namespace: server.namespace, loops: agents })
  try {
    await Promise.all(Array.from({ length: agents }, (_, loop) => bare.send(loop)))
    return (await manyAtOnce((loop) => bare.send(loop))).rate
  } finally {
    await bare.close()
  }
}

/** Of this process, which is worker and client, and of the server (where the system tells, as Linux does). */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000 + (server.pid === undefined ? 0 : processorMs(server.pid))
}

async function printWaits(ids: readonly string[], since: number): Promise<void> {
  const waits = (await Promise.all(ids.map((id) => waitsOf(bench.temporal, workflowIdOf(id), since)))).flat()
  console.log('\n| a task | how many | in vain | p50 ms | p95 ms | longest, ms |\n|---|--:|--:|--:|--:|--:|')
  for (const kind of waitKinds) {
    const of = waits.filter((wait) => wait.kind === kind)
    if (of.length === 0) continue
    const times = of.map(({ ms }) => ms)
    const { p50, p95 } = quantilesOf(times)
    console.log(`| ${[kind, of.length, of.filter(({ inVain }) => inVain).length, ...[p50, p95, Math.max(...times)].map((ms) => ms.toFixed(0))].join(' | ')} |`)
  }
}

/** Counts calls of fsync and fdatasync of that process until the function that it returns is called. */
async function startCount(pid: number): Promise<() => Promise<number | undefined>> {
  if (findOnPath('strace', process.env['PATH'] ?? '') === undefined) return () => Promise.resolve(undefined)
  const file = join(folder, 'strace')
  const strace = spawn('strace', ['-f', '-q', '-e', 'trace=fsync,fdatasync', '-e', 'signal=none', '-o', file, '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise((resolve) => setTimeout(resolve, 500))
  return async () => {
    strace.kill('SIGINT')
    await once(strace, 'exit')
    return (await readFile(file, 'utf8')).split('\n').filter((line) => /f(data)?sync\(/.test(line)).length
  }
}

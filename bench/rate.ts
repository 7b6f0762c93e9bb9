/**
 * Messages a second of many agents at once, on a Temporal server of the kind that `npm start` brings up: on a file, as it is on a machine where
 * one server serves all. With `strace` on PATH it also counts how often the server waits for the disk.
 *
 *   npm run bench:rate -- [--agents 50] [--messages 20]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findOnPath } from '../src/stack/temporal/temporal-cli.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { startBench } from './bench-agents.ts'
import { instantModel } from './instant-model.ts'
import { quantilesOf, timed } from './quantiles.ts'

const { values } = parseArgs({ options: { agents: { type: 'string', default: '50' }, messages: { type: 'string', default: '20' } } })
const [agents, messages] = [Number(values.agents), Number(values.messages)]

const folder = await mkdtemp(join(tmpdir(), 'perdure-rate-'))
const server = await startTemporal({ dbFile: join(folder, 'temporal.db') })
const bench = await startBench({ server, model: instantModel() })
console.log(`Temporal: ${server.source}`)
try {
  const ids = Array.from({ length: agents }, (_, index) => `${bench.agentId}-${index}`)
  await Promise.all(ids.map((id) => bench.client.create({ id, model: 'instant', contextWindow: 32_000 })))
  await Promise.all(ids.map((id) => bench.client.send(id, 'The first message.')))

  const counted = await startCount(server.pid ?? 0)
  const times: number[] = []
  const all = await timed(() =>
    Promise.all(
      ids.map(async (id) => {
        for (let index = 0; index < messages; index += 1) times.push(await timed(() => bench.client.send(id, `Message ${index}: how are you?`)))
      }),
    ),
  )
  const waits = await counted()
  const { p50, p95 } = quantilesOf(times)
  console.log(`${agents} agents, ${messages} messages each: ${((1_000 * times.length) / all).toFixed(1)} messages/s, p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`)
  const longest = Math.max(...times)
  console.log(`the longest: ${longest.toFixed(0)} ms, ${(longest / p50).toFixed(1)} times the median; the aim is 3`)
  console.log(waits === undefined ? 'waits for the disk: not counted, as strace is not on PATH' : `the server's waits for the disk: ${(waits / times.length).toFixed(1)} a message`)
} finally {
  await bench.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
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

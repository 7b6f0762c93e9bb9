/**
 * What agents cost that have nothing to do: how quickly they are created, and what a worker that has each of them has of memory and CPU for them.
 *
 *   npm run bench:idle -- [--agents 1000] [--seconds 30]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startTemporal } from '../test/servers/temporal.ts'
import { startBench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { instantModel } from './instant-model.ts'
import { timed } from './quantiles.ts'

const { values } = parseArgs({ options: { agents: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '30' } } })
const [agents, seconds] = [Number(values.agents), Number(values.seconds)]
/** They load what all need. */
const warm = 20
/** As many as a client with sense creates at once. */
const atOnce = 20
/** A creation is answered before its workflow has begun, and V8 gives memory back only when nothing has happened for a while. */
const settleMs = 75_000

const folder = await mkdtemp(join(tmpdir(), 'perdure-idle-'))
const server = await startTemporal({ dbFile: join(folder, 'temporal.db') })
const bench = await startBench({ server, model: instantModel(), cachedAgents: warm + agents })
console.log(`Temporal: ${server.source}`)
try {
  await createAll('warm', warm)
  const before = await atRest()
  const created = await timed(() => createAll('idle', agents))
  const after = await atRest()
  figure('idle.memory', (after.rss - before.rss) / 2 ** 20)
  figure('idle.cpu', after.cpu)
  figure('idle.created', (created / agents) * 10)
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  console.log(`${agents} agents created in ${(created / 1_000).toFixed(1)} s (10,000 in ${((created / agents) * 10).toFixed(0)} s)`)
  console.log(`worker and client, resident: ${mib(before.rss)} MiB before, ${mib(after.rss)} MiB after; of its heap ${mib(before.heap)} and ${mib(after.heap)}`)
  console.log(`CPU of worker and client at rest: ${before.cpu.toFixed(1)} % of a core before, ${after.cpu.toFixed(1)} % after`)
} finally {
  await bench.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

async function createAll(prefix: string, count: number): Promise<void> {
  let next = 0
  const one = async (): Promise<void> => {
    for (;;) {
      const index = next
      next += 1
      if (index >= count) return
      await bench.client.create({ id: `${bench.agentId}-${prefix}-${index}`, model: 'instant', contextWindow: 32_000 })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

async function atRest(): Promise<{ readonly rss: number; readonly heap: number; readonly cpu: number }> {
  await sleep(settleMs)
  const { user, system } = process.cpuUsage()
  await sleep(seconds * 1_000)
  const used = process.cpuUsage({ user, system })
  const { rss, heapTotal } = process.memoryUsage()
  return { rss, heap: heapTotal, cpu: (used.user + used.system) / 10_000 / seconds }
}

/**
 * What agents cost that have nothing to do: how quickly they are created, and what a worker that has each of them has of memory and CPU for them. Memory is
 * the median of three rounds, each of so many agents more.
 *
 *   npm run bench:idle -- [--agents 1000] [--seconds 30]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTemporal } from '../test/servers/temporal.ts'
import { beginBench } from './begin/begin.ts'
import { aboveZero, whole } from './begin/options.ts'
import { startBench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { instantModel } from './instant-model.ts'
import { quantilesOf, timed } from './quantiles.ts'

const { agents, seconds } = beginBench(import.meta.url, { agents: whole(1_000), seconds: aboveZero(30) })
/** They load what all need, and have V8 take the most room for young objects that it takes in each thread: it is not the agents'. */
const warm = 300
const rounds = 3
/** As many as a client with sense creates at once. */
const atOnce = 20
/** A creation is answered before its workflow has begun, and V8 gives memory back only where little was made for some seconds. */
const settleMs = 8_000
const collections = 3

const folder = await mkdtemp(join(tmpdir(), 'perdure-idle-'))
const server = await startTemporal({ dbFile: join(folder, 'temporal.db') })
const bench = await startBench({ server, model: instantModel(), cachedAgents: warm + rounds * agents })
console.log(`Temporal: ${server.source}`)
try {
  await createAll('warm', warm)
  let before = await settled()
  const cpuBefore = await cpuAtRest()
  const taken: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const created = await timed(() => createAll(`round-${round}`, agents))
    const after = await settled()
    taken.push(mib(after.rss - before.rss))
    if (round === 1) {
      const cpu = await cpuAtRest()
      figure('idle.cpu', cpu)
      figure('idle.created', (created / agents) * 10)
      console.log(`${agents} agents created in ${(created / 1_000).toFixed(1)} s (10,000 in ${((created / agents) * 10).toFixed(0)} s)`)
      console.log(`CPU of worker and client at rest: ${cpuBefore.toFixed(1)} % of a core before, ${cpu.toFixed(1)} % after`)
    }
    console.log(`worker and client, round ${round}: resident ${mib(before.rss).toFixed(0)} MiB before, ${mib(after.rss).toFixed(0)} MiB after; of the main thread's heap ${mib(before.heap).toFixed(0)} and ${mib(after.heap).toFixed(0)}`)
    before = after
  }
  const { p50 } = quantilesOf(taken)
  figure('idle.memory', p50)
  console.log(`memory of ${agents} agents: ${p50.toFixed(0)} MiB`)
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

/** Garbage is collected several times, of this thread alone: what one collection has freed lets go of more. */
async function settled(): Promise<{ readonly rss: number; readonly heap: number }> {
  for (let collection = 1; collection <= collections; collection += 1) {
    await sleep(settleMs)
    globalThis.gc?.()
  }
  await sleep(settleMs)
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}

async function cpuAtRest(): Promise<number> {
  const { user, system } = process.cpuUsage()
  await sleep(seconds * 1_000)
  const used = process.cpuUsage({ user, system })
  return (used.user + used.system) / 10_000 / seconds
}

function mib(bytes: number): number {
  return bytes / 2 ** 20
}

/**
 * What agents cost that have nothing to do: how quickly they are created, and what a worker has of memory and CPU for them. First of a worker with its
 * default settings, which keeps 500 of them in its cache; the others cost it nothing until they wake. Then what each agent costs that is kept: of a worker
 * that keeps all, the median of three rounds, each of so many agents more.
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
import { startBench, type Bench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { instantModel } from './instant-model.ts'
import { quantilesOf, timed } from './quantiles.ts'

const { agents, seconds } = beginBench(import.meta.url, { agents: whole(1_000), seconds: aboveZero(30) })
/**
 * What is not the agents': what all need is loaded, and V8 takes the most room for young objects that it takes in each thread. In the cache of default settings
 * agents would take the place of those that are measured: there few have many messages.
 */
const warmBy = { default: { agents: 4, messages: 75 }, keepingAll: { agents: 300, messages: 0 } }
const rounds = 3
/** As many as a client with sense creates at once. */
const atOnce = 20
/** A creation is answered before its workflow has begun, and V8 gives memory back only where little was made for some seconds. */
const settleMs = 8_000
const collections = 3
const mostTimes = 5

const folder = await mkdtemp(join(tmpdir(), 'perdure-idle-'))
const server = await startTemporal({ dbFile: join(folder, 'temporal.db') })
console.log(`Temporal: ${server.source}`)
try {
  await withDefaultSettings()
  await keepingAll()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

async function withDefaultSettings(): Promise<void> {
  const bench = await startBench({ server, model: instantModel() })
  try {
    await warm(bench, warmBy.default)
    const before = await settled()
    const cpuBefore = await cpuAtRest()
    const created = await timed(() => createAll(bench, 'idle', agents))
    const after = await settled()
    const cpu = await cpuAtRest()
    figure('idle.memory', mib(after.rss - before.rss))
    figure('idle.cpu', cpu)
    figure('idle.created', (created / agents) * 10)
    console.log(`${agents} agents created in ${(created / 1_000).toFixed(1)} s (10,000 in ${((created / agents) * 10).toFixed(0)} s)`)
    console.log(`CPU of worker and client at rest: ${cpuBefore.toFixed(1)} % of a core before, ${cpu.toFixed(1)} % after`)
    console.log(`memory of ${agents} agents, to a worker with default settings: ${mib(after.rss - before.rss).toFixed(0)} MiB; worker and client, ${saidOf(before, after)}`)
  } finally {
    await bench.close()
  }
}

async function keepingAll(): Promise<void> {
  const bench = await startBench({ server, model: instantModel(), cachedAgents: warmBy.keepingAll.agents + rounds * agents })
  try {
    await warm(bench, warmBy.keepingAll)
    let before = await settled()
    const taken: number[] = []
    for (let round = 1; round <= rounds; round += 1) {
      await createAll(bench, `round-${round}`, agents)
      const after = await settled()
      taken.push(after.rss - before.rss)
      console.log(`a worker that keeps all, round ${round}: ${saidOf(before, after)}`)
      before = after
    }
    console.log(`memory of each agent that is kept: ${(quantilesOf(taken).p50 / 1_000 / agents).toFixed(0)} kB`)
  } finally {
    await bench.close()
  }
}

async function warm(bench: Bench, by: { readonly agents: number; readonly messages: number }): Promise<void> {
  const ids = await createAll(bench, 'warm', by.agents)
  await Promise.all(
    (by.messages === 0 ? [] : ids).map(async (id) => {
      for (let message = 1; message <= by.messages; message += 1) await bench.client.send(id, `Message ${message}: how are you?`)
    }),
  )
}

async function createAll({ client, agentId }: Bench, prefix: string, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${agentId}-${prefix}-${index}`)
  let next = 0
  const one = async (): Promise<void> => {
    for (let id = ids[next]; id !== undefined; id = ids[next]) {
      next += 1
      await client.create({ id, model: 'instant', contextWindow: 32_000 })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return ids
}

interface Memory {
  readonly rss: number
  readonly heap: number
}

function saidOf(before: Memory, after: Memory): string {
  return `resident ${mib(before.rss).toFixed(0)} MiB before, ${mib(after.rss).toFixed(0)} MiB after; of the main thread's heap ${mib(before.heap).toFixed(0)} and ${mib(after.heap).toFixed(0)}`
}

/** Until two measurements are the same: the thread of the workflows collects when V8 likes, and would give back what warming took while agents are measured. */
async function settled(): Promise<Memory> {
  let last = await collected()
  for (let times = 1; times < mostTimes; times += 1) {
    const now = await collected()
    if (Math.abs(mib(now.rss - last.rss)) < 2) return now
    last = now
  }
  return last
}

/** Garbage is collected several times, of this thread alone: what one collection has freed lets go of more. */
async function collected(): Promise<Memory> {
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

/**
 * Which calls of the stores a message makes, of one inference and one `send_message`: how many, how many of them one after the other, and how
 * often the memory file commits. Counts, so they do not depend on what else the machine does.
 *
 *   npm run bench:calls
 *   npm run bench:calls -- --list     also each call, and the activity that makes it
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Libsql from 'libsql'
import { openEmbeddedStores } from '../src/stores/embedded/open.ts'
import type { Stores } from '../src/stores/stores.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { beginBench } from './begin/begin.ts'
import { flag } from './begin/options.ts'
import { startBench } from './bench-agents.ts'
import { countedStores, inSequence, type StoreCall } from './counted-stores.ts'
import { figure } from './figures.ts'
import { instantModel } from './instant-model.ts'
import { quantilesOf } from './quantiles.ts'
import { startStoreServers } from './store-sets.ts'

const warmup = 5
const messages = 30
/** What is asked again and again until there is an answer: how often depends on the time that the turn takes. */
const asked = new Set(['memory.turns.ofEvents', 'memory.changeMark', 'memory.events.agentsWithPending', 'memory.timers.agentsWithDue'])
/** Whoever waits may see a record before whoever writes it is told that it is there. */
const settlingMs = 30

const { list } = beginBench(import.meta.url, { list: flag })

/** Of each connection to a file, in the order of their opening. */
const commitsOf = new Map<Libsql.Database, number>()
const exec = Reflect.get<object, string>(Libsql.prototype, 'exec') as (this: Libsql.Database, sql: string) => Libsql.Database
Libsql.prototype.exec = function (this: Libsql.Database, sql: string) {
  commitsOf.set(this, (commitsOf.get(this) ?? 0) + (sql === 'COMMIT' ? 1 : 0))
  return exec.call(this, sql)
}
/** The memory file is opened first; the file of live text, which is opened then, waits for no disk. */
const commitsOfMemory = (): number => [...commitsOf.values()][0] ?? 0

interface Counted {
  readonly calls: readonly StoreCall[]
  readonly commits: number
}

const server = await startTemporal()
const servers = await startStoreServers()
const folder = await mkdtemp(join(tmpdir(), 'perdure-calls-'))
try {
  console.log('| stores | calls a message | by the client | by the worker | one after the other | commits of the memory file |\n|---|--:|--:|--:|--:|--:|')
  await print('embedded', await openEmbeddedStores({ file: join(folder, 'memory.db') }))
  if (!isUnavailable(servers)) await print('servers', await servers.open())
} finally {
  if (!isUnavailable(servers)) await servers.stop()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

async function print(name: string, stores: Stores): Promise<void> {
  const turns = await countTurns(stores)
  const median = (count: (turn: Counted) => number): number => quantilesOf(turns.map(count)).p50
  const byClient = ({ by }: StoreCall): boolean => by === 'client'
  const figures = [
    median(({ calls }) => calls.length),
    median(({ calls }) => calls.filter(byClient).length),
    median(({ calls }) => calls.filter((call) => !byClient(call)).length),
    median(({ calls }) => inSequence(calls)),
    ...(stores.kind === 'embedded' ? [median((turn) => turn.commits)] : ['']),
  ]
  console.log(`| ${[name, ...figures].join(' | ')} |`)
  if (stores.kind === 'embedded') {
    figure('calls.sequence', median(({ calls }) => inSequence(calls)))
    figure('calls.commits', median((turn) => turn.commits))
  }
  const last = turns.at(-1)
  if (!list || last === undefined) return
  const startedAt = Math.min(...last.calls.map((call) => call.startedAt))
  for (const { by, name: call, of, startedAt: from, endedAt } of last.calls.toSorted((one, other) => one.startedAt - other.startedAt)) {
    console.log(`  ${by.padEnd(8)} ${(from - startedAt).toFixed(1).padStart(6)} to ${(endedAt - startedAt).toFixed(1).padStart(6)} ms  ${call} ${of}`)
  }
}

async function countTurns(opened: Stores): Promise<readonly Counted[]> {
  let calls: StoreCall[] = []
  const stores = countedStores(opened, (call) => {
    // Nobody waits for the store of live text.
    if (!asked.has(call.name) && !call.name.startsWith('live.')) calls.push(call)
  })
  const bench = await startBench({ server, model: instantModel(), stores })
  const turns: Counted[] = []
  try {
    await bench.client.create({ id: bench.agentId, model: 'instant', contextWindow: 100_000 })
    for (let index = 0; index < warmup + messages; index += 1) {
      calls = []
      const before = commitsOfMemory()
      await bench.client.send(bench.agentId, `Message ${index}: how are you?`)
      await sleep(settlingMs)
      if (index >= warmup) turns.push({ calls: [...calls], commits: commitsOfMemory() - before })
    }
  } finally {
    await bench.close()
  }
  return turns
}

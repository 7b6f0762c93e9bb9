/**
 * How long after another process has stored a message whoever watches the agent here is told of it, on both sets of stores: while the agent's
 * turn runs, and of the message with which a turn begins.
 *
 *   npm run bench:watch -- [--turns 60]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { agentNames } from '../src/client/agent-names.ts'
import { watchMethods } from '../src/client/watch/watch.ts'
import { defineAgent, definitionDigest } from '../src/definition/define-agent.ts'
import { openStores, type StoresConfig } from '../src/stores/open.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { beginBench } from './begin/begin.ts'
import { whole } from './begin/options.ts'
import { figure } from './figures.ts'
import { quantilesOf } from './quantiles.ts'
import { startStoreServers } from './store-sets.ts'

const { turns } = beginBench(import.meta.url, { turns: whole(60) })
const agentId = 'watched'
let slowest = 0

const folder = await mkdtemp(join(tmpdir(), 'perdure-watch-'))
const servers = await startStoreServers()
if (isUnavailable(servers)) console.log(`MongoDB and Qdrant are left out: ${servers.unavailable}`)
else console.log(servers.describe)
console.log('\n| stores | message | p50 ms | p95 ms |\n|---|---|--:|--:|')
try {
  await printLags('embedded', { kind: 'embedded', file: join(folder, 'memory.db') })
  if (!isUnavailable(servers)) await printLags('MongoDB', { kind: 'servers', ...servers.settings() })
} finally {
  if (!isUnavailable(servers)) await servers.stop()
  await rm(folder, { recursive: true, force: true })
}

async function printLags(name: string, config: StoresConfig): Promise<void> {
  const stores = await openStores(config)
  const definition = defineAgent({ id: agentId })
  await stores.memory.agents.create({ definition, digest: definitionDigest(definition), createdAt: new Date().toISOString(), creation: 'bench' })
  const told = new Map<number, number>()
  const written = new Map<number, number>()
  const leaving = new AbortController()
  const watching = (async () => {
    for await (const event of watchMethods(stores, agentNames(stores.memory.agents, undefined)).watch(agentId, { after: 0, signal: leaving.signal })) {
      if (event.type === 'message') told.set(event.seq, performance.timeOrigin + performance.now())
    }
  })()
  const writer = fork(fileURLToPath(new URL('watch-writer.ts', import.meta.url)), [JSON.stringify(config), agentId, String(turns)])
  writer.on('message', ({ seq, at }: { readonly seq: number; readonly at: number }) => written.set(seq, at))
  await once(writer, 'exit')
  leaving.abort()
  await watching
  await stores.close()
  const lags = (begins: boolean): readonly number[] => [...written].filter(([seq]) => (seq % 3 === 1) === begins).flatMap(([seq, at]) => (told.has(seq) ? [(told.get(seq) ?? 0) - at] : []))
  for (const [message, begins] of [['in a turn that runs', false], ['that begins a turn', true]] as const) {
    const { p50, p95 } = quantilesOf(lags(begins))
    slowest = Math.max(slowest, p50)
    figure('watch.told', slowest)
    console.log(`| ${name} | ${message} | ${p50.toFixed(0)} | ${p95.toFixed(0)} |`)
  }
}

/**
 * What a message costs in time, with a model that answers at once: as a ratio to a bare Temporal loop of the same shape, which
 * is measured in the same run, message by message in turn. Then what waking an evicted agent costs by the events of its run, and how much of a prompt is
 * the prompt before it.
 *
 *   npm run bench:turn
 *   npm run bench:turn -- --wakes    wakes alone
 *   npm run bench:turn -- --http     what the same message costs over HTTP, as a ratio to the client in this process
 */
import { randomUUID } from 'node:crypto'
import { workflowIdOf } from '../src/protocol/ids.ts'
import { conversationOf } from '../test/workflows/long-conversation/messages.ts'
import { watched } from '../test/workflows/long-conversation/watched-model.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { startTemporal, type TestTemporal } from '../test/servers/temporal.ts'
import type { ChatModel, ModelRequest } from '../src/model/model.ts'
import type { Stores } from '../src/stores/stores.ts'
import { accessKeyCheck } from '../src/client/access-key-check.ts'
import { simulatedModel } from '../src/testing.ts'
import { served } from '../test/support/served.ts'
import { startBare } from './bare.ts'
import { beginBench } from './begin/begin.ts'
import { flag } from './begin/options.ts'
import { startBench, type Bench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { instantModel } from './instant-model.ts'
import { commonPrefix } from './prefix.ts'
import { quantilesOf, timed } from './quantiles.ts'
import { startStoreServers } from './store-sets.ts'

const warmup = 20
const messages = 200
const wokenAgents = 6
const wakes = 14

const milliseconds = (value: number): string => value.toFixed(1)

const { http, wakes: wakesAlone } = beginBench(import.meta.url, { http: flag, wakes: flag })
const server = await startTemporal()
console.log(`Temporal: ${server.source}`)
const servers = await startStoreServers()
console.log(isUnavailable(servers) ? `MongoDB and Qdrant are left out: ${servers.unavailable}` : servers.describe)
try {
  if (http) await printHttp()
  else if (wakesAlone) await printWakes()
  else {
    await printTurns()
    await printWakes()
    await printPrefixes()
  }
} finally {
  if (!isUnavailable(servers)) await servers.stop()
  await server.stop()
}

async function printTurns(): Promise<void> {
  console.log(`\n| stores | message, p50 ms | p95 ms | bare loop, p50 ms | p95 ms | ratio of p50 | of p95 |\n|---|--:|--:|--:|--:|--:|--:|`)
  const embedded = await turnAgainstBare({ server, model: instantModel() })
  console.log(row('embedded', embedded))
  figure('turn.embedded', ratioOf(embedded))
  if (isUnavailable(servers)) return
  const onServers = await turnAgainstBare({ server, model: instantModel(), stores: await servers.open() })
  console.log(row('servers', onServers))
  figure('turn.servers', ratioOf(onServers))
}

interface Against {
  readonly own: readonly number[]
  /** Of what it is compared with. */
  readonly floor: readonly number[]
}

/** A message one way and a message the other way, in turn: what the machine does beside them meets both. */
async function inTurn(own: (text: string) => Promise<unknown>, floor: (text: string) => Promise<unknown>): Promise<Against> {
  const times = { own: [] as number[], floor: [] as number[] }
  for (let index = 0; index < warmup + messages; index += 1) {
    const text = `Message ${index}: how are you?`
    const ownMs = await timed(() => own(text))
    const floorMs = await timed(() => floor(text))
    if (index < warmup) continue
    times.own.push(ownMs)
    times.floor.push(floorMs)
  }
  return times
}

async function turnAgainstBare(options: { readonly server: TestTemporal; readonly model: ChatModel; readonly stores?: Stores }): Promise<Against> {
  const bench = await startBench(options)
  const bare = await startBare({ ...bench, namespace: server.namespace })
  try {
    await createAgent(bench, bench.agentId)
    return await inTurn((text) => bench.client.send(bench.agentId, text), () => bare.send())
  } finally {
    await bare.close()
    await bench.close()
  }
}

function ratioOf({ own, floor }: Against): number {
  return quantilesOf(own).p50 / quantilesOf(floor).p50
}

function row(stores: string, against: Against): string {
  const [message, floor] = [quantilesOf(against.own), quantilesOf(against.floor)]
  const times = [message.p50, message.p95, floor.p50, floor.p95].map(milliseconds)
  return `| ${[stores, ...times, (message.p50 / floor.p50).toFixed(2), (message.p95 / floor.p95).toFixed(2)].join(' | ')} |`
}

async function printHttp(): Promise<void> {
  console.log(`\n| stores | over HTTP, p50 ms | p95 ms | client in process, p50 ms | p95 ms | ratio of p50 | of p95 |\n|---|--:|--:|--:|--:|--:|--:|`)
  const embedded = await httpAgainstClient({ server, model: instantModel() })
  console.log(row('embedded', embedded))
  figure('turn.http', ratioOf(embedded))
  if (!isUnavailable(servers)) {
    const onServers = await httpAgainstClient({ server, model: instantModel(), stores: await servers.open() })
    console.log(row('servers', onServers))
    figure('turn.http', Math.max(ratioOf(embedded), ratioOf(onServers)))
  }
}

/** Two agents in turn, so that no message of one waits for what is left of the other's turn. */
async function httpAgainstClient(options: { readonly server: TestTemporal; readonly model: ChatModel; readonly stores?: Stores }): Promise<Against> {
  const bench = await startBench(options)
  const { client, agentId } = bench
  const overHttp = await served(client, { keys: accessKeyCheck(bench.stores.memory.accessKeys), onError: (error) => console.error(error) })
  const [near, far] = [`${agentId}-near`, `${agentId}-far`]
  try {
    for (const id of [near, far]) await createAgent(bench, id)
    return await inTurn(
      (text) => post(`${overHttp.url}/api/v1/agents/${far}/messages`, text),
      (text) => client.send(near, text, { eventId: randomUUID() }),
    )
  } finally {
    await overHttp.close()
    await bench.close()
  }
}

async function post(url: string, text: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text }) })
  const body = await answer.text()
  if (answer.status !== 200) throw new Error(body)
}

interface Wake {
  /** Of the agent's run, which a worker goes through that has to wake it. */
  readonly events: number
  readonly ms: number
  readonly cpuMs: number
}

/**
 * Several agents on a worker that keeps one. Whoever is spoken to was evicted by the others, and is kept for the message after. A run begins
 * with few events and grows to where the agent continues as new, so messages are told apart by how many there were.
 */
async function printWakes(): Promise<void> {
  const bench = await startBench({ server, model: instantModel(), cachedAgents: 1 })
  const agents = Array.from({ length: wokenAgents }, (_, index) => `${bench.agentId}-${index}`)
  const measured = { evicted: [] as Wake[], kept: [] as Wake[] }
  const send = async (id: string, text: string): Promise<Wake> => {
    const { historyLength } = await bench.temporal.workflow.getHandle(workflowIdOf(id)).describe()
    const before = process.cpuUsage()
    const ms = await timed(() => bench.client.send(id, text))
    const { user, system } = process.cpuUsage(before)
    return { events: historyLength, ms, cpuMs: (user + system) / 1_000 }
  }
  try {
    for (const id of agents) await createAgent(bench, id)
    for (let round = 0; round < wakes; round += 1) {
      for (const id of agents) {
        measured.evicted.push(await send(id, 'Are you awake?'))
        measured.kept.push(await send(id, 'Good.'))
      }
    }
  } finally {
    await bench.close()
  }
  console.log('\n| a message to an agent that is | events of its run | messages | p50 ms | p95 ms | CPU of worker and client, p50 ms |\n|---|--:|--:|--:|--:|--:|')
  const ages = [[0, 100], [100, 200], [200, Infinity]] as const
  const slowest = ages.map(([from, to]) => quantilesOf(measured.evicted.flatMap(({ events, ms }) => (from <= events && events < to ? [ms] : []))).p95)
  figure('turn.woken', Math.max(...slowest.filter((ms) => !Number.isNaN(ms))))
  for (const [from, to] of ages) {
    for (const [what, all] of Object.entries(measured)) {
      const of = all.filter(({ events }) => from <= events && events < to)
      if (of.length === 0) continue
      const { p50, p95 } = quantilesOf(of.map(({ ms }) => ms))
      const events = to === Infinity ? `${from} and more` : `${from} to ${to}`
      console.log(`| ${[what === 'evicted' ? 'evicted from the cache' : 'in the cache', events, of.length, milliseconds(p50), milliseconds(p95), milliseconds(quantilesOf(of.map(({ cpuMs }) => cpuMs)).p50)].join(' | ')} |`)
    }
  }
}

async function printPrefixes(): Promise<void> {
  console.log(`\n| consecutive prompts of | common prefix, tokens | share of the prompt, p50 | mean |\n|---|--:|--:|--:|`)
  const plain = Array.from({ length: 60 }, (_, index) => `Message ${index}: how are you?`)
  console.log(prefixRow('plain turns', await promptsOf({ model: instantModel(), texts: plain, contextWindow: 100_000 })))
  const daily = conversationOf({ turns: 60, seed: 7 })
  console.log(prefixRow('a conversation that edits memory, in a window of 4,000 tokens', await promptsOf({ model: simulatedModel(), texts: daily, contextWindow: 4_000 })))
}

async function promptsOf({ model, texts, contextWindow }: { readonly model: ChatModel; readonly texts: readonly string[]; readonly contextWindow: number }): Promise<readonly ModelRequest[]> {
  const seen = watched(model)
  const bench = await startBench({ server, model: seen })
  try {
    await bench.client.create({ id: bench.agentId, contextWindow })
    for (const text of texts) await bench.client.send(bench.agentId, text)
    return seen.inferences.map(({ request }) => request).filter(({ tools }) => tools.length > 0)
  } finally {
    await bench.close()
  }
}

function prefixRow(what: string, prompts: readonly ModelRequest[]): string {
  const prefixes = prompts.slice(1).flatMap((later, index) => {
    const earlier = prompts[index]
    return earlier === undefined ? [] : [commonPrefix(earlier, later)]
  })
  const shares = prefixes.map(({ share }) => share)
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  return `| ${what} | ${quantilesOf(prefixes.map(({ tokens }) => tokens)).p50} | ${percent(quantilesOf(shares).p50)} | ${percent(mean)} |`
}

async function createAgent({ client }: Bench, id: string): Promise<void> {
  await client.create({ id, model: 'scripted', contextWindow: 100_000 })
}

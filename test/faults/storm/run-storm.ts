import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { createClient } from '../../../src/client/client.ts'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { readConfig } from '../../../src/config/config.ts'
import { freePort } from '../../../src/stack/ports.ts'
import { openStores } from '../../../src/stores/open.ts'
import { simulatedEmbedder } from '../../../src/testing.ts'
import { isUnavailable } from '../../servers/require-server.ts'
import { startTemporal } from '../../servers/temporal.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { startScript, type ScriptProcess } from '../support/script-process.ts'
import { embedded, startOwnServers } from '../support/store-sets.ts'
import { startWorkerProcess } from '../support/worker.ts'
import { judge, type StormCounts } from './judge.ts'
import { scheduleOf, type Strike, type StrikeKind } from './schedule.ts'
import { Hit, keptScript, type KeptScript } from './target.ts'

export interface StormOptions {
  readonly seed: number
  readonly minutes: number
  readonly agents: number
  readonly workers: number
  readonly stores: 'embedded' | 'servers'
  /** On the average, between two strikes. */
  readonly pauseMs: number
  readonly workflowCode: string
  readonly say: (line: string) => void
}

export interface StormReport {
  readonly counts: StormCounts
  /** None: everything held. */
  readonly findings: readonly string[]
}

/** How long after the storm everything has to be answered: longer than a parked agent's first pauses. */
const calmMinutes = 8

const scriptPath = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Brings all of it up, lets the storm of this seed go over it, heals, waits for every answer, and audits every agent. */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const folder = await temporaryFolder()
  const endings: (() => Promise<unknown>)[] = [() => folder.remove()]
  try {
    return await storm(options, folder.path, (ending) => endings.unshift(ending))
  } finally {
    for (const ending of endings) await ending().catch((error: unknown) => options.say(`while clearing away: ${String(error)}`))
  }
}

async function storm(options: StormOptions, folder: string, atEnd: (ending: () => Promise<unknown>) => void): Promise<StormReport> {
  const { seed, say } = options
  const findings: string[] = []
  // One that was stopped in the middle of a workflow's task may be ended by Node's own watchdog. For its agents that is a kill like any other.
  let crashes = 0
  const temporal = await startTemporal({ dbFile: join(folder, 'temporal.db') })
  atEnd(() => temporal.stop())
  const servers = options.stores === 'servers' ? await startOwnServers() : undefined
  if (servers !== undefined) {
    if (isUnavailable(servers)) throw new Error(servers.unavailable)
    atEnd(() => servers.stop())
  }
  const modelPort = await freePort()
  const environment = {
    ...(servers ?? embedded).environment(folder),
    PERDURE_TASK_QUEUE: `storm-${randomUUID().slice(0, 8)}`,
    PERDURE_EMBEDDING_MODEL: simulatedEmbedder().model,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
    OPENAI_API_KEY: 'none',
  }
  const config = readConfig(environment)
  mkdirSync(config.home, { recursive: true })
  const effectsFile = join(folder, 'effects')
  const codePath = join(folder, 'workflow-bundle.js')
  writeFileSync(codePath, options.workflowCode)

  const stores = await openStores(config.stores)
  atEnd(() => stores.close())
  const connection = await connectTemporal({ address: temporal.address })
  atEnd(() => connection.close())
  const temporalClient = new Client({ connection, namespace: temporal.namespace })
  const client = createClient({ temporal: temporalClient, taskQueue: config.taskQueue, stores })
  const agents = Array.from({ length: options.agents }, (_, index) => `agent-${index + 1}`)
  for (const id of agents) {
    const tools = ['send_message', 'core_memory_append', 'archival_memory_insert', 'conversation_search', 'ring_bell', 'drop_coin']
    await client.create({ id, model: 'scripted', tools, contextWindow: 4_000 })
  }

  let wild = 'yes'
  const log = join(folder, 'client.log')
  const keep = async (name: string, begin: () => Promise<ScriptProcess>): Promise<KeptScript> => {
    const kept = await keptScript(begin, (how) => {
      crashes += 1
      say(`${name} ${how}`)
    })
    atEnd(() => {
      kept.release()
      return kept.kill()
    })
    return kept
  }
  const model = await keep('the model', () =>
    startScript({ script: scriptPath('model-process.ts'), arguments: [String(modelPort), String(seed), wild], ready: 'ready' }),
  )
  const workers = await Promise.all(
    Array.from({ length: options.workers }, (_, index) => keep(`worker ${index + 1}`, () => startWorkerProcess({ environment, codePath, effectsFile }))),
  )
  const talker = await keep('the client', () =>
    startScript({ script: scriptPath('client-process.ts'), arguments: [JSON.stringify({ log, seed, agents })], environment, ready: 'ready' }),
  )

  const temporalTarget = { kill: () => temporal.kill(), start: () => temporal.restart(), pause: () => temporal.pause(), resume: () => temporal.resume() }
  const hits = {
    worker: workers.map((worker) => new Hit(worker)),
    temporal: [new Hit(temporalTarget)],
    client: [new Hit(talker)],
    model: [new Hit(model)],
    mongodb: servers === undefined ? [] : [new Hit({ ...servers.mongo, start: () => servers.mongo.restart() })],
    qdrant: servers === undefined ? [] : [new Hit({ ...servers.qdrant, start: () => servers.qdrant.restart() })],
  }
  const strikes = scheduleOf(options)
  const struck: Partial<Record<StrikeKind, number>> = {}
  const startedAt = Date.now()
  for (const strike of strikes) {
    await sleep(Math.max(0, startedAt + strike.atMs - Date.now()))
    const [how, what] = strike.kind.split('-') as ['kill' | 'stop', keyof typeof hits]
    const hit = hits[what][strike.target % hits[what].length]
    const done = hit?.strike(how, strike.lastsMs) ?? false
    if (done) struck[strike.kind] = (struck[strike.kind] ?? 0) + 1
    say(lineOf(strike, done))
  }
  await sleep(Math.max(0, startedAt + options.minutes * 60_000 - Date.now()))

  say('the storm is over: healing')
  wild = 'no'
  const healed = await Promise.allSettled(Object.values(hits).flat().map((hit) => hit.healed()))
  for (const failed of healed) if (failed.status === 'rejected') findings.push(`not healed: ${String(failed.reason)}`)
  await fetch(`http://127.0.0.1:${modelPort}/behave`, { method: 'POST' })
  talker.release()
  talker.current().tell('finish')
  const quiet = new AbortController()
  const answered = await Promise.race([
    talker.current().ended.then(({ status }) => status === 0),
    sleep(calmMinutes * 60_000, false, { signal: quiet.signal }),
  ])
  quiet.abort()
  if (!answered) findings.push(`${calmMinutes} minutes after the storm not everything was answered, or the client failed: ${talker.current().complaints().slice(-400)}`)
  say('auditing')
  const judged = await judge({ client, temporal: temporalClient, stores, agents, log, effectsFile })
  return { counts: { ...judged.counts, strikes: struck, crashes }, findings: [...findings, ...judged.findings] }
}

const lineOf = ({ atMs, kind, target, lastsMs }: Strike, done: boolean): string =>
  `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${kind}${kind.endsWith('worker') ? ` ${target + 1}` : ''} for ${(lastsMs / 1_000).toFixed(1)} s${done ? '' : ' (let go by: it is hit already)'}`

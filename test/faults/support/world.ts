import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Client } from '@temporalio/client'
import { inject } from 'vitest'
import type { ArmedFaultPoint } from '../../../src/activities/fault-point.ts'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { createClient, type PerdureClient } from '../../../src/client/client.ts'
import { readConfig } from '../../../src/config/config.ts'
import { serveModel, simulatedEmbedder, type Embedder, type ScriptedModel } from '../../../src/testing.ts'
import { openStores } from '../../../src/stores/open.ts'
import type { Stores } from '../../../src/stores/stores.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { readCoins, readEffects } from './effect-tools.ts'
import { modelOfMoves, type Moves } from './model-of-moves.ts'
import { Strikes, type Successor } from './recovery.ts'
import { takeSlot } from './slots.ts'
import { embedded, type StoreSet } from './store-sets.ts'
import { startWorkerProcess, type WorkerProcess } from './worker.ts'

export interface WorldOptions {
  /** Of the table of faults: where the time to recover belongs. */
  readonly row?: string
  readonly moves?: Moves
  /** Default: embedded. */
  readonly stores?: StoreSet
  /** Where workers stop themselves, once. */
  readonly point?: ArmedFaultPoint
  /** Whether they do from the beginning, or only after `arm`. Default true. */
  readonly armed?: boolean
  /** Of the table's two times to recover, which one this world shows. */
  readonly successor?: Successor
  /** Default: the server of the whole run. */
  readonly temporal?: { readonly address: string; readonly namespace: string }
  readonly contextWindow?: number
  /** Names of tools whose calls a person has to approve. */
  readonly approval?: string[]
  /** Milliseconds that an approval may take. */
  readonly answerWithinMs?: number
  /** Default: the simulated one. */
  readonly embedder?: Embedder
  /** Milliseconds that the model takes to write each word of an answer that begins now. Default: none. */
  readonly writingPauseMs?: () => number
  /** For a fault that happens where the world is not at hand. Default: its own. */
  readonly strikes?: Strikes
  /** Variables that its workers alone have otherwise: a proxy on their way to a server. */
  readonly ofWorkers?: (environment: Readonly<Record<string, string | undefined>>) => Promise<Readonly<Record<string, string>>>
}

/** What tells one worker from another, of a deploy. */
export interface WorkerVersion {
  /** Bundle of its workflows. */
  readonly workflowCode?: string
  readonly deployment?: { readonly name: string; readonly buildId: string }
  /** Whether it stops itself at the world's point. Default true. */
  readonly armed?: boolean
}

/** One agent in a world of its own: its stores, its model behind HTTP, and worker processes that may die. The client is here. */
export interface World {
  readonly client: PerdureClient
  readonly temporal: Client
  readonly stores: Stores
  readonly model: ScriptedModel
  readonly agentId: string
  readonly row: string | undefined
  readonly successor: Successor | undefined
  readonly strikes: Strikes
  /** What a process of this world needs to find the others. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Operation ids of the effects so far, one for each time that one happened. */
  effects(): readonly string[]
  /** The same of effects that may be repeated, each once. */
  coins(): readonly string[]
  /** From now on workers stop themselves at the world's point. */
  arm(): void
  /** Default: a worker of this version, unversioned. */
  startWorker(version?: WorkerVersion): Promise<WorkerProcess>
  /** Another client, with a connection and stores of its own, as another process has them. */
  anotherClient(): Promise<PerdureClient>
  /** Shifts what the workers take for the time, by milliseconds. */
  shiftClocks(byMs: number): void
  close(): Promise<void>
}

/** Longer than usual: what waits here waits for a worker that a test has yet to start, on a machine that may be busy. */
const patienceMs = 180_000

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const release = await takeSlot()
  try {
    return await worldOf(options, release)
  } catch (error) {
    release()
    throw error
  }
}

async function worldOf(options: WorldOptions, release: () => void): Promise<World> {
  const folder = await temporaryFolder()
  const { address, namespace } = options.temporal ?? { address: inject('temporalAddress'), namespace: inject('temporalNamespace') }
  const model = modelOfMoves(options.moves ?? (() => []))
  const embedder = options.embedder ?? simulatedEmbedder()
  const served = await serveModel({
    model,
    embedder,
    get pauseMs() {
      return options.writingPauseMs?.() ?? 0
    },
  })
  const taskQueue = `faults-${randomUUID()}`
  const effectsFile = join(folder.path, 'effects')
  const clockFile = join(folder.path, 'clock')
  const codePath = join(folder.path, 'workflow-bundle.js')
  writeFileSync(codePath, inject('workflowCode'))
  // A point that has been passed once is passed by everybody.
  const passed = join(folder.path, 'faults', options.point?.split(':')[0] ?? 'none')
  if (options.armed === false) {
    mkdirSync(dirname(passed))
    writeFileSync(passed, 'not armed yet')
  }
  const environment = {
    ...(options.stores ?? embedded).environment(folder.path),
    PERDURE_TASK_QUEUE: taskQueue,
    PERDURE_FAULT_POINT: options.point,
    PERDURE_FAULT_DIR: join(folder.path, 'faults'),
    PERDURE_EMBEDDING_MODEL: embedder.model,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    OPENAI_BASE_URL: served.url,
    OPENAI_API_KEY: 'none',
    FAULTS_CLOCK_FILE: clockFile,
  }
  const ofWorkers = { ...environment, ...(await options.ofWorkers?.(environment)) }
  const config = readConfig(environment)
  mkdirSync(config.home, { recursive: true })
  const stores = await openStores(config.stores)
  const connection = await connectTemporal({ address })
  const temporal = new Client({ connection, namespace })
  const client = createClient({ temporal, taskQueue, stores, patienceMs })
  const closings: (() => Promise<void>)[] = []
  const agentId = `a-${randomUUID().slice(0, 8)}`
  await client.create({
    id: agentId,
    model: 'scripted',
    tools: ['send_message', 'core_memory_append', 'archival_memory_insert', 'ring_bell'],
    ...(options.contextWindow !== undefined && { contextWindow: options.contextWindow }),
    ...(options.approval && { approval: options.approval }),
    ...(options.answerWithinMs !== undefined && { answerWithinMs: options.answerWithinMs }),
  })
  const workers: WorkerProcess[] = []
  const strikes = options.strikes ?? new Strikes()
  let closing = false
  return {
    client,
    temporal,
    stores,
    model,
    agentId,
    row: options.row,
    successor: options.successor,
    strikes,
    environment,
    effects: () => readEffects(effectsFile),
    coins: () => readCoins(effectsFile),
    arm: () => rmSync(passed),
    startWorker: async (version = {}) => {
      const { workflowCode, deployment, armed = true } = version
      const ownCode = workflowCode === undefined ? codePath : join(folder.path, `workflow-bundle-${workers.length}.js`)
      if (workflowCode !== undefined) writeFileSync(ownCode, workflowCode)
      const named = deployment && { PERDURE_DEPLOYMENT: deployment.name, PERDURE_BUILD_ID: deployment.buildId }
      const worker = await startWorkerProcess({ environment: { ...ofWorkers, ...named, ...(!armed && { PERDURE_FAULT_POINT: undefined }) }, codePath: ownCode, effectsFile })
      workers.push(worker)
      void worker.died.then(() => (closing ? undefined : strikes.strike()))
      return worker
    },
    anotherClient: async () => {
      const [ownStores, ownConnection] = await Promise.all([openStores(config.stores), connectTemporal({ address })])
      closings.push(() => ownStores.close(), () => ownConnection.close())
      return createClient({ temporal: new Client({ connection: ownConnection, namespace }), taskQueue, stores: ownStores, patienceMs })
    },
    shiftClocks: (byMs) => writeFileSync(clockFile, String(byMs)),
    close: async () => {
      closing = true
      await Promise.all(workers.map((worker) => worker.kill()))
      await temporal.workflow.getHandle(`agent:${agentId}`).terminate('the test is over').catch(() => undefined)
      for (const close of [...closings, () => stores.close(), () => connection.close()]) await close()
      await served.close()
      await folder.remove()
      release()
    },
  }
}

/** Runs a body in a world, and clears that away whatever happens. */
export async function inWorld(options: WorldOptions, body: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld(options)
  try {
    await body(world)
  } finally {
    await world.close()
  }
}

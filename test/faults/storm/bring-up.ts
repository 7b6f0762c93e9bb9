import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { createClient, type PerdureClient } from '../../../src/client/client.ts'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { readConfig } from '../../../src/config/config.ts'
import { freePort } from '../../../src/stack/ports.ts'
import { openStores } from '../../../src/stores/open.ts'
import type { Stores } from '../../../src/stores/stores.ts'
import { simulatedEmbedder } from '../../../src/testing.ts'
import { isUnavailable } from '../../servers/require-server.ts'
import { startTemporal, type TestTemporal } from '../../servers/temporal.ts'
import type { KillableServer } from '../support/killable-server.ts'
import { startScript, type ScriptProcess } from '../support/script-process.ts'
import { embedded, startOwnServers } from '../support/store-sets.ts'
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { startWorkerProcess } from '../support/worker.ts'
import { keptScript, type KeptScript } from './target.ts'

export interface CastOptions {
  readonly seed: number
  readonly agents: number
  readonly workers: number
  readonly stores: 'embedded' | 'servers'
  readonly workflowCode: string
}

/** All that a storm goes over. */
export interface Cast {
  readonly client: PerdureClient
  readonly temporal: Client
  readonly stores: Stores
  readonly agents: readonly string[]
  /** What the talker writes down. */
  readonly log: string
  readonly effectsFile: string
  readonly servers: { readonly temporal: TestTemporal; readonly mongodb?: KillableServer; readonly qdrant?: KillableServer }
  /** Where Temporal keeps everything. */
  readonly temporalFile: string
  /** Between workers and servers; to Temporal each worker has its own. */
  readonly networks: { readonly temporal: readonly TcpProxy[]; readonly model: TcpProxy; readonly mongodb?: TcpProxy; readonly qdrant?: TcpProxy }
  readonly processes: { readonly worker: readonly KeptScript[]; readonly model: KeptScript; readonly client: KeptScript }
  /** From now on the model does what it should. */
  readonly behave: () => Promise<void>
}

interface Surroundings {
  readonly folder: string
  readonly atEnd: (ending: () => Promise<unknown>) => void
  /** A process ended by itself. */
  readonly onCrash: (what: string) => void
}

const scriptPath = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export async function bringUp(options: CastOptions, { folder, atEnd, onCrash }: Surroundings): Promise<Cast> {
  const temporalFile = join(folder, 'temporal.db')
  const temporal = await startTemporal({ dbFile: temporalFile })
  atEnd(() => temporal.stop())
  const servers = options.stores === 'servers' ? await startOwnServers() : undefined
  if (servers !== undefined && isUnavailable(servers)) throw new Error(servers.unavailable)
  if (servers !== undefined) atEnd(() => servers.stop())
  const modelPort = await freePort()
  const environment: Readonly<Record<string, string | undefined>> & { readonly OPENAI_BASE_URL: string } = {
    ...(servers ?? embedded).environment(folder),
    PERDURE_TASK_QUEUE: `storm-${randomUUID().slice(0, 8)}`,
    PERDURE_EMBEDDING_MODEL: simulatedEmbedder().model,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
    OPENAI_API_KEY: 'none',
    // A network that swallows leaves each request to its time limit: ten minutes, unless told otherwise, in which an agent meets nothing else of the storm.
    PERDURE_REQUEST_SECONDS: '60',
  }
  const config = readConfig(environment)
  mkdirSync(config.home, { recursive: true })
  const stores = await openStores(config.stores)
  atEnd(() => stores.close())
  const connection = await connectTemporal({ address: temporal.address })
  atEnd(() => connection.close())
  const temporalClient = new Client({ connection, namespace: temporal.namespace })
  const client = createClient({ temporal: temporalClient, taskQueue: config.taskQueue, stores })
  const agents = Array.from({ length: options.agents }, (_, index) => `agent-${index + 1}`)
  for (const [index, id] of agents.entries()) await client.create({ id, model: 'scripted', tools, contextWindow: 4_000, ...approvalOf(index) })

  const through = async (target: string): Promise<TcpProxy> => {
    const network = await tcpProxy(target)
    atEnd(() => network.close())
    return network
  }
  const toModel = await through(environment.OPENAI_BASE_URL)
  const [toMongo, toQdrant] = await Promise.all([environment.MONGODB_URI, environment.QDRANT_URL].map(async (url) => (url === undefined ? undefined : through(url))))
  const ofWorkers = {
    ...environment,
    OPENAI_BASE_URL: by(toModel, environment.OPENAI_BASE_URL),
    ...(toMongo && { MONGODB_URI: by(toMongo, environment.MONGODB_URI) }),
    ...(toQdrant && { QDRANT_URL: by(toQdrant, environment.QDRANT_URL) }),
  }
  const toTemporal = await Promise.all(Array.from({ length: options.workers }, () => through(temporal.address)))

  const effectsFile = join(folder, 'effects')
  const log = join(folder, 'client.log')
  const codePath = join(folder, 'workflow-bundle.js')
  writeFileSync(codePath, options.workflowCode)
  const keep = async (name: string, begin: () => Promise<ScriptProcess>): Promise<KeptScript> => {
    const kept = await keptScript(begin, (how) => onCrash(`${name} ${how}`))
    atEnd(() => {
      kept.release()
      return kept.kill()
    })
    return kept
  }
  let wild = 'yes'
  const model = await keep('the model', () => startScript({ script: scriptPath('model-process.ts'), arguments: [String(modelPort), String(options.seed), wild], ready: 'ready' }))
  const worker = await Promise.all(
    toTemporal.map((network, index) =>
      keep(`worker ${index + 1}`, () => startWorkerProcess({ environment: { ...ofWorkers, TEMPORAL_ADDRESS: `${network.host}:${network.port}` }, codePath, effectsFile })),
    ),
  )
  const talker = await keep('the client', () =>
    startScript({ script: scriptPath('client-process.ts'), arguments: [JSON.stringify({ log, seed: options.seed, agents })], environment, ready: 'ready' }),
  )
  return {
    client,
    temporal: temporalClient,
    stores,
    agents,
    log,
    effectsFile,
    servers: { temporal, ...(servers && { mongodb: servers.mongo, qdrant: servers.qdrant }) },
    temporalFile,
    networks: { temporal: toTemporal, model: toModel, ...(toMongo && { mongodb: toMongo }), ...(toQdrant && { qdrant: toQdrant }) },
    processes: { worker, model, client: talker },
    behave: async () => {
      wild = 'no'
      await fetch(`http://127.0.0.1:${modelPort}/behave`, { method: 'POST' })
    },
  }
}

const tools = ['send_message', 'core_memory_append', 'archival_memory_insert', 'conversation_search', 'ring_bell', 'drop_coin']

/** Of three agents one has to ask before it rings, one before it drops a coin, and one never. */
const approvalOf = (index: number): { readonly approval?: string[] } => (index % 3 === 0 ? { approval: ['ring_bell'] } : index % 3 === 1 ? { approval: ['drop_coin'] } : {})

function by({ host, port }: TcpProxy, url: string | undefined): string {
  const address = new URL(url ?? '')
  address.hostname = host
  address.port = String(port)
  return address.href
}

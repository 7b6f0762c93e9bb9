import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { connectTemporal } from '../src/client/connect-temporal.ts'
import { createClient, type PerdureClient } from '../src/client/client.ts'
import { sandboxConverterPath } from '../src/codec/data-converter.ts'
import { simulatedEmbedder } from '../src/simulated/embedder.ts'
import type { ChatModel, Embedder } from '../src/model/model.ts'
import type { Prices } from '../src/model/prices.ts'
import { openStores } from '../src/stores/open.ts'
import type { Stores } from '../src/stores/stores.ts'
import type { Tool } from '../src/tools/tool.ts'
import { createWorker } from '../src/worker/create-worker.ts'
import { workflowFiles } from '../src/worker/workflow-source.ts'
import type { TestTemporal } from '../test/servers/temporal.ts'
import { measuredWith } from './figures.ts'

/** By itself the SDK would go on for as long as its workers take to end when it is interrupted, and its native part would print warnings into the tables. */
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [], telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } } })

export interface Bench {
  readonly client: PerdureClient
  readonly temporal: Client
  readonly native: NativeConnection
  readonly stores: Stores
  readonly taskQueue: string
  readonly agentId: string
  close(): Promise<void>
}

export interface BenchOptions {
  readonly server: TestTemporal
  readonly model: ChatModel
  /** Default: the simulated one. */
  readonly embedder?: Embedder
  readonly stores?: Stores
  readonly tools?: readonly Tool[]
  readonly cachedAgents?: number
  readonly prices?: Prices
}

export interface WorkflowCode {
  readonly code: string
}

let code: Promise<WorkflowCode> | undefined

/** Bundled once in a process. */
export function workflowCode(): Promise<WorkflowCode> {
  code ??= bundleWorkflowCode({ ...workflowFiles(fileURLToPath(new URL('../src/workflows', import.meta.url)), 'ts'), payloadConverterPath: sandboxConverterPath, logger: new DefaultLogger('ERROR') })
  return code
}

/** A worker in this process, and stores: embedded unless others are given. */
export async function startBench(options: BenchOptions): Promise<Bench> {
  const { server, model, tools, cachedAgents } = options
  const folder = await mkdtemp(join(tmpdir(), 'perdure-bench-'))
  const stores = options.stores ?? (await openStores({ kind: 'embedded', file: join(folder, 'memory.db') }))
  const connection = await connectTemporal({ address: server.address })
  const native = await NativeConnection.connect({ address: server.address })
  const { namespace } = server
  const temporal = new Client({ connection, namespace })
  const taskQueue = `bench-${randomUUID()}`
  measuredWith(`Temporal ${(await temporal.workflowService.getSystemInfo({})).serverVersion}`)
  if (options.stores === undefined) measuredWith('embedded stores')
  const worker = await createWorker({
    connection: native,
    namespace,
    taskQueue,
    stores,
    model,
    embedder: options.embedder ?? simulatedEmbedder(),
    workflowBundle: await workflowCode(),
    ...(tools && { tools }),
    ...(cachedAgents !== undefined && { cachedAgents }),
    ...(options.prices && { prices: options.prices }),
  })
  const running = worker.run()
  return {
    client: createClient({ temporal, taskQueue, stores }),
    temporal,
    native,
    stores,
    taskQueue,
    agentId: `bench-${randomUUID().slice(0, 8)}`,
    close: async () => {
      worker.shutdown()
      await running
      await stores.close()
      await connection.close()
      await native.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

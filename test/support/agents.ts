import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Client, WorkflowNotFoundError } from '@temporalio/client'
import { NativeConnection, type Worker } from '@temporalio/worker'
import { inject } from 'vitest'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { encryptedDataConverter } from '../../src/codec/data-converter.ts'
import type { KeyRing } from '../../src/codec/key-ring.ts'
import { createClient, type PerdureClient } from '../../src/client/client.ts'
import type { ChatModel, Embedder } from '../../src/model/model.ts'
import type { Prices } from '../../src/model/prices.ts'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openServerStores } from '../../src/stores/servers.ts'
import type { LiveStore } from '../../src/stores/live.ts'
import type { Stores } from '../../src/stores/stores.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { createWorker } from '../../src/worker/create-worker.ts'
import { openCloning } from './open-cloning.ts'
import { overHttp } from './over-http.ts'
import { encryptedWorkflowCode } from './workflow-code.ts'
import { temporaryFolder } from './temporary-folder.ts'
import './one-vm.ts'
import './quiet-runtime.ts'

export interface AgentsOptions {
  readonly model: ChatModel
  readonly embedder?: Embedder
  readonly tools?: readonly Tool[]
  readonly uiText?: boolean
  /** Whether text is shown as the model writes it. Default: it is. */
  readonly stream?: boolean
  /** Puts something in the place of the store of live text. */
  readonly live?: (live: LiveStore) => LiveStore
  readonly prices?: Prices
  /** Default: of the set that the test's project is about. Closed with the agents. */
  readonly stores?: Stores
  readonly cachedAgents?: number
  /** Default: the server that the tests share. */
  readonly temporal?: { readonly address: string; readonly namespace: string }
  /** Whether the worker sees to the search attributes. Default: it does. */
  readonly registerSearchAttributes?: boolean
  /** Keys of the worker and the client; `changeKeys` gives them others. Default: none. */
  readonly keys?: KeyRing
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Whether tests use the client of other programs, which asks a server, in place of the one in process. */
    askedOverHttp: boolean
  }
}

/** A worker and a client for the agents of one test, on a task queue of their own. */
export interface Agents {
  readonly client: PerdureClient
  /** In process. */
  readonly clientOf: (tenant: string | undefined) => PerdureClient
  readonly temporal: Client
  readonly stores: Stores
  readonly taskQueue: string
  /** An id that no other test uses. */
  readonly agentId: string
  /** Stops the worker, and starts one with these keys; returns a client with these keys. */
  changeKeys(keys: KeyRing): Promise<Pick<Agents, 'client' | 'temporal'>>
  /** Does this while a worker runs that has other stores, in place of the usual one. */
  withOtherStores(work: (other: Stores) => Promise<void>): Promise<void>
  /** Stops the worker, and starts one when this is done. */
  withoutWorker(work: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function startAgents(options: AgentsOptions): Promise<Agents> {
  const { address, namespace } = options.temporal ?? { address: inject('temporalAddress'), namespace: inject('temporalNamespace') }
  const folder = await temporaryFolder()
  const opened = options.stores ?? (await openTestStores(folder.path))
  const stores = options.live === undefined ? opened : { ...opened, live: options.live(opened.live) }
  const connection = await connectTemporal({ address })
  const native = await NativeConnection.connect({ address })
  const taskQueue = `test-${randomUUID()}`
  const begin = async (keys: KeyRing, ofWorker = stores): Promise<Begun> => {
    const dataConverter = encryptedDataConverter(keys)
    const temporal = new Client({ connection, namespace, dataConverter })
    const worker = await createWorker({
      connection: native,
      namespace,
      taskQueue,
      stores: ofWorker,
      dataConverter,
      model: options.model,
      embedder: options.embedder ?? simulatedEmbedder(),
      ...(options.tools && { tools: options.tools }),
      ...(options.prices && { prices: options.prices }),
      ...(options.uiText && { uiText: options.uiText }),
      ...(options.stream !== undefined && { stream: options.stream }),
      ...(options.registerSearchAttributes !== undefined && { registerSearchAttributes: options.registerSearchAttributes }),
      ...(options.cachedAgents !== undefined && { cachedAgents: options.cachedAgents }),
      workflowBundle: { code: keys.length === 0 ? inject('workflowCode') : await encryptedWorkflowCode() },
    })
    const clientOf = (tenant: string | undefined) => createClient({ temporal, taskQueue, stores, embedder: options.embedder ?? simulatedEmbedder(), tenant, temporalUi: 'http://temporal-ui.test' })
    return { client: clientOf(undefined), clientOf, temporal, worker, running: worker.run() }
  }
  let begun = await begin(options.keys ?? [])
  const { temporal } = begun
  const served = inject('askedOverHttp') ? await overHttp(begun.client) : undefined
  return {
    client: served?.client ?? begun.client,
    clientOf: begun.clientOf,
    temporal,
    stores,
    taskQueue,
    agentId: `a-${randomUUID().slice(0, 8)}`,
    changeKeys: async (keys) => {
      await stop(begun)
      begun = await begin(keys)
      return begun
    },
    withOtherStores: async (work) => {
      await stop(begun)
      const other = await openEmbeddedStores({ file: join(folder.path, 'other', 'memory.db') })
      begun = await begin(options.keys ?? [], other)
      try {
        await work(other)
      } finally {
        await stop(begun)
        begun = await begin(options.keys ?? [])
        await other.close()
      }
    },
    withoutWorker: async (work) => {
      await stop(begun)
      await work()
      begun = await begin(options.keys ?? [])
    },
    close: async () => {
      await terminateAgents(temporal, taskQueue)
      await served?.close()
      await stop(begun)
      await stores.close()
      await connection.close()
      await native.close()
      await folder.remove()
    },
  }
}

/** The set that the project of this test is about. */
async function openTestStores(folder: string): Promise<Stores> {
  const servers = inject('storeServers')
  if (servers === undefined) return openEmbeddedStores({ file: join(folder, 'memory.db'), open: openCloning })
  if ('unavailable' in servers) throw new Error(servers.unavailable)
  return openServerStores(servers)
}

/** So that no agent of one test asks for a worker for the rest of the run. */
async function terminateAgents(temporal: Client, taskQueue: string): Promise<void> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`
  // Not by the client's list, which decrypts memos, and may have lost the key.
  const { executions } = await temporal.workflowService.listWorkflowExecutions({ namespace: temporal.options.namespace, query, pageSize: 1_000 })
  for (const { execution } of executions) {
    // The index lags: one that a test has just ended may still be in it.
    await temporal.workflow.getHandle(execution?.workflowId ?? '').terminate('the test is over').catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    })
  }
}

interface Begun extends Pick<Agents, 'client' | 'clientOf' | 'temporal'> {
  readonly worker: Worker
  readonly running: Promise<void>
}

async function stop({ worker, running }: Begun): Promise<void> {
  if (worker.getState() === 'RUNNING') worker.shutdown()
  await running
}

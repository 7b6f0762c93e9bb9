import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { inject } from 'vitest'
import { createClient, type PerdureClient } from '../../../src/client/client.ts'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import type { ChatModel } from '../../../src/model/model.ts'
import { simulatedEmbedder } from '../../../src/simulated/embedder.ts'
import { openEmbeddedStores } from '../../../src/stores/embedded/open.ts'
import type { Stores } from '../../../src/stores/stores.ts'
import type { Tool } from '../../../src/tools/tool.ts'
import { createWorker } from '../../../src/worker/create-worker.ts'
import { ensureSearchAttributes } from '../../../src/worker/search-attributes.ts'
import { startTemporal, type TestTemporal } from '../../servers/temporal.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export interface OwnTemporal {
  readonly temporal: TestTemporal
  /** The server's database; undefined where the server keeps it in memory. */
  readonly databaseFile: string | undefined
  readonly client: PerdureClient
  readonly stores: Stores
  /** Stops the worker, and starts another one when this is done. */
  readonly withoutWorker: (work: () => Promise<void>) => Promise<void>
  readonly close: () => Promise<void>
}

/** A client and a worker in this process, on embedded stores and a Temporal server that the test may end and start again. */
export async function onOwnTemporal({ model, tools = [], onFile = false }: { readonly model: ChatModel; readonly tools?: readonly Tool[]; readonly onFile?: boolean }): Promise<OwnTemporal> {
  const folder = await temporaryFolder()
  const databaseFile = onFile ? join(folder.path, 'temporal.db') : undefined
  const temporal = await startTemporal(databaseFile === undefined ? { own: true } : { dbFile: databaseFile })
  const stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
  const [connection, native] = await Promise.all([connectTemporal(temporal), NativeConnection.connect({ address: temporal.address })])
  await ensureSearchAttributes(connection, temporal.namespace)
  const taskQueue = `own-${randomUUID()}`
  const begin = async () => {
    const worker = await createWorker({ connection: native, taskQueue, stores, model, embedder: simulatedEmbedder(), tools, workflowBundle: { code: inject('workflowCode') } })
    const running = worker.run()
    return async (): Promise<void> => {
      worker.shutdown()
      await running
    }
  }
  let stop = await begin()
  return {
    temporal, databaseFile, stores,
    client: createClient({ temporal: new Client({ connection, namespace: temporal.namespace }), taskQueue, stores, patienceMs: 120_000 }),
    withoutWorker: async (work) => {
      await stop()
      await work()
      stop = await begin()
    },
    close: async () => {
      await stop()
      await stores.close()
      await connection.close()
      await native.close()
      await temporal.stop()
      await folder.remove()
    },
  }
}

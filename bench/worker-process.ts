/** A worker of a bench in a process of its own. It says when it polls, and ends when the bench hangs up. */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { NativeConnection } from '@temporalio/worker'
import { simulatedEmbedder } from '../src/simulated/embedder.ts'
import type { ChatModel } from '../src/model/model.ts'
import { createWorker } from '../src/worker/create-worker.ts'
import { workflowCode, type WorkflowCode } from './bench-agents.ts'
import { instantModel } from './instant-model.ts'
import { openPlace, type StoresPlace } from './store-sets.ts'

export interface WorkerProcess {
  readonly address: string
  readonly namespace: string
  readonly taskQueue: string
  readonly stores: StoresPlace
  /** The model takes so long for each answer, milliseconds. */
  readonly thinkMs: number
  /** A file with the workflows' code; without one the process bundles them. */
  readonly code?: string
}

const { address, namespace, taskQueue, stores: place, thinkMs, code } = JSON.parse(process.argv[2] ?? '') as WorkerProcess

const connection = await NativeConnection.connect({ address })
const stores = await openPlace(place)
const workflowBundle: WorkflowCode = code === undefined ? await workflowCode() : { code: await readFile(code, 'utf8') }
const worker = await createWorker({ connection, namespace, taskQueue, stores, model: thinking(instantModel(), thinkMs), embedder: simulatedEmbedder(), workflowBundle })
process.once('disconnect', () => worker.shutdown())
const running = worker.run()
process.send?.('polls')
await running
await stores.close()
await connection.close()

function thinking(model: ChatModel, ms: number): ChatModel {
  return {
    ...model,
    complete: async (request, signal, onDelta) => {
      await sleep(ms, undefined, { signal })
      return model.complete(request, signal, onDelta)
    },
  }
}

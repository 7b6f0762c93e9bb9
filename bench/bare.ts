import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, Worker, type NativeConnection } from '@temporalio/worker'
import { bareActivities } from './bare-activities.ts'

export interface Bare {
  /** One turn of a bare loop: of the first unless another is named. */
  send(loop?: number): Promise<void>
  close(): Promise<void>
}

/** Bare loops on a worker of their own, on the connections that the agents have. */
export async function startBare({ temporal, native, namespace, loops = 1 }: { readonly temporal: Client; readonly native: NativeConnection; readonly namespace: string; readonly loops?: number }): Promise<Bare> {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./bare-loop.ts', import.meta.url)), logger: new DefaultLogger('ERROR') })
  const taskQueue = `bare-${randomUUID()}`
  const worker = await Worker.create({ connection: native, namespace, taskQueue, workflowBundle, activities: { ...bareActivities }, maxCachedWorkflows: 500 })
  const running = worker.run()
  const idOf = (loop: number): string => `${taskQueue}-${loop}`
  const all = Array.from({ length: loops }, (_, loop) => loop)
  await Promise.all(all.map((loop) => temporal.workflow.start('bareLoop', { taskQueue, workflowId: idOf(loop) })))
  return {
    send: async (loop = 0) => {
      await temporal.workflow.getHandle(idOf(loop)).executeUpdate('message', { args: [randomUUID()] })
    },
    close: async () => {
      await Promise.all(all.map((loop) => temporal.workflow.getHandle(idOf(loop)).terminate('the bench is over')))
      worker.shutdown()
      await running
    },
  }
}

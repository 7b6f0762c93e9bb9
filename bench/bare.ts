import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, Worker, type NativeConnection } from '@temporalio/worker'
import { bareActivities } from './bare-activities.ts'

export interface Bare {
  /** One turn of the bare loop. */
  send(): Promise<void>
  close(): Promise<void>
}

/** The bare loop on a worker of its own, on the connections that the agents have. */
export async function startBare({ temporal, native, namespace }: { readonly temporal: Client; readonly native: NativeConnection; readonly namespace: string }): Promise<Bare> {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./bare-loop.ts', import.meta.url)), logger: new DefaultLogger('ERROR') })
  const taskQueue = `bare-${randomUUID()}`
  const worker = await Worker.create({ connection: native, namespace, taskQueue, workflowBundle, activities: { ...bareActivities }, maxCachedWorkflows: 500 })
  const running = worker.run()
  const handle = await temporal.workflow.start('bareLoop', { taskQueue, workflowId: taskQueue })
  const { workflowId } = handle
  return {
    send: async () => {
      await temporal.workflow.getHandle(workflowId).executeUpdate('message', { args: [randomUUID()] })
    },
    close: async () => {
      await temporal.workflow.getHandle(workflowId).terminate('the bench is over')
      worker.shutdown()
      await running
    },
  }
}

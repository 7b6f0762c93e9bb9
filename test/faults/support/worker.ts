import { fileURLToPath } from 'node:url'
import { readyLines } from '../../../src/config/ready-lines.ts'
import { startScript, type ScriptProcess } from './script-process.ts'

export interface WorkerProcess extends ScriptProcess {
  /** Resolves when it has ended, however it did, with the signal that ended it. */
  readonly died: Promise<NodeJS.Signals | null>
}

export interface WorkerProcessOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly codePath: string
  readonly effectsFile: string
}

/** Starts a worker and waits until it polls. Ends with this process, however that ends. */
export async function startWorkerProcess({ environment, codePath, effectsFile }: WorkerProcessOptions): Promise<WorkerProcess> {
  const script = fileURLToPath(new URL('worker-process.ts', import.meta.url))
  const worker = await startScript({ script, arguments: [codePath, effectsFile], environment, ready: readyLines.worker })
  return { ...worker, died: worker.ended.then(({ signal }) => signal) }
}

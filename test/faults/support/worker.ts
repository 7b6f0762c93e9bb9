import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readyLines } from '../../../src/local/ready-checks.ts'

export interface WorkerProcess {
  readonly pid: number
  /** Resolves when it has ended, however it did, with the signal that ended it. */
  readonly died: Promise<NodeJS.Signals | null>
  /** SIGKILL; done when it has ended. */
  kill(): Promise<void>
}

const entry = fileURLToPath(new URL('worker-process.ts', import.meta.url))

/** Starts a worker and waits until it polls. Ends with this process, however that ends. */
export async function startWorkerProcess(options: {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly codePath: string
  readonly effectsFile: string
}): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', entry, options.codePath, options.effectsFile], {
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const died = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null)
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000)
  })
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === readyLines.worker) resolve(true)
    })
  })
  if (!(await Promise.race([ready, died.then(() => false)])) || child.pid === undefined) throw new Error(`the worker did not start: ${complaints}`)
  return {
    pid: child.pid,
    died,
    kill: async () => {
      child.kill('SIGKILL')
      await died
    },
  }
}

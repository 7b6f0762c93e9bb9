import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readyLines } from '../../../src/config/ready-lines.ts'
import { commandLine } from '../../cli/run-perdure.ts'

/** Says at the end how many of OpenTelemetry's modules were loaded. Not a file: threads of the worker load it too, without `tsx`. */
const countModules = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module'
  import { isMainThread } from 'node:worker_threads'
  const loaded = () => Object.keys(createRequire('/').cache).filter((file) => file.includes('@opentelemetry')).length
  if (isMainThread) process.on('exit', () => console.log('opentelemetry modules loaded: ' + loaded()))
`)}`

export interface CliWorker {
  stdout(): string
  stderr(): string
  /** SIGTERM, as an operator would; done when it has ended. */
  stop(): Promise<void>
  /** SIGKILL; done when it has ended. */
  kill(): Promise<void>
}

/** `perdure worker` as a process of its own. */
export async function startCliWorker(environment: Readonly<Record<string, string | undefined>>): Promise<CliWorker> {
  const child = spawn(process.execPath, ['--import', countModules, ...commandLine(), 'worker'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const onExit = (): void => void child.kill('SIGKILL')
  process.on('exit', onExit)
  const ended = once(child, 'exit').finally(() => process.off('exit', onExit))
  let [stdout, stderr] = ['', '']
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ready = new Promise<boolean>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.includes(readyLines.worker)) resolve(true)
    })
  })
  if (!(await Promise.race([ready, ended.then(() => false)]))) throw new Error(`the worker did not start: ${stderr.slice(-2_000)}`)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await ended
  }
  return { stdout: () => stdout, stderr: () => stderr, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A script of ours as a process of its own. It ends with this process, however that ends: it reads a pipe that then closes. */
export interface ScriptProcess {
  readonly pid: number
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>
  /** One line to its stdin. */
  tell(line: string): void
  send(signal: NodeJS.Signals): void
  /** SIGKILL; done when it has ended. */
  kill(): Promise<void>
  /** The end of what it wrote to stderr. */
  complaints(): string
}

/** Starts it and waits for its line `ready`. */
export async function startScript(options: {
  readonly script: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly ready: string
}): Promise<ScriptProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', options.script, ...options.arguments], {
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([status, signal]) => ({ status: status as number | null, signal: signal as NodeJS.Signals | null }))
  // Whoever is dead hears nothing more.
  child.stdin.on('error', () => undefined)
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000)
  })
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === options.ready) resolve(true)
    })
  })
  if (!(await Promise.race([ready, ended.then(() => false)])) || child.pid === undefined) throw new Error(`${options.script} did not start: ${complaints}`)
  return {
    pid: child.pid,
    ended,
    tell: (line) => void child.stdin.write(`${line}\n`),
    send: (signal) => void child.kill(signal),
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    complaints: () => complaints.trim(),
  }
}

import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { environmentOf } from '../config/environment.ts'
import { homeFiles } from './home.ts'
import { logTail, openLog, sizeOf } from './log-file.ts'
import { nodeArgumentsFor } from './own-script.ts'

/** Exit status of a supervisor that found another one on the same home. */
export const lockHeldStatus = 75

export interface StartedSupervisor {
  readonly pid: number | undefined
  /** Its exit status once it has ended; `undefined` while it runs. */
  status(): number | undefined
  /** The end of what this run wrote to its log. */
  logTail(): string
}

/** Starts the supervisor in a session of its own: a Ctrl-C in this terminal does not reach it, and it outlives us. */
export function startSupervisor(config: Config, entry: readonly string[] | undefined): StartedSupervisor {
  const logFile = join(homeFiles(config.home).logs, 'supervisor.log')
  const logFrom = sizeOf(logFile)
  const log = openLog(logFile)
  const child = spawn(process.execPath, [...nodeArgumentsFor('./supervisor'), ...(entry ?? []).map((part) => `--entry=${part}`)], {
    cwd: config.home,
    env: environmentOfStack(config),
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let status: number | undefined
  child.once('error', () => (status = 1))
  child.once('exit', (code) => (status = code ?? 1))
  return { pid: child.pid, status: () => status, logTail: () => logTail(logFile, logFrom) }
}

/**
 * Once a large piece of memory has been freed, glibc keeps such pieces for itself, up to 32 MiB each: a stack at rest took 30 MiB more. A size that is set
 * stays, and what is larger goes back to the system. Bytes; other systems know no such variable.
 */
const givenBackFrom = { MALLOC_MMAP_THRESHOLD_: String(128 * 1024) }

/** For the supervisor and, from it, for all that it starts. */
export function environmentOfStack(config: Config, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...givenBackFrom, ...environment, ...environmentOf(config) }
}

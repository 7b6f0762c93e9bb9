import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process, told from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in whatever form this system gives it; only compared. */
  readonly started: string
}

/** Undefined when no such process runs. A zombie does not run. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startFromPs(pid)
  return started === undefined ? undefined : { pid, started }
}

export const ownIdentity = (): ProcessIdentity => identityOf(process.pid) ?? { pid: process.pid, started: 'unknown' }

export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.started === identity.started
}

/** Sends a signal to that very process; false when it no longer runs. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false
  try {
    return process.kill(identity.pid, signal)
  } catch {
    return false
  }
}

/**
 * Processes of a session (that of a supervisor which is gone) that were given `PERDURE_HOME=<home>`. Catches a child that
 * was started in the instant before its supervisor could write it down. Linux only; elsewhere nothing is found.
 */
export function processesOfSession(session: number, home: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => fieldsOfStat(name)?.[sessionField] === String(session) && environmentHas(name, `PERDURE_HOME=${home}`))
    .map((name) => identityOf(Number(name)))
    .filter((identity) => identity !== undefined)
}

// Positions in /proc/<pid>/stat after the command's name, which is in brackets and may hold blanks: proc(5).
const stateField = 0
const sessionField = 3
const startField = 19

function startOnLinux(pid: number): string | undefined {
  const fields = fieldsOfStat(String(pid))
  if (fields === undefined || fields[stateField] === 'Z' || fields[stateField] === 'X') return undefined
  return `${bootId()}/${fields[startField] ?? ''}`
}

function fieldsOfStat(pid: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Start times count from the boot: two boots must not look alike. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return 'boot'
  }
}

function environmentHas(pid: string, entry: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(entry)
  } catch {
    return false
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const [state, ...start] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(/\s+/)
    return state === undefined || state === '' || state.startsWith('Z') ? undefined : start.join(' ')
  } catch {
    return undefined
  }
}

/** Ends processes that are not our children: asked first, killed after `graceMs`. Done when none of them runs. */
export async function endProcesses(processes: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs
  if (graceMs > 0) for (const process of processes) signalProcess(process, 'SIGTERM')
  while (processes.some((process) => isAlive(process))) {
    if (Date.now() >= deadline) for (const process of processes) signalProcess(process, 'SIGKILL')
    await sleep(50)
  }
}

import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Waits until a process is stopped, by SIGSTOP, where it is. */
export async function untilStopped(pid: number): Promise<void> {
  for (let waitedMs = 0; !(await stateOf(pid)).startsWith('T'); waitedMs += 200) {
    if (waitedMs > 60_000) throw new Error(`process ${pid} does not stop`)
    await sleep(200)
  }
}

async function stateOf(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)])
  return stdout.trim()
}

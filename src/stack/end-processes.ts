import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, signalProcess, type ProcessIdentity } from './process-identity.ts'

/** Ends processes that are not our children: asked first, killed after `graceMs`. Done when none of them runs. */
export async function endProcesses(processes: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs
  if (graceMs > 0) for (const process of processes) signalProcess(process, 'SIGTERM')
  while (processes.some((process) => isAlive(process))) {
    if (Date.now() >= deadline) for (const process of processes) signalProcess(process, 'SIGKILL')
    await sleep(50)
  }
}

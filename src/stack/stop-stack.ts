import { existsSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { tryLock } from './exclusive-lock.ts'
import { homeFiles } from './home.ts'
import { countLeases } from './leases.ts'
import { endProcesses, isAlive, signalProcess } from './process-identity.ts'
import type { OnProgress } from './progress.ts'
import { orphansOf, readStackState, writeStackState, type StackState } from './stack-state.ts'

const pollMs = 50
const orphanGraceMs = 5_000

export interface StopStackOptions {
  readonly config: Config
  /** Kills instead of asking. Nothing that was confirmed is lost; work in progress is done again at the next start. */
  readonly immediately?: boolean
  readonly onProgress?: OnProgress
}

/** Stops the stack of this home, whoever uses it, or what a killed supervisor left of one. Says what there was to stop. */
export async function stopStack({ config, immediately = false, onProgress = () => undefined }: StopStackOptions): Promise<'stack' | 'orphans' | 'nothing'> {
  const { home } = config
  for (;;) {
    const state = readStackState(home)
    if (state === undefined) return 'nothing'
    if (isAlive(state.supervisor)) {
      signalProcess(state.supervisor, immediately ? 'SIGINT' : 'SIGTERM')
      await untilGone(home, state, onProgress, () => false)
      return 'stack'
    }
    const unlock = tryLock(homeFiles(home).lock)
    if (unlock !== undefined) return endOrphans(home, immediately ? 0 : orphanGraceMs).finally(unlock)
    // Either a killed supervisor that the system has not cleared away yet, or a new one that has not written its record yet.
    await sleep(pollMs)
  }
}

/** Only for the holder of the home's lock. */
async function endOrphans(home: string, graceMs: number): Promise<'orphans' | 'nothing'> {
  const state = readStackState(home)
  const orphans = state === undefined ? [] : orphansOf(home, state)
  if (state === undefined || orphans.length === 0) return 'nothing'
  await endProcesses(orphans, graceMs)
  rmSync(homeFiles(home).kept, { force: true })
  writeStackState(home, { ...state, phase: 'stopped', children: [] })
  return 'orphans'
}

/** After a user gave back its lease: where it was the last one, waits until the stack has stopped. */
export async function leaveStack(home: string, options: { readonly immediately: boolean; readonly onProgress: OnProgress }): Promise<void> {
  const state = readStackState(home)
  if (state === undefined || !isAlive(state.supervisor) || existsSync(homeFiles(home).kept) || countLeases(home) > 0) return
  signalProcess(state.supervisor, options.immediately ? 'SIGINT' : 'SIGHUP')
  await untilGone(home, state, options.onProgress, () => readStackState(home)?.phase === 'ready' && countLeases(home) > 0)
}

/** Waits until that supervisor has ended, or until it stays because another process has begun to use the stack. */
async function untilGone(home: string, stack: StackState, onProgress: OnProgress, staysOn: () => boolean): Promise<void> {
  while (isAlive(stack.supervisor) && !staysOn()) {
    const state = readStackState(home)
    if (state?.phase === 'stopping' && state.progress !== undefined) onProgress(state.progress.what, state.progress.seconds)
    await sleep(pollMs)
  }
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../config/config.ts'
import { tryLock } from './exclusive-lock.ts'
import { cacheFolder } from './home.ts'
import { whileReporting, type OnProgress } from './progress.ts'

const everyMs = 50
/** A server has its ports, or has failed to start, well within this. */
const atMostMs = 60_000

/**
 * Waits until no other stack of this user takes ports, and lets none until the claim is given back: between finding a port free and a server that
 * listens there, another stack would find it free too. Nothing is claimed where the folder that these stacks share has no file that can be locked.
 * @returns the function that gives the claim back; it ends with the process too
 */
export async function claimPorts(env: Environment, { onProgress, signal }: { readonly onProgress: OnProgress; readonly signal: AbortSignal }): Promise<() => void> {
  const folder = cacheFolder(env)
  return lockIn(folder) ?? whileReporting('waiting for another stack that starts', onProgress, () => lockedIn(folder, signal))
}

async function lockedIn(folder: string, signal: AbortSignal): Promise<() => void> {
  for (const begun = performance.now(); performance.now() - begun < atMostMs; ) {
    const unlock = lockIn(folder)
    if (unlock !== undefined) return unlock
    await sleep(everyMs, undefined, { signal })
  }
  return () => undefined
}

function lockIn(folder: string): (() => void) | undefined {
  try {
    mkdirSync(folder, { recursive: true })
    return tryLock(join(folder, 'ports.lock'))
  } catch {
    return () => undefined
  }
}

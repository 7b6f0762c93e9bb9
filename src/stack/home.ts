import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { userHome, type Environment } from '../config/config.ts'
import { messageOf, PerdureError } from '../protocol/errors.ts'

/** Where a local stack keeps what it writes, all below `PERDURE_HOME`. */
export const homeFiles = (home: string) => ({
  /** The stack that runs, or the last one. */
  stack: join(home, 'stack.json'),
  /** Held by the supervisor as long as it lives. */
  lock: join(home, 'supervisor.lock'),
  /** This file is there while the stack has to run on without a user. */
  kept: join(home, 'kept'),
  /** One file for each process that uses the stack. */
  leases: join(home, 'leases'),
  logs: join(home, 'logs'),
  temporalDatabase: join(home, 'temporal.db'),
})

/**
 * Makes the folders; others on this machine can't read conversations.
 * @throws PerdureError `config-invalid` where that is not possible
 */
export function makeHome(home: string): void {
  const files = homeFiles(home)
  try {
    for (const folder of [home, files.leases, files.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(home, constants.W_OK)
  } catch (error) {
    throw new PerdureError('config-invalid', `${home} can't be written to (${messageOf(error)}); name a folder by PERDURE_HOME that can`, { cause: error })
  }
}

/** The folder for things that can be fetched or built again: `${XDG_CACHE_HOME:-~/.cache}/perdure`. */
export function cacheFolder(env: Environment): string {
  const cache = env.XDG_CACHE_HOME
  return join(cache?.startsWith('/') === true ? cache : join(userHome(env), '.cache'), 'perdure')
}

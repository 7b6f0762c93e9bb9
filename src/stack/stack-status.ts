import { existsSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { homeFiles } from './home.ts'
import { countLeases } from './leases.ts'
import { isAlive } from './process-identity.ts'
import { orphansOf, readStackState, type StackState } from './stack-state.ts'

export type StackStatus =
  | { readonly running: false; readonly orphans: readonly number[]; readonly lastFailure?: string }
  | { readonly running: true; readonly state: StackState; readonly mode: 'attached' | 'kept'; readonly users: number }

/** What runs on this home now. */
export function stackStatus(config: Config): StackStatus {
  const { home } = config
  const state = readStackState(home)
  if (state === undefined) return { running: false, orphans: [] }
  if (isAlive(state.supervisor)) return { running: true, state, mode: existsSync(homeFiles(home).kept) ? 'kept' : 'attached', users: countLeases(home) }
  const orphans = orphansOf(home, state).map(({ pid }) => pid)
  return { running: false, orphans, ...(state.failure === undefined ? {} : { lastFailure: state.failure.message }) }
}

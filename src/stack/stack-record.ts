import type { Config } from '../config/config.ts'
import { ownIdentity } from './process-identity.ts'
import { stackSettings } from './stack-settings.ts'
import { readStackState, writeStackState, type StackState } from './stack-state.ts'

/** The supervisor's hold on `stack.json`. Each change is on disk when `update` returns. */
export interface StackRecord {
  readonly previous: StackState | undefined
  readonly state: StackState
  update(next: Partial<StackState>): void
}

/** Begins a new stack's record. Processes that an earlier supervisor left running stay in it until they have ended. */
export function beginStackRecord(config: Config, now: Date): StackRecord {
  const previous = readStackState(config.home)
  let state: StackState = {
    format: 1,
    supervisor: ownIdentity(),
    since: now.toISOString(),
    phase: 'starting',
    settings: stackSettings(config),
    ports: previous?.ports ?? {},
    children: previous?.children ?? [],
  }
  writeStackState(config.home, state)
  return {
    previous,
    get state() {
      return state
    },
    update: (next) => {
      state = { ...state, ...next }
      writeStackState(config.home, state)
    },
  }
}

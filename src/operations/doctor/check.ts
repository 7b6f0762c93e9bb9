import type { Config, Environment } from '../../config/config.ts'
import type { VariableName } from '../../config/variables.ts'
import type { StackStatus } from '../../stack/stack-status.ts'

/** `failure`: agents can't work, or not as configured. `warning`: they can, and something wants attention. */
export type Level = 'ok' | 'warning' | 'failure'

export interface Finding {
  readonly level: Level
  /** What it is about, where the check's name does not say so. */
  readonly about?: string
  readonly found: string
  /** What to do; absent where there is nothing to do. */
  readonly advice?: string
}

export interface DoctorContext {
  readonly env: Environment
  /** Of all settings that are usable; the others are as if they were not set. */
  readonly config: Config
  /** What is wrong with the settings, one text each. */
  readonly problems: readonly string[]
  readonly stack: StackStatus
}

/** One thing that the doctor looks at. To add one: write it in a file of its own, and name it in `checks.ts`. */
export interface Check {
  readonly name: string
  /** Settings without which it would look at the wrong thing: it is left out where one of them is not usable. */
  readonly settings: readonly VariableName[]
  /** Which exit status a failure gives: see `exitStatus` of the command line. */
  readonly failure: 'failure' | 'usage' | 'unavailable'
  /** Whether there is anything to look at; default yes. */
  applies?(context: DoctorContext): boolean
  /** May throw: the error's text is the finding. Nothing of what is returned is shown with a secret in it. */
  run(context: DoctorContext, signal: AbortSignal): Promise<readonly Finding[]>
}

export const ok = (found: string, about?: string): Finding => ({ level: 'ok', found, ...(about !== undefined && { about }) })
export const warning = (found: string, advice: string, about?: string): Finding => ({ level: 'warning', found, advice, ...(about !== undefined && { about }) })
export const failure = (found: string, advice: string, about?: string): Finding => ({ level: 'failure', found, advice, ...(about !== undefined && { about }) })

import type { Config, Environment } from '../../config/config.ts'
import type { Settings } from '../../config/settings-file.ts'
import type { VariableName } from '../../config/variables.ts'
import type { StackStatus } from '../../stack/stack-status.ts'

/** `failure`: agents can't work, or not as configured. `warning`: they can, and something wants attention. */
export type Level = 'ok' | 'warning' | 'failure'

export interface Finding {
  readonly level: Level
  /** The subject of the finding, if the check's name does not say it. */
  readonly about?: string
  readonly found: string
  /** What to do; absent where there is nothing to do. */
  readonly advice?: string
}

export interface DoctorContext {
  /** Of environment and settings file together. */
  readonly env: Environment
  readonly settings: Settings
  /** The configuration by all usable settings; unusable ones count as not set. */
  readonly config: Config
  /** What is wrong with the settings, one text each. */
  readonly problems: readonly string[]
  readonly stack: StackStatus
}

/** One thing that the doctor looks at. To add one: write it in a file of its own, and name it in `checks.ts`. */
export interface Check {
  readonly name: string
  /** The settings that the check needs. If one of them is not usable, the check is left out. */
  readonly settings: readonly VariableName[]
  /** Which exit status a failure gives: see `exitStatus` of the command line. */
  readonly failure: 'failure' | 'usage' | 'unavailable'
  /** Milliseconds that it may take. Default 7,500. */
  readonly limitMs?: number
  /** Whether there is anything to look at; default yes. */
  applies?(context: DoctorContext): boolean
  /** May throw; then the error's text is the finding. Secrets in a finding are never shown. */
  run(context: DoctorContext, signal: AbortSignal): Promise<readonly Finding[]>
}

export const ok = (found: string, about?: string): Finding => ({ level: 'ok', found, ...(about !== undefined && { about }) })
export const warning = (found: string, advice: string, about?: string): Finding => ({ level: 'warning', found, advice, ...(about !== undefined && { about }) })
export const failure = (found: string, advice: string, about?: string): Finding => ({ level: 'failure', found, advice, ...(about !== undefined && { about }) })

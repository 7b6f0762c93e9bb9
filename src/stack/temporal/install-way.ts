import type { Environment } from '../../config/config.ts'
import type { OnProgress } from '../progress.ts'

export interface InstallWay {
  readonly name: string
  /** Puts the executable at `target`, whole or not at all. */
  install(target: string, options: { readonly env: Environment; readonly onProgress: OnProgress; readonly signal?: AbortSignal }): Promise<void>
}

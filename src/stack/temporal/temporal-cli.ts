import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Environment } from '../../config/config.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { cacheFolder } from '../home.ts'
import type { OnProgress } from '../progress.ts'
import type { InstallWay } from './install-way.ts'

export interface TemporalCli {
  readonly path: string
  /** For a person: where it was found. */
  readonly source: string
}

export interface FindOptions {
  /** The one to take, by PERDURE_TEMPORAL_CLI. */
  readonly given?: string | undefined
  readonly env: Environment
  readonly onProgress: OnProgress
  readonly signal?: AbortSignal
  /** The ways to get one that is not there yet, in order. */
  readonly ways?: readonly InstallWay[]
}

const executable = process.platform === 'win32' ? 'temporal.exe' : 'temporal'

/**
 * The Temporal CLI, which holds the server: the one that is given, else from `PATH`, else one installed earlier into the cache, else
 * downloaded or built into the cache now.
 * @throws PerdureError `config-invalid` if the given one can't be run; `server-unavailable` naming all that was tried
 */
export async function findTemporalCli(options: FindOptions): Promise<TemporalCli> {
  if (options.given !== undefined) {
    if (isExecutable(options.given)) return { path: options.given, source: 'PERDURE_TEMPORAL_CLI' }
    throw new PerdureError('config-invalid', `PERDURE_TEMPORAL_CLI names ${options.given}, which is no executable file; name the Temporal CLI, or nothing`)
  }
  const onPath = findOnPath(executable, options.env.PATH ?? '')
  if (onPath !== undefined) return { path: onPath, source: 'PATH' }
  const cached = join(cacheFolder(options.env), 'bin', executable)
  if (existsSync(cached)) return { path: cached, source: 'cache' }
  const failures: string[] = []
  for (const way of options.ways ?? (await import('./install-ways.ts')).installWays) {
    try {
      await way.install(cached, options)
      return { path: cached, source: way.name }
    } catch (error) {
      options.signal?.throwIfAborted()
      failures.push(`${way.name}: ${messageOf(error)}`)
    }
  }
  const tried = ['`temporal` on PATH: not there', `the cache: no ${cached}`, ...failures]
  throw new PerdureError(
    'server-unavailable',
    `no Temporal server could be found or installed. Tried:\n${tried.map((line) => `  ${line.replaceAll('\n', '\n    ')}`).join('\n')}\n` +
      'Install the Temporal CLI so that `temporal` is on PATH, or name it by PERDURE_TEMPORAL_CLI, or install Go and try again, or set TEMPORAL_ADDRESS to a server that runs, and start `perdure worker` beside it.',
  )
}

export function findOnPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => isExecutable(file))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

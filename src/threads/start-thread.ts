import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

export interface ThreadOptions {
  /** The `import.meta.url` of a file in the same folder. */
  readonly beside: string
  /** Name of the thread's file, without its ending. */
  readonly file: string
  /** Bound of its own memory. Default: Node's for the process. */
  readonly megabytes?: number
}

/**
 * Starts a thread that alone keeps no process alive. From the sources (development, tests) it needs the loader of the development tools.
 */
export function startThread({ beside, file, megabytes }: ThreadOptions): Worker {
  // Of the process's own arguments some are not for threads.
  const options = { execArgv: [], ...(megabytes !== undefined && { resourceLimits: { maxOldGenerationSizeMb: megabytes } }) }
  const thread = beside.endsWith('.ts') ? new Worker(loading(new URL(`${file}.ts`, beside)), { ...options, eval: true }) : new Worker(new URL(`${file}.js`, beside), options)
  thread.unref()
  return thread
}

function loading(file: URL): string {
  const tsx = new URL('./dist/esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json')))
  return `import(${JSON.stringify(tsx.href)}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}) })`
}

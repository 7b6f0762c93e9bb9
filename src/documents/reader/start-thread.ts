import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

const fromSource = import.meta.url.endsWith('.ts')

/** A thread that reads documents. From the sources (development, tests) it needs the loader of the development tools. */
export function startThread(megabytes: number): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: megabytes }
  // Of the process's own arguments some are not for threads.
  const options = { resourceLimits, execArgv: [] }
  const thread = fromSource ? new Worker(loading(new URL('thread.ts', import.meta.url)), { ...options, eval: true }) : new Worker(new URL('thread.js', import.meta.url), options)
  // An idle thread keeps no process alive.
  thread.unref()
  return thread
}

function loading(file: URL): string {
  const tsx = new URL('./dist/esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json')))
  return `import(${JSON.stringify(tsx.href)}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}) })`
}

import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Whether this runs from the sources (development, tests) and not from what the compiler made. */
const fromSource = import.meta.url.endsWith('.ts')

/**
 * Half of what V8 lets its space for young objects grow to. It gives none of that back to a process that rests: with V8's own bound of 16 a stack at rest took
 * 50 MiB more. Below 8 nothing more is saved. MiB, of each thread.
 */
const youngMegabytes = 8

/** How Node is to be called for one of our own scripts, given without its ending and relative to this folder. */
export function nodeArgumentsFor(script: string): string[] {
  const file = fileURLToPath(new URL(`${script}${fromSource ? '.ts' : '.js'}`, import.meta.url))
  return ['--expose-gc', `--max-semi-space-size=${youngMegabytes}`, ...loader(), file]
}

/** For a script that is given as a file: TypeScript needs the loader of the development tools. */
export function loader(): string[] {
  return fromSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : []
}

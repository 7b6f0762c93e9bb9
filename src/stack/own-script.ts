import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Whether this runs from the sources (development, tests) and not from what the compiler made. */
const fromSource = import.meta.url.endsWith('.ts')

/** How Node is to be called for one of our own scripts, given without its ending and relative to this folder. */
export function nodeArgumentsFor(script: string): string[] {
  const file = fileURLToPath(new URL(`${script}${fromSource ? '.ts' : '.js'}`, import.meta.url))
  return [...loader(), file]
}

/** For a script that is given as a file: TypeScript needs the loader of the development tools. */
export function loader(): string[] {
  return fromSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : []
}

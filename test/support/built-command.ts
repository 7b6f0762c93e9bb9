import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
/** The command line as it is built. */
export const builtCommand = join(root, 'dist', 'cli', 'main.js')
/** What a build writes last. */
const written = join(root, 'dist', 'workflow-bundle-encrypted.js')

/** Whether what is built is of the sources as they are now. */
export function isBuilt(): boolean {
  return existsSync(written) && Math.max(newest(join(root, 'src')), newest(join(root, 'page'))) <= statSync(written).mtimeMs
}

/** When the last of the files in this folder was changed. */
export function newest(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(...names.map((name) => statSync(join(folder, name)).mtimeMs))
}

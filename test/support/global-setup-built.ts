import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The built command line; undefined in projects whose tests run it from its sources. */
    builtCommand: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What a build writes last. */
const written = join(root, 'dist', 'workflow-bundle-encrypted.js')

/**
 * For tests that run the command line: they run what users run, the built package, with its bundles of the workflows. A process starts from it
 * in a third of the time. It is built anew where a source is newer.
 */
export default function setup(project: TestProject): void {
  if (!existsSync(written) || newest(join(root, 'src')) > statSync(written).mtimeMs) {
    const { status, stdout } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    if (status !== 0) throw new Error(`the package can't be built:\n${stdout}`)
  }
  project.provide('builtCommand', join(root, 'dist', 'cli', 'main.js'))
}

/** When the last of these files, or folders, was changed. */
function newest(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(...names.map((name) => statSync(join(folder, name)).mtimeMs))
}

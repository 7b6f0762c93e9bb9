import { spawnSync } from 'node:child_process'
import { isBuilt, root } from './built-command.ts'

/**
 * For tests that run the command line: they run what users run, the built package, with its bundles of the workflows. It is built anew where a
 * source is newer.
 */
export default function setup(): void {
  if (isBuilt()) return
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  if (status !== 0) throw new Error(`the package can't be built:\n${stdout}`)
}

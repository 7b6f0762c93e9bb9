import { basename, join } from 'node:path'
import { userHome, type Environment } from '../../config/config.ts'
import { installAtomically } from '../install-atomically.ts'
import { whileReporting } from '../progress.ts'
import { runCommand } from '../run-command.ts'
import type { InstallWay } from './install-way.ts'

/** The last release that `go install` can build; its server is 1.29.1. Later ones have replace directives, which it refuses. */
const source = 'github.com/temporalio/cli/cmd/temporal@v1.5.1'

/** Builds the Temporal CLI with Go: minutes, once. */
export const buildTemporal: InstallWay['install'] = async (target, { env, onProgress, signal }) => {
  await runCommand('go', ['version'], { env, timeoutMs: 20_000 }).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? new Error('`go` is not on PATH') : error
  })
  await installAtomically(target, async (folder) => {
    const build = () => runCommand('go', ['install', source], { env: { ...env, ...goEnvironment(env), GOBIN: folder }, signal })
    await whileReporting('building the Temporal server from source, some minutes, once', onProgress, build)
    return join(folder, basename(target))
  })
}

/**
 * Go keeps its caches below HOME and does not build without one; and an environment set up to cross-compile, or for vendored
 * modules, would make something that does not run here.
 */
function goEnvironment(env: Environment): Record<string, string> {
  return { HOME: userHome(env), GOOS: '', GOARCH: '', GOFLAGS: '' }
}

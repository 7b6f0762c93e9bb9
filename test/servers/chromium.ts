import { messageOf } from '../../src/protocol/errors.ts'
import { onPath, runCommand } from './run-command.ts'
import type { Unavailable } from './require-server.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const installMs = 600_000

/** The browser for tests of the page: Chromium on `PATH`, or, where it may be installed, the package of Debian. */
export async function findChromium({ install = false } = {}): Promise<{ readonly path: string } | Unavailable> {
  const found = foundOnPath()
  if (found !== undefined) return { path: found }
  if (!install) return { unavailable: 'Chromium is not on PATH' }
  const apt = onPath('apt-get')
  if (apt === undefined || process.getuid?.() !== 0) return { unavailable: 'Chromium is not on PATH, and can be installed here only by root with apt-get' }
  try {
    await runCommand(apt, ['update', '-qq'], { timeoutMs: installMs })
    await runCommand(apt, ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { timeoutMs: installMs })
  } catch (error) {
    return { unavailable: `Chromium is not on PATH, and could not be installed: ${messageOf(error)}` }
  }
  const path = foundOnPath()
  return path === undefined ? { unavailable: 'Chromium was installed, and is not on PATH' } : { path }
}

const foundOnPath = (): string | undefined => names.map(onPath).find((path) => path !== undefined)

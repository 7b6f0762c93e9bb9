import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runCommand } from './run-command.ts'

/**
 * Makes an executable in a folder of its own beside `target`, tries it, and moves it to `target` in one step. Two processes
 * that install at once do the work twice and end with one whole file.
 */
export async function installAtomically(target: string, make: (folder: string) => Promise<string>): Promise<void> {
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, '.install-'))
  try {
    const made = await make(folder)
    await chmod(made, 0o755)
    await runCommand(made, ['--version'], { timeoutMs: 20_000 })
    await rename(made, target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

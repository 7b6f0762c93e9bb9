import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const inMemory = '/dev/shm'
const leastBytes = 2 * 1024 ** 3

/** The configuration is read once for each project, all in one process. Empty: there is no such folder. */
const ofProcess = globalThis as { perdureQuickFolder?: string }

/**
 * Where tests of agents have their memory files, as a variable: in the machine's memory, where that has a folder with room. On a disk each commit waits for it, and with the commit
 * all else that runs in its process. The files are what they are elsewhere; tests that kill processes have theirs on the disk. It goes with this process.
 */
export function quickFolder(): { readonly TMPDIR?: string } {
  const folder = (ofProcess.perdureQuickFolder ??= made())
  return folder === '' ? {} : { TMPDIR: folder }
}

function made(): string {
  try {
    const { bavail, bsize } = statfsSync(inMemory)
    if (bavail * bsize < leastBytes) return ''
    const folder = mkdtempSync(join(inMemory, 'perdure-tests-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    return folder
  } catch {
    // There is none, or nobody may write there.
    return ''
  }
}

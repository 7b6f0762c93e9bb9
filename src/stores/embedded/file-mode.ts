import { chmodSync, closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const ownerOnly = 0o600

/** Makes an empty file that nobody but its owner can read, whatever the umask; false where one is there already. */
export function createPrivately(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', ownerOnly))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  // The umask may have taken the owner's own rights.
  chmodSync(file, ownerOnly)
  return true
}

/**
 * Makes the memory file, if it is not there, so that only its owner can read it; SQLite gives the files beside it (`-wal`, `-shm`) the same
 * rights. Rights of others to a file that is there, and to what belongs to it, are taken away, as 0.2.0 left them to the umask.
 */
export function keepPrivate(file: string): void {
  if (createPrivately(file)) return
  for (const path of filesOf(file)) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode
    if (mode === undefined || privateMode(mode) === (mode & 0o777)) continue
    try {
      chmodSync(path, privateMode(mode))
    } catch {
      // Another user's file: the doctor names it.
    }
  }
}

/** The file, what SQLite puts beside it, and copies of earlier schemas; those that are there. */
export function filesOf(file: string): readonly string[] {
  const [folder, name] = [dirname(file), basename(file)]
  const endings = /^(?:|-wal|-shm|-journal|\.schema-\d+(?:\.\d+\.draft)?)$/
  const found = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []
  return found.filter((entry) => entry.isFile() && entry.name.startsWith(name) && endings.test(entry.name.slice(name.length))).map((entry) => join(folder, entry.name))
}

/** Nothing for everybody. A group that may read and write was let in on purpose: whoever can only read can't open the file anyway. */
export const privateMode = (mode: number): number => mode & ((mode & 0o060) === 0o060 ? 0o770 : 0o700)

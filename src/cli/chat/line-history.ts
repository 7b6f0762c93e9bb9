import { readFileSync } from 'node:fs'
import { writeAtomically } from '../../stack/write-atomically.ts'

/** The lines that were typed in earlier chats, newest first. If the history can't be read, there are none. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '')
  } catch {
    return []
  }
}

/** A history that can't be written is no reason to end a chat. */
export function writeHistory(file: string, lines: readonly string[]): void {
  try {
    writeAtomically(file, `${lines.join('\n')}\n`)
  } catch {
    // A full disk, or a folder that is gone.
  }
}

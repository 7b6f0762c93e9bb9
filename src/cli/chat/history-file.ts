import { readFileSync } from 'node:fs'
import { writeAtomically } from '../../stack/write-atomically.ts'

/** What was entered in earlier chats, newest first. If the history can't be read, there is none. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map(entryOf)
  } catch {
    return []
  }
}

/** One entry a line; one of several lines as JSON. A history that can't be written is no reason to end a chat. */
export function writeHistory(file: string, entries: readonly string[]): void {
  try {
    writeAtomically(file, `${entries.map((entry) => (/^"|\n/.test(entry) ? JSON.stringify(entry) : entry)).join('\n')}\n`)
  } catch {
    // A full disk, or a folder that is gone.
  }
}

function entryOf(line: string): string {
  if (!line.startsWith('"')) return line
  try {
    const read: unknown = JSON.parse(line)
    return typeof read === 'string' ? read : line
  } catch {
    return line
  }
}

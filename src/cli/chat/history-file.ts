import { existsSync, readFileSync } from 'node:fs'
import { parsedJson } from '../../protocol/json.ts'
import { writeAtomically } from '../../stack/write-atomically.ts'
import { withNewest } from '../editor/line-history.ts'

/** What was entered in earlier chats, newest first. If the history can't be read, there is none. */
export function readHistory(file: string): string[] {
  try {
    return entriesIn(file)
  } catch {
    return []
  }
}

/**
 * Puts an entry before those that are in the file now: other chats may have added theirs since. Only one that another chat adds in the very
 * moment between reading and writing is lost. A history that can't be read or written stays as it is: it is no reason to end a chat.
 */
export function addToHistory(file: string, entry: string): void {
  try {
    const entries = withNewest(entry, existsSync(file) ? entriesIn(file) : [])
    writeAtomically(file, `${entries.map(lineOf).join('\n')}\n`)
  } catch {
    // A full disk, or a folder that is gone.
  }
}

const entriesIn = (file: string): string[] => readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map(entryOf)

/** One entry a line; one of several lines as JSON. */
const lineOf = (entry: string): string => (/^"|\n/.test(entry) ? JSON.stringify(entry) : entry)

function entryOf(line: string): string {
  if (!line.startsWith('"')) return line
  const read = parsedJson(line)
  return typeof read === 'string' ? read : line
}

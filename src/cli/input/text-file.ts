import { readFileSync, statSync } from 'node:fs'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { limits } from '../../protocol/limits.ts'

/** UTF-8 takes at most this many bytes for one of JavaScript's characters. */
const bytesPerCharacter = 3

/**
 * The text of a file that is to become a block of core memory.
 * @throws PerdureError `file-unreadable` naming the file, what is wrong with it and what would be right
 */
export function readTextFile(file: string, option: string): string {
  const wanted = `${option} takes a text file (UTF-8) of at most ${limits.blockLimitCharacters.toLocaleString('en-US')} characters`
  const refuse = (what: string, cause?: unknown): PerdureError => new PerdureError('file-unreadable', `${file} ${what}; ${wanted}`, { cause })
  const content = readBytes(file, refuse)
  const text = textOf(content)
  if (text === undefined) throw refuse('is not text')
  if (text === '') throw refuse('is empty')
  if (text.length > limits.blockLimitCharacters) {
    throw refuse(`has ${text.length.toLocaleString('en-US')} characters, ${(text.length - limits.blockLimitCharacters).toLocaleString('en-US')} too many`)
  }
  return text
}

function readBytes(file: string, refuse: (what: string, cause?: unknown) => PerdureError): Buffer {
  try {
    const stats = statSync(file)
    if (stats.isDirectory()) throw refuse('is a folder')
    if (!stats.isFile() && !stats.isFIFO()) throw refuse('is no file')
    if (stats.size > limits.blockLimitCharacters * bytesPerCharacter) throw refuse(`has ${stats.size.toLocaleString('en-US')} bytes, which is too large`)
    return readFileSync(file)
  } catch (error) {
    if (PerdureError.isInstance(error)) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') throw refuse('is not there', error)
    if (code === 'EACCES') throw refuse('may not be read by this user', error)
    throw refuse(`can't be read (${messageOf(error)})`, error)
  }
}

/** Undefined for what is not UTF-8, or holds what no text holds. A byte order mark and blank edges are left out. */
function textOf(content: Buffer): string | undefined {
  if (content.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content).trim()
  } catch {
    return undefined
  }
}

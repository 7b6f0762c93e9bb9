import { matchAt } from './match-at.ts'

/** An escape of a JSON string, as it stands there and as it is meant. */
export interface Escape {
  readonly length: number
  readonly text: string
}

const meant: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t' }
const unfinished = /\\(?:u[\da-fA-F]{0,3})?$/y
const ofCode = /\\u([\da-fA-F]{4})/y

/**
 * The escape that begins at a backslash. A backslash with which JSON begins no escape was meant as one, and stays: models write paths
 * (`C:\Users`), patterns (`\d+`) and LaTeX (`\mathrm`) as they are. So does that of a `\u` without its four digits, and what follows it is
 * read on. Of `C:\new` nobody can know: there JSON holds. Whoever shows a text while it is written, and whoever reads it in the end, go by
 * this. Undefined where the text ends before it is known which escape this is.
 */
export function escapeAt(text: string, at: number): Escape | undefined {
  if (matchAt(unfinished, text, at) !== undefined) return undefined
  const code = matchAt(ofCode, text, at)?.[1]
  if (code !== undefined) return { length: 6, text: String.fromCharCode(Number.parseInt(code, 16)) }
  const sign = text.charAt(at + 1)
  return { length: 2, text: meant[sign] ?? `\\${sign}` }
}

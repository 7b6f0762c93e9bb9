import { detect } from 'chardet'
import { PerdureError } from '../protocol/errors.ts'

const byteOrderMarks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** Bytes from which an encoding is guessed. */
const sample = 64 * 1024

/**
 * The text of a file: by its byte order mark, as UTF-8 where it is UTF-8, else in the encoding that its bytes look like. Line ends
 * become `\n`.
 * @throws PerdureError `document-binary`
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const marked = byteOrderMarks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))
  const text = marked ? new TextDecoder(marked[0]).decode(bytes) : (asUtf8(bytes) ?? inGuessedEncoding(bytes))
  if (text === undefined || isBinary(text)) throw new PerdureError('document-binary', `${name} is not text in any encoding known here; convert it to text, PDF, DOCX or HTML`)
  return text.replaceAll(/\r\n?/g, '\n')
}

function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function inGuessedEncoding(bytes: Uint8Array): string | undefined {
  const encoding = detect(bytes.subarray(0, sample))
  if (encoding === null) return undefined
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {
    return undefined
  }
}

/** No text holds the character 0, nor many other control characters. */
function isBinary(text: string): boolean {
  const head = text.slice(0, sample)
  if (head.includes('\0')) return true
  const controls = Array.from(head).filter((character) => character < ' ' && !'\n\r\t\f\v\b\u001b'.includes(character)).length
  return controls > head.length / 50
}

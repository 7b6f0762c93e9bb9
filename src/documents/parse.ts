import { sizeProblem, type Chunk } from '../protocol/documents.ts'
import { PerdureError, type ErrorCode } from '../protocol/errors.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import { chunksOf } from './chunks.ts'
import { formatOf, type Format } from './format.ts'
import type { Found } from './found.ts'
import { DocumentProblem } from './problem.ts'
import { readers } from './readers.ts'

/** A larger file of these formats is read as plain text: its structure would take minutes to find. Nobody writes such a file by hand. */
const mostStructured: Partial<Readonly<Record<Format, number>>> = { code: 1024 * 1024, markdown: 4 * 1024 * 1024, html: 16 * 1024 * 1024 }

export interface File {
  /** Path or name; its extension tells formats apart that look alike. */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface ReadingDocument {
  /** Complete when the last chunk was given. */
  readonly found: Found
  readonly chunks: AsyncIterable<Chunk>
}

/**
 * A file as chunks of text that say where they stand, one after the other. The same bytes under the same name always give the same chunks.
 * It works in the thread that calls it, for as long as it takes; `createReader` gives bounds.
 * @throws PerdureError `document-too-large`, `document-empty`, `document-unread`, `document-binary`, `document-encrypted`, `document-broken`; so does the iteration
 */
export async function readChunks({ name, bytes }: File): Promise<ReadingDocument> {
  const problem = sizeProblem(name, bytes.length)
  if (problem !== undefined) throw problem
  let format: Format | undefined
  try {
    const known = formatOf(name, bytes)
    const { extension } = known
    format = known.format
    const found: Found = { format }
    const as = bytes.length > (mostStructured[format] ?? Infinity) ? 'text' : format
    return { found, chunks: named(chunksOf(await readers[as]({ bytes, extension, found })), name, found) }
  } catch (error) {
    throw errorOf(error, name, format)
  }
}

async function* named(chunks: AsyncIterable<Chunk>, name: string, found: Found): AsyncGenerator<Chunk> {
  let empty = true
  try {
    for await (const chunk of chunks) {
      empty = false
      // Formats with escapes can write half of a character, which no store holds.
      yield { ...chunk, text: wellFormed(chunk.text), ...(chunk.heading !== undefined && { heading: wellFormed(chunk.heading) }) }
    }
  } catch (error) {
    throw errorOf(error, name, found.format)
  }
  if (empty) throw found.unread === undefined ? new PerdureError('document-empty', `${name} holds no text`) : new PerdureError('document-unread', `${name} holds no text that is read: ${found.unread}`)
}

/** The readers' errors by our names; what they say of the inside of a file is no use to its owner. */
function errorOf(error: unknown, name: string, format: Format = 'text'): PerdureError {
  if (PerdureError.isInstance(error)) return error
  if (error instanceof DocumentProblem) return new PerdureError(error.code, `${name} ${error.message}`)
  const kind = error instanceof Error ? error.name : ''
  const [code, text]: readonly [ErrorCode, string] =
    kind === 'PasswordException'
      ? ['document-encrypted', `${name} is encrypted; save it without a password first`]
      : ['document-broken', `${name} can't be read as ${format.toUpperCase()}: the file is damaged or incomplete`]
  return new PerdureError(code, text, { cause: error })
}

import { sizeProblem, type Chunk } from '../protocol/documents.ts'
import { PerdureError, type ErrorCode } from '../protocol/errors.ts'
import { chunksOf } from './chunks.ts'
import { decodeText } from './decode.ts'
import { formatOf, type Format } from './format.ts'
import { codeParts, parserOf } from './formats/code.ts'
import { csvParts } from './formats/csv.ts'
import { docxParts } from './formats/docx.ts'
import { htmlParts } from './formats/html.ts'
import { markdownParts } from './formats/markdown.ts'
import { pdfParts } from './formats/pdf.ts'
import { textParts } from './formats/text.ts'
import type { Part } from './part.ts'

/**
 * A larger file of these formats is read as plain text, because its reader would hold up the whole process for seconds. Nobody writes such
 * a file by hand.
 */
const mostStructured: Partial<Readonly<Record<Format, number>>> = { code: 1024 * 1024, markdown: 4 * 1024 * 1024, html: 16 * 1024 * 1024 }

export interface ParsedDocument {
  readonly format: Format
  /** Where the format has pages. */
  readonly pages?: number
  readonly chunks: readonly Chunk[]
}

/**
 * A file as chunks of text that say where they stand. The same bytes under the same name always give the same chunks.
 * @param name path or name; its extension tells formats apart that look alike
 * @throws PerdureError `document-too-large`, `document-empty`, `document-binary`, `document-encrypted`, `document-broken`
 */
export async function parseDocument({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): Promise<ParsedDocument> {
  const problem = sizeProblem(name, bytes.length)
  if (problem !== undefined) throw problem
  const { format, extension } = formatOf(name, bytes)
  const { parts, pages } = await readParts({ name, bytes, format, extension })
  const chunks = chunksOf(parts)
  if (chunks.length > 0) return { format, chunks, ...(pages !== undefined && { pages }) }
  throw new PerdureError('document-empty', format === 'pdf' ? `${name} holds no text: its pages are pictures; run text recognition over it first` : `${name} holds no text`)
}

interface Source {
  readonly name: string
  readonly bytes: Uint8Array
  readonly format: Format
  readonly extension: string
}

async function readParts({ name, bytes, format, extension }: Source): Promise<{ readonly parts: readonly Part[]; readonly pages?: number }> {
  try {
    if (format === 'pdf') return await pdfParts(bytes)
    if (format === 'docx') return { parts: await docxParts(bytes) }
    return { parts: textualParts(decodeText(bytes, name), bytes.length > (mostStructured[format] ?? Infinity) ? 'text' : format, extension) }
  } catch (error) {
    throw named(error, name, format)
  }
}

function textualParts(text: string, format: Format, extension: string): Part[] {
  switch (format) {
    case 'markdown':
      return markdownParts(text)
    case 'html':
      return htmlParts(text)
    case 'csv':
      return csvParts(text, extension === 'tsv' ? '\t' : ',')
    case 'code': {
      const parser = parserOf(extension)
      return parser === undefined ? textParts(text) : codeParts(text, parser)
    }
    default:
      return textParts(text)
  }
}

/** The readers' errors by our names; what they say of the inside of a file is no use to its owner. */
function named(error: unknown, name: string, format: Format): PerdureError {
  if (PerdureError.isInstance(error)) return error
  const kind = error instanceof Error ? error.name : ''
  const [code, text]: readonly [ErrorCode, string] =
    kind === 'PasswordException'
      ? ['document-encrypted', `${name} is encrypted; save it without a password first`]
      : ['document-broken', `${name} can't be read as ${format.toUpperCase()}: the file is damaged or incomplete`]
  return new PerdureError(code, text, { cause: error })
}

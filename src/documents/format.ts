import { PerdureError } from '../protocol/errors.ts'
import { parserOf } from './formats/code.ts'

export type Format = 'pdf' | 'docx' | 'markdown' | 'html' | 'csv' | 'code' | 'text'

const byExtension: Readonly<Record<string, Format>> = {
  pdf: 'pdf', docx: 'docx', md: 'markdown', markdown: 'markdown', mdx: 'markdown', html: 'html', htm: 'html', xhtml: 'html', csv: 'csv', tsv: 'csv',
}

/** Formats that begin with signs of their own, and are no text to us. */
const otherBinaries: readonly (readonly [what: string, signs: readonly number[]])[] = [
  ['an old Word, Excel or PowerPoint file', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a picture', [0x89, 0x50, 0x4e, 0x47]],
  ['a picture', [0xff, 0xd8, 0xff]],
  ['a picture', [0x47, 0x49, 0x46, 0x38]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['compressed', [0x1f, 0x8b]],
]
const pdfSigns = [0x25, 0x50, 0x44, 0x46]
const zipSigns = [0x50, 0x4b, 0x03, 0x04]

/**
 * The format of a file: by its content if that is plain, else by its name.
 * @throws PerdureError `document-binary` for what nothing here reads
 */
export function formatOf(name: string, bytes: Uint8Array): { readonly format: Format; readonly extension: string } {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const named = byExtension[extension]
  const begins = (signs: readonly number[]): boolean => signs.every((sign, index) => bytes[index] === sign)
  if (begins(pdfSigns)) return { format: 'pdf', extension }
  if (begins(zipSigns)) {
    if (includesName(bytes, 'word/document.xml')) return { format: 'docx', extension }
    throw new PerdureError('document-binary', `${name} is a ZIP archive, or a document in one that is not DOCX; unpack or convert it first`)
  }
  const other = otherBinaries.find(([, signs]) => begins(signs))
  if (other) throw new PerdureError('document-binary', `${name} is ${other[0]}; load text, Markdown, HTML, PDF, DOCX, CSV or source code`)
  // A file that calls itself PDF or DOCX and does not begin so is a damaged one; its reader says so.
  return { format: named ?? (parserOf(extension) === undefined ? 'text' : 'code'), extension }
}

const includesName = (bytes: Uint8Array, name: string): boolean => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(name)

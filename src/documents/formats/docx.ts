import { Blocks } from '../blocks.ts'
import { decodeText } from '../decode.ts'
import type { Found } from '../found.ts'
import type { Part } from '../part.ts'
import { Zip } from '../zip.ts'
import { embeddedIn, noteAttachments } from './attachments.ts'
import { DocxNumbers } from './docx-numbers.ts'
import { docxReader, type DocxContext } from './docx-reader.ts'
import { headingStyles } from './docx-styles.ts'
import { drawingParts } from './drawing.ts'
import { htmlParts } from './html.ts'
import { mainPart, relationOf, relationsOf, relationsOfType } from './related.ts'
import { rtfParts } from './rtf.ts'
import { textParts } from './text.ts'
import { attribute, isXml, readSmallXml, xmlParts, type XmlReader } from './xml.ts'

/**
 * Paragraphs under their headings, rows of tables, text boxes; notes and comments in brackets where they are referred to; then what
 * diagrams and charts say, and headers and footers, each once. @throws Error for what is no such file
 */
export function* docxParts(bytes: Uint8Array, found: Found): Generator<Part> {
  if (isXml(bytes)) {
    yield* flatParts(bytes)
    return
  }
  const zip = new Zip(bytes)
  const main = mainPart(zip) ?? 'word/document.xml'
  const body = zip.read(main)
  if (body === undefined) throw new Error('no document')
  const relations = relationsOf(zip, main)
  const parts = (...types: readonly string[]): Uint8Array[] => relationsOfType(relations, ...types).flatMap((path) => zip.read(path) ?? [])
  const chunks = new Map(relationsOfType(relations, 'aFChunk').map((path) => [path, chunkLines(path, zip.read(path))]))
  noteAttachments(found, [...embeddedIn(zip), ...[...chunks].flatMap(([path, lines]) => (lines === undefined ? [path] : []))])
  // Lists of notes are counted apart from those of the text.
  const numbers = (): DocxNumbers => new DocxNumbers(parts('numbering')[0], parts('styles')[0])
  const context: DocxContext = {
    levels: headingStyles(parts('styles')[0]),
    numbers: numbers(),
    chunk: (attributes) => chunks.get(relationOf(relations, attributes)?.target ?? '') ?? [],
    notes: { footnote: notesOf(parts('footnotes'), numbers()), endnote: notesOf(parts('endnotes'), numbers()), comment: notesOf(parts('comments'), numbers()) },
  }
  yield* wordParts(body, context)
  for (const xml of parts('diagramData', 'chart')) yield* drawingParts(xml, new Blocks())
  const seen = new Set<string>()
  for (const xml of parts('header', 'footer')) {
    for (const part of wordParts(xml, context)) {
      if (seen.has(part.text)) continue
      seen.add(part.text)
      yield { text: part.text }
    }
  }
}

/** A document that is one file of XML, as Word 2003 and programs of today write it: its text, with what stands above and below its pages. */
function* flatParts(bytes: Uint8Array): Generator<Part> {
  const numbers = (): DocxNumbers => new DocxNumbers(bytes, bytes)
  const blocks = new Blocks()
  const none = new Map<string, string>()
  const context: DocxContext = { levels: headingStyles(bytes), numbers: numbers(), chunk: () => [], notes: { footnote: notesOf([bytes], numbers()), endnote: none, comment: none } }
  yield* xmlParts(bytes, onlyWithin(new Set(['body', 'hdr', 'ftr']), docxReader(blocks, context)), blocks)
}

function onlyWithin(elements: ReadonlySet<string>, reader: XmlReader): XmlReader {
  let depth = 0
  return {
    open: (name, attributes) => {
      if (elements.has(name)) depth += 1
      else if (depth > 0) reader.open?.(name, attributes)
    },
    text: (text) => {
      if (depth > 0) reader.text?.(text)
    },
    close: (name) => {
      if (elements.has(name)) depth -= 1
      else if (depth > 0) reader.close?.(name)
    },
  }
}

/**
 * The paragraphs of a document of another format that stands within the text, as programs that put reports together leave it to Word to read. Undefined
 * for what is not read there.
 */
function chunkLines(path: string, bytes: Uint8Array | undefined): string[] | undefined {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  if (bytes === undefined) return undefined
  const parts = /^x?html?$/.test(extension) ? htmlParts(decodeText(bytes, extension), extension) : extension === 'rtf' ? rtfParts(bytes) : extension === 'txt' ? textParts(decodeText(bytes, extension)) : extension === 'docx' ? docxParts(bytes, { format: 'docx' }) : undefined
  return parts === undefined ? undefined : Array.from(parts, ({ text }) => text)
}

function* wordParts(xml: Uint8Array, context: DocxContext): Generator<Part> {
  const blocks = new Blocks()
  yield* xmlParts(xml, docxReader(blocks, context), blocks)
}

/**
 * By id, read as the text is: with its signs and formulas, without what was moved or deleted. The lines that Word draws above notes are notes too, without
 * text.
 */
function notesOf(xmls: readonly Uint8Array[], numbers: DocxNumbers): Map<string, string> {
  const notes = new Map<string, string>()
  const none = new Map<string, string>()
  for (const xml of xmls) {
    const blocks = new Blocks()
    const reader = docxReader(blocks, { levels: new Map(), numbers, chunk: () => [], notes: { footnote: none, endnote: none, comment: none } })
    let id = ''
    readSmallXml(xml, {
      open: (name, attributes) => {
        if (isNote(name)) {
          id = attribute(attributes, 'id') ?? ''
          blocks.take()
        }
        reader.open?.(name, attributes)
      },
      text: (text) => reader.text?.(text),
      close: (name) => {
        reader.close?.(name)
        if (isNote(name)) notes.set(id, blocks.take().map(({ text }) => text).join(' '))
      },
    })
  }
  return notes
}

const isNote = (name: string): boolean => name === 'footnote' || name === 'endnote' || name === 'comment'

import { withoutData } from './data-urls.ts'
import { decodeText } from './decode.ts'
import type { Format } from './format.ts'
import type { Found } from './found.ts'
import { joinHyphens } from './hyphens.ts'
import type { Parts } from './part.ts'

export interface Source {
  readonly bytes: Uint8Array
  readonly extension: string
  /** What is learned while it is read. */
  readonly found: Found
}

/** By format. Each reader is loaded when the first such document comes: together they take a while. */
export const readers: Readonly<Record<Format, (source: Source) => Promise<Parts>>> = {
  pdf: async ({ bytes, found }) => (await import('./formats/pdf.ts')).pdfParts(bytes, found),
  docx: async ({ bytes, found }) => (await import('./formats/docx.ts')).docxParts(bytes, found),
  pptx: async ({ bytes, found }) => (await import('./formats/pptx.ts')).pptxParts(bytes, found),
  xlsx: async ({ bytes, found }) => (await import('./formats/xlsx.ts')).xlsxParts(bytes, found),
  odt: odf,
  ods: odf,
  odp: odf,
  epub: async ({ bytes, found }) => (await import('./formats/epub.ts')).epubParts(bytes, found),
  fb2: async ({ bytes }) => (await import('./formats/fb2.ts')).fb2Parts(bytes),
  rtf: async ({ bytes }) => (await import('./formats/rtf.ts')).rtfParts(bytes),
  mail: async ({ bytes, found }) => (await import('./formats/mail.ts')).emlParts(bytes, found),
  mailbox: async ({ bytes, found }) => (await import('./formats/mail.ts')).mboxParts(bytes, found),
  notebook: async (source) => (await import('./formats/notebook.ts')).notebookParts(textOf(source)),
  json: async (source) => (await import('./formats/json.ts')).jsonParts(textOf(source)),
  yaml: async (source) => (await import('./formats/yaml.ts')).yamlParts(textOf(source)),
  subtitles: async (source) => (await import('./formats/subtitles.ts')).subtitleParts(textOf(source)),
  cards: async (source) => (await import('./formats/cards.ts')).cardParts(textOf(source)),
  markdown: async (source) => {
    const text = textOf(source)
    return longBlanks.test(text) ? readers.text(source) : (await import('./formats/markdown.ts')).markdownParts(text)
  },
  html: async (source) => (await import('./formats/html.ts')).htmlParts(textOf(source), source.extension),
  svg: async ({ bytes }) => (await import('./formats/svg.ts')).svgParts(bytes),
  csv: async (source) => (await import('./formats/csv.ts')).csvParts(textOf(source), source.extension),
  code: async (source) => {
    const { codeParts, parserOf } = await import('./formats/code.ts')
    const parser = parserOf(source.extension)
    return parser === undefined ? await readers.text(source) : codeParts(textOf(source), parser)
  },
  text: async (source) => {
    const { withLetters } = await import('./formats/escaped-letters.ts')
    const text = joinHyphens(withLetters(textOf(source), source.extension))
    const { aozoraParts, hasAozoraMarks } = await import('./formats/aozora.ts')
    return hasAozoraMarks(text) ? aozoraParts(text) : (await import('./formats/text.ts')).textParts(text)
  },
}

/** Over such runs the parser of Markdown takes the square of their length. */
const longBlanks = /[ \t]{2000}/

async function odf({ bytes, found }: Source): Promise<Parts> {
  return (await import('./formats/odf.ts')).odfParts(bytes, found)
}

const textOf = ({ bytes, extension }: Source): string => withoutData(decodeText(bytes, extension))

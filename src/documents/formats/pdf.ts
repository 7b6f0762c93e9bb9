import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getDocument, type PDFDocumentLoadingTask, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { isRecord } from '../../protocol/is-record.ts'
import type { Found } from '../found.ts'
import { noteAttachments } from './attachments.ts'
import { HyphenJoiner } from '../hyphens.ts'
import { Headings, type Part } from '../part.ts'
import { withAccents } from './pdf-accents.ts'
import { characterMaps } from './pdf-character-maps.ts'
import { linesOf, type Line } from './pdf-lines.ts'
import { asSpoken } from './pdf-spoken.ts'
import { prepareWorker } from './pdf-worker.ts'
import { xfaLines } from './xfa.ts'

/** How much larger than the page's usual letters a heading's are. */
const headingFactor = 1.25
/** A heading is short. */
const headingCharacters = 120

/** Where the reader keeps the maps of Chinese, Japanese and Korean fonts that are not in the file, and the widths of usual fonts. */
const shipped = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

interface Annotation {
  readonly fieldName?: string
  readonly fieldValue?: unknown
  /** Of a list to choose from: what a program keeps of each entry, and what a person sees. */
  readonly options?: readonly { readonly exportValue?: unknown; readonly displayValue?: unknown }[]
  readonly contentsObj?: { readonly str?: string }
  /** What is attached at this place. */
  readonly file?: { readonly filename?: string }
}

/**
 * The text of each page, in the order in which the file has it, with what stands in its form fields and notes. A scanned page has none; such
 * pages are named, and so are those that are damaged in the file.
 * @throws Error by name: `PasswordException` for an encrypted file, others for a broken one
 */
export async function* pdfParts(bytes: Uint8Array, found: Found): AsyncGenerator<Part> {
  prepareWorker()
  const strict = opened(bytes, { stopAtErrors: true })
  /** Goes on where a page is damaged; opened when one is. */
  let lenient: PDFDocumentLoadingTask | undefined
  const [empty, damaged, illegible]: [number[], number[], number[]] = [[], [], []]
  let read = false
  const attached = new Set<string>()
  try {
    const pdf = await strict.promise
    for (const name of Object.keys(((await pdf.getAttachments().catch(() => undefined)) ?? {}) as object)) attached.add(name)
    found.pages = pdf.numPages
    const headings = new Headings()
    const hyphens = new HyphenJoiner()
    for (let number = 1; number <= pdf.numPages; number += 1) {
      let content: PageContent
      try {
        content = await contentOf(pdf, number)
      } catch {
        damaged.push(number)
        lenient ??= opened(bytes, { stopAtErrors: false })
        content = await contentOf(await lenient.promise, number).catch(() => ({ items: [], drawn: [], annotations: [] }))
      }
      if (isIllegible(content.items) || (isIllegible(content.drawn) && hasUnknown(content.items))) illegible.push(number)
      const parts = pageParts(withAccents(linesOf(content.items.map(withoutUnknown))), { page: number, headings, hyphens })
      const notes = annotationLines(content.annotations)
      for (const { file } of content.annotations) if (file?.filename) attached.add(file.filename)
      if (notes.length > 0) parts.push({ text: notes.join('\n'), page: number })
      if (parts.length === 0 && ![damaged.at(-1), illegible.at(-1)].includes(number)) empty.push(number)
      else if (parts.length > 0) read = true
      yield* parts
    }
  } finally {
    await strict.destroy()
    await lenient?.destroy()
  }
  if (damaged.length > 0 && !read) throw new Error('no page can be read')
  const unread = [emptyPages(empty), illegiblePages(illegible), damagedPages(damaged)].filter((one) => one !== undefined)
  if (unread.length > 0) found.unread = unread.join('; ')
  noteAttachments(found, [...attached])
}

const opened = (bytes: Uint8Array, { stopAtErrors }: { readonly stopAtErrors: boolean }): PDFDocumentLoadingTask =>
  getDocument({
    // The reader takes its input over, so it gets a copy.
    data: new Uint8Array(bytes), stopAtErrors, verbosity: 0, isEvalSupported: false, enableXfa: true, useSystemFonts: false, disableFontFace: true,
    CMapReaderFactory: characterMaps(join(shipped, 'cmaps')), standardFontDataUrl: `${join(shipped, 'standard_fonts')}/`,
  })

interface PageContent {
  readonly items: readonly unknown[]
  /** The same without what the file says of how they are read. */
  readonly drawn: readonly unknown[]
  readonly annotations: readonly Annotation[]
}

async function contentOf(pdf: PDFDocumentProxy, number: number): Promise<PageContent> {
  const page = await pdf.getPage(number)
  // A form made of XML has its pages there; what stands in the file beside it says that one has to wait.
  const drawn = pdf.isPureXfa ? xfaLines(await page.getXfa()).map((str) => ({ str, hasEOL: true })) : (await page.getTextContent({ includeMarkedContent: true })).items
  const annotations = (await page.getAnnotations()) as Annotation[]
  page.cleanup()
  return { items: asSpoken(drawn), drawn, annotations }
}

const textOf = (item: unknown): string => (isRecord(item) && typeof item['str'] === 'string' ? item['str'] : '')

/** What a letter is of which a file has the shape and does not say more. */
const unknown = /[\0\ufffd\p{Co}]/gu

/** A word, or a piece of one, that may have such letters. */
const word = /[\0\ufffd\p{Co}\p{L}]{2,}/gu
const unknownIn = (text: string): number => text.match(unknown)?.length ?? 0
const hasUnknown = (items: readonly unknown[]): boolean => items.some((item) => unknownIn(textOf(item)) > 0)

/**
 * Whether so many letters are unknown that words are missing. What is unknown may be a sign in front of an entry of a list, or an icon: such a one stands
 * alone, and on a page with few letters, as a last slide with its icons, several such are no words.
 */
function isIllegible(items: readonly unknown[]): boolean {
  const texts = items.map(textOf)
  const count = unknownIn(texts.join(''))
  if (count <= 2) return false
  const letters = texts.reduce((sum, text) => sum + (text.match(/\p{L}/gu)?.length ?? 0), 0)
  const inWords = texts.reduce((sum, text) => sum + (text.match(word) ?? []).reduce((all, one) => all + unknownIn(one), 0), 0)
  return inWords > 2 && letters < fewLetters ? inWords > letters * leastUnknown : count > letters * (letters < fewLetters ? 1 : leastUnknown)
}
const leastUnknown = 0.1
const fewLetters = 30

/** Soft hyphens that are drawn are hyphens. */
const withoutUnknown = (item: unknown): unknown => (isRecord(item) && /[\0\u00ad]/.test(textOf(item)) ? { ...item, str: textOf(item).replaceAll('\0', '').replaceAll('\u00ad', '-') } : item)

function illegiblePages(pages: readonly number[]): string | undefined {
  if (pages.length === 0) return undefined
  return `${pages.length === 1 ? 'page' : 'pages'} ${ranges(pages)} ${pages.length === 1 ? 'has' : 'have'} letters of which the file shows the form and does not say which they are; run text recognition over ${pages.length === 1 ? 'it' : 'them'} first`
}

function emptyPages(pages: readonly number[]): string | undefined {
  if (pages.length === 0) return undefined
  const one = pages.length === 1
  return `${one ? 'page' : 'pages'} ${ranges(pages)} ${one ? 'holds' : 'hold'} no text; where ${one ? 'it is a picture' : 'they are pictures'}, run text recognition over ${one ? 'it' : 'them'} first`
}

function damagedPages(pages: readonly number[]): string | undefined {
  if (pages.length === 0) return undefined
  return `${pages.length === 1 ? 'page' : 'pages'} ${ranges(pages)} ${pages.length === 1 ? 'is' : 'are'} damaged in the file, and text may be missing there`
}

interface Page {
  readonly page: number
  readonly headings: Headings
  readonly hyphens: HyphenJoiner
}

/** Lines in larger letters are headings; what stands between two of them is one part. */
function pageParts(lines: readonly Line[], { page, headings, hyphens }: Page): Part[] {
  const heights = lines.filter(({ text }) => text !== '').map(({ height }) => height).toSorted((a, b) => a - b)
  const usual = heights[Math.floor((heights.length - 1) / 2)] ?? 0
  const parts: Part[] = []
  let body: string[] = []
  const close = (): void => {
    const text = hyphens.join(body, { wholeLines: true }).join('\n').replaceAll('\u00ad', '').trim()
    const heading = headings.path
    if (text !== '') parts.push({ text, page, ...(heading !== undefined && { heading }) })
    body = []
  }
  for (const { text, height } of lines) {
    const isHeading = heights.length > 1 && height > usual * headingFactor && text.length <= headingCharacters && /\p{L}/u.test(text)
    if (isHeading) {
      close()
      headings.enter(1, text)
    }
    body.push(text)
  }
  close()
  return parts
}

/** `name: value` of form fields that are filled in, and the words of notes. */
function annotationLines(annotations: readonly Annotation[]): string[] {
  const lines = annotations.flatMap(({ fieldName, fieldValue, options = [], contentsObj }) => {
    const seen = new Map(options.map(({ exportValue, displayValue }) => [exportValue, displayValue]))
    const value = [fieldValue].flat().map((one) => seen.get(one) ?? one).filter((one) => typeof one === 'string').join(', ')
    const note = contentsObj?.str?.trim() ?? ''
    return [...(fieldName !== undefined && value.trim() !== '' && value !== 'Off' ? [`${fieldName}: ${value.trim()}`] : []), ...(note === '' ? [] : [note])]
  })
  return [...new Set(lines)]
}

/** `3, 5-7` */
export function ranges(numbers: readonly number[]): string {
  const runs: [from: number, to: number][] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  const shown = runs.slice(0, 20).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  return shown.join(', ') + (runs.length > 20 ? ', …' : '')
}

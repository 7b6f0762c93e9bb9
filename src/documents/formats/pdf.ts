import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { Found } from '../found.ts'
import { HyphenJoiner } from '../hyphens.ts'
import { Headings, type Part } from '../part.ts'
import { characterMaps } from './pdf-character-maps.ts'
import { linesOf, type Line } from './pdf-lines.ts'

/** How much larger than the page's usual letters a heading's are. */
const headingFactor = 1.25
/** A heading is short. */
const headingCharacters = 120

/** Where the reader keeps the maps of Chinese, Japanese and Korean fonts that are not in the file, and the widths of usual fonts. */
const shipped = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

interface Annotation {
  readonly fieldName?: string
  readonly fieldValue?: unknown
  readonly contentsObj?: { readonly str?: string }
}

/**
 * The text of each page, in the order in which the file has it, with what stands in its form fields and notes. A scanned page has none; such
 * pages are named.
 * @throws Error by name: `PasswordException` for an encrypted file, others for a broken one
 */
export async function* pdfParts(bytes: Uint8Array, found: Found): AsyncGenerator<Part> {
  const reading = getDocument({
    // The reader takes its input over, so it gets a copy.
    data: new Uint8Array(bytes), verbosity: 0, isEvalSupported: false, useSystemFonts: false, disableFontFace: true,
    CMapReaderFactory: characterMaps(join(shipped, 'cmaps')), standardFontDataUrl: `${join(shipped, 'standard_fonts')}/`,
  })
  const empty: number[] = []
  try {
    const pdf = await reading.promise
    found.pages = pdf.numPages
    const headings = new Headings()
    const hyphens = new HyphenJoiner()
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent()
      const parts = pageParts(linesOf(items), { page: number, headings, hyphens })
      const notes = annotationLines((await page.getAnnotations()) as Annotation[])
      if (notes.length > 0) parts.push({ text: notes.join('\n'), page: number })
      if (parts.length === 0) empty.push(number)
      yield* parts
      page.cleanup()
    }
  } finally {
    await reading.destroy()
  }
  if (empty.length > 0) {
    const one = empty.length === 1
    found.unread = `${one ? 'page' : 'pages'} ${ranges(empty)} ${one ? 'holds' : 'hold'} no text; where ${one ? 'it is a picture' : 'they are pictures'}, run text recognition over ${one ? 'it' : 'them'} first`
  }
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
  const lines = annotations.flatMap(({ fieldName, fieldValue, contentsObj }) => {
    const value = Array.isArray(fieldValue) ? fieldValue.join(', ') : typeof fieldValue === 'string' ? fieldValue : ''
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

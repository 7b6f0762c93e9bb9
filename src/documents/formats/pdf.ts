import { getDocumentProxy } from 'unpdf'
import { Headings, type Part } from '../part.ts'

/** The part in use of the reader's document; it ships no types of its own for it. */
interface PdfDocument {
  readonly numPages: number
  getPage(number: number): Promise<PdfPage>
  destroy(): Promise<void>
}

interface PdfPage {
  getTextContent(): Promise<{ readonly items: readonly unknown[] }>
  cleanup(): void
}

/** A line of text as it stands on a page. */
interface Line {
  readonly text: string
  /** Height of its letters. */
  readonly height: number
}

/** How much larger than the page's usual letters a heading's are. */
const headingFactor = 1.25
/** A heading is short. */
const headingCharacters = 120

/**
 * The text of each page, in the order in which the file has it. A scanned page has none.
 * @throws Error by name: `PasswordException` for an encrypted file, others for a broken one
 */
export async function pdfParts(bytes: Uint8Array): Promise<{ readonly parts: readonly Part[]; readonly pages: number }> {
  // The reader takes its input over, so it gets a copy.
  const pdf = (await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 })) as unknown as PdfDocument
  try {
    const headings = new Headings()
    const parts: Part[] = []
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent()
      parts.push(...pageParts(linesOf(items), number, headings))
      page.cleanup()
    }
    return { parts, pages: pdf.numPages }
  } finally {
    await pdf.destroy()
  }
}

function linesOf(items: readonly unknown[]): Line[] {
  const lines: Line[] = []
  let text = ''
  let height = 0
  for (const item of items) {
    if (typeof item !== 'object' || item === null || !('str' in item)) continue
    const { str, hasEOL, height: size } = item as { str: string; hasEOL?: boolean; height?: number }
    text += str
    height = Math.max(height, size ?? 0)
    if (hasEOL !== true) continue
    lines.push({ text: text.trim(), height })
    text = ''
    height = 0
  }
  if (text.trim() !== '') lines.push({ text: text.trim(), height })
  return lines
}

/** Lines in larger letters are headings; what stands between two of them is one part. */
function pageParts(lines: readonly Line[], page: number, headings: Headings): Part[] {
  const heights = lines.filter(({ text }) => text !== '').map(({ height }) => height).toSorted((a, b) => a - b)
  const usual = heights[Math.floor((heights.length - 1) / 2)] ?? 0
  const parts: Part[] = []
  let body: string[] = []
  const close = (): void => {
    const text = body.join('\n').trim()
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

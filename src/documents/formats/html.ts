import { Parser } from 'htmlparser2'
import { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { inSlices } from './xml.ts'

/** Elements whose content nobody reads. */
const silent = new Set(['script', 'style', 'noscript', 'template', 'title', 'iframe', 'datalist', 'rp'])
/** What a person sees or is told of a drawing. */
const labels = new Set(['text', 'title', 'desc', 'foreignobject'])
/** Elements that part their text from what stands beside them. */
const blocks = new Set([
  'address', 'article', 'aside', 'blockquote', 'body', 'br', 'caption', 'dd', 'details', 'dialog', 'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form',
  'head', 'header', 'hgroup', 'hr', 'legend', 'li', 'main', 'nav', 'ol', 'optgroup', 'option', 'p', 'section', 'summary', 'table', 'tbody', 'tfoot', 'thead', 'ul',
])
/** Fields whose value a person sees. */
const seenFields = new Set(['', 'text', 'email', 'number', 'search', 'tel', 'url', 'date', 'time', 'month', 'week', 'datetime-local', 'button', 'submit'])

/** XHTML closes empty elements by `/>`, which HTML ignores: `<script/>` would make the rest of the page a script. */
const isXhtml = (html: string, extension: string): boolean => extension === 'xhtml' || /^\s*(?:<\?xml|<!DOCTYPE\s+html\s+PUBLIC\s+"-\/\/W3C\/\/DTD XHTML)/i.test(html.slice(0, 400))

/** The text that a reader of the page sees, a paragraph a part, under its headings. Lines are those of this text. */
export function* htmlParts(html: string, extension = 'html', into = new Blocks()): Generator<Part> {
  let silence: string[] = []
  let inHeading = false
  /** How deep in a drawing it is, and in labels of it: nothing else of a drawing is text. */
  let [drawing, label] = [0, 0]
  const isQuiet = (): boolean => silence.length > 0 || (drawing > 0 && label === 0)
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (silent.has(name) && !(drawing > 0 && labels.has(name))) silence.push(name)
      // A head, or a title in it, that was never closed ends where the page begins.
      if (name === 'body') silence = []
      if (silence.length > 0) return
      // What stands in no drawing ends one that was never closed.
      if (label === 0 && (blocks.has(name) || headingLevel(name) !== undefined)) drawing = 0
      if (name === 'svg') drawing += 1
      else if (drawing > 0 && labels.has(name)) {
        into.end()
        label += 1
      }
      if (isQuiet()) return
      const level = headingLevel(name)
      if (level !== undefined) {
        inHeading = true
        into.title(level)
      }
      else if (name === 'pre' || name === 'textarea') into.verbatim(true)
      else if (name === 'tr') into.row()
      else if (name === 'td' || name === 'th') into.cell(spanOf(attributes['colspan']), spanOf(attributes['rowspan']))
      else if (name === 'table') into.table()
      // A heading of two lines is one heading.
      else if (name === 'br' && inHeading) into.words(' ')
      else if (blocks.has(name)) into.end()
      if (name === 'ul' || name === 'ol') into.list()
      else if (name === 'sup') into.raised(true)
      else if (name === 'ruby') into.ruby(true)
      else if (isReading(name)) into.reading(true)
      if (name === 'img' && attributes['alt']?.trim()) into.words(` [${attributes['alt'].trim()}] `)
      if (name === 'input') into.words(fieldText(attributes))
      if (name === 'option' && 'selected' in attributes) into.words(' ☒ ')
    },
    ontext: (words) => {
      if (!isQuiet()) into.words(words)
    },
    onclosetag: (name) => {
      if (silence.length > 0) {
        const place = silence.lastIndexOf(name)
        if (place >= 0) silence = silence.slice(0, place)
        return
      }
      if (name === 'svg') drawing = Math.max(0, drawing - 1)
      else if (drawing > 0 && labels.has(name)) {
        into.end()
        label = Math.max(0, label - 1)
      }
      if (drawing === 0) label = 0
      if (isQuiet()) return
      if (headingLevel(name) !== undefined) {
        inHeading = false
        into.endTitle()
      }
      else if (name === 'pre' || name === 'textarea') into.verbatim(false)
      else if (name === 'td' || name === 'th') into.endCell()
      else if (name === 'tr') into.endRow()
      else if (name === 'sup') into.raised(false)
      else if (name === 'ruby') into.ruby(false)
      else if (isReading(name)) into.reading(false)
      else if (blocks.has(name) && !(name === 'br' && inHeading)) into.end()
    },
  }, { recognizeSelfClosing: isXhtml(html, extension) })
  for (const slice of inSlices(html)) {
    parser.write(slice)
    yield* into.take()
  }
  parser.end()
  into.end()
  yield* into.take()
}

/** How many columns, or rows, a cell takes. */
const spanOf = (given = ''): number => (/^\s*\d{1,3}\s*$/.test(given) ? Math.max(1, Number(given)) : 1)

const isReading = (name: string): boolean => name === 'rt' || name === 'rtc'
const headingLevel = (name: string): number | undefined => (/^h[1-6]$/.test(name) ? Number(name[1]) : undefined)

function fieldText({ type = '', value = '', checked }: Readonly<Record<string, string>>): string {
  if (type === 'checkbox' || type === 'radio') return checked === undefined ? ' ☐ ' : ' ☒ '
  return seenFields.has(type.toLowerCase()) && value.trim() !== '' ? ` ${value} ` : ''
}

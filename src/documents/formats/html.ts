import { Parser, type ParserOptions } from 'htmlparser2'
import { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { webFormulas } from './formulas.ts'
import { numberAs } from './list-numbers.ts'
import { inSlices } from './xml.ts'

/** Elements whose content nobody reads. */
const silent = new Set(['script', 'style', 'noscript', 'template', 'title', 'iframe', 'datalist', 'rp', 'annotation', 'annotation-xml'])
/** What a person sees or is told of a drawing. */
const labels = new Set(['text', 'title', 'desc', 'foreignobject'])
/** Elements that part their text from what stands beside them. */
const blocks = new Set([
  'address', 'article', 'aside', 'blockquote', 'body', 'br', 'caption', 'dd', 'details', 'dialog', 'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form',
  'head', 'header', 'hgroup', 'hr', 'legend', 'li', 'main', 'nav', 'ol', 'optgroup', 'option', 'p', 'section', 'summary', 'table', 'tbody', 'tfoot', 'thead', 'ul',
])
/** Elements that have room around them within their line, and those that are cells by what their page says. */
const apart = new Set(['button', 'select'])
const cells = new Set(['cell', 'gridcell', 'columnheader', 'rowheader'])
/** What is struck out. */
const strikes = new Set(['del', 's', 'strike'])
/** Fields whose value a person sees. */
const seenFields = new Set(['', 'text', 'email', 'number', 'search', 'tel', 'url', 'date', 'time', 'month', 'week', 'datetime-local', 'button', 'submit'])

/** Pages within one another. Frames of frames are hardly written by people, and thousands of them by those who want to exhaust a reader. */
const mostFrames = 3

/** XHTML closes empty elements by `/>`, which HTML ignores: `<script/>` would make the rest of the page a script. */
const isXhtml = (html: string, extension: string): boolean => extension === 'xhtml' || /^\s*(?:<\?xml|<!DOCTYPE\s+html\s+PUBLIC\s+"-\/\/W3C\/\/DTD XHTML)/i.test(html.slice(0, 400))

const optionsFor = (html: string, extension: string): ParserOptions => ({ recognizeSelfClosing: isXhtml(html, extension), recognizeCDATA: isXhtml(html, extension) })

/**
 * The text that a reader of the page sees, a paragraph a part, under its headings. Lines are those of this text.
 * @param frames in how many frames of other pages it stands
 */
export function* htmlParts(html: string, extension = 'html', into = new Blocks(), frames = 0): Generator<Part> {
  let silence: string[] = []
  let inHeading = false
  /** How deep in a drawing it is, and in labels of it: nothing else of a drawing is text. */
  let [drawing, label] = [0, 0]
  const isQuiet = (): boolean => silence.length > 0 || drawn > 0 || (drawing > 0 && label === 0)
  const formulas = webFormulas(into)
  const lists: (NumberedList | undefined)[] = []
  const entries = /\sreversed\b/i.test(html) ? entriesOfLists(html, extension) : []
  let listsBegun = 0
  /** How deep in elements it is, and at which depths something raised has begun: that element alone ends it. */
  let depth = 0
  const raises: number[] = []
  /** Of the entry that has begun, until its first word. */
  let number = ''
  /** What was struck ends here: what stands behind it is no part of the same word or number. */
  let struck = false
  /** How deep in a formula that the page draws, beside the one that it holds for those who can't see; and in a list of links of the page itself. */
  let [drawn, navigation] = [0, 0]
  const begin = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (name === 'ol') {
      const isReversed = 'reversed' in attributes
      const next = wholeNumber(attributes['start']) ?? (isReversed ? entries[listsBegun - 1] : 1) ?? 1
      lists.push(navigation > 0 || isUnmarked(attributes) ? undefined : { next, type: attributes['type'] ?? '1', step: isReversed ? -1 : 1 })
    }
    else if (name === 'ul' || name === 'menu') lists.push(undefined)
    else if (name === 'li') {
      const list = lists.at(-1)
      if (list === undefined) return
      list.next = wholeNumber(attributes['value']) ?? list.next
      number = `${numberAs(list.next, listTypes[list.type] ?? 'decimal')}. `
      list.next += list.step
    } else if (name === 'q') into.words('“')
    else if (name === 'sup' || isNote(attributes)) {
      into.raised(true)
      raises.push(depth)
    }
  }
  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth += 1
      if (name === 'ol') listsBegun += 1
      if (isSilent(name, attributes) && !(drawing > 0 && labels.has(name))) silence.push(name)
      if (name === 'iframe' && attributes['srcdoc'] !== undefined && silence.length === 1 && frames < mostFrames) {
        into.end()
        for (const { text } of htmlParts(attributes['srcdoc'], 'html', new Blocks(), frames + 1)) {
          into.words(text)
          into.end()
        }
      }
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
      if (drawn > 0 || /\bkatex-html\b/.test(attributes['class'] ?? '')) drawn += 1
      if (isQuiet()) return
      formulas.open(name, attributes)
      if (name === 'nav') navigation += 1
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
      else if (blocks.has(name) || attributes['role'] === 'row') into.end()
      else if (apart.has(name) || cells.has(attributes['role'] ?? '')) into.words(' ')
      if (name === 'ul' || name === 'ol') into.list()
      else if (name === 'ruby') into.ruby(true)
      else if (isReading(name)) into.reading(true)
      begin(name, attributes)
      if (name === 'img' && attributes['alt']?.trim()) into.words(` [${attributes['alt'].trim()}] `)
      if (name === 'input') into.words(fieldText(attributes))
      if (name === 'option' && 'selected' in attributes) into.words(' ☒ ')
    },
    ontext: (words) => {
      if (isQuiet()) return
      const isBlank = words.trim() === ''
      into.words((isBlank ? '' : number) + (struck && /^[\p{L}\p{N}€$£]/u.test(words) ? ' ' : '') + words)
      if (!isBlank) number = ''
      struck = false
    },
    onclosetag: (name) => {
      depth -= 1
      if (raises.at(-1) === depth + 1) {
        raises.pop()
        into.raised(false)
      }
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
      if (drawn > 0) drawn -= 1
      if (isQuiet()) return
      formulas.close(name)
      if (name === 'nav') navigation = Math.max(0, navigation - 1)
      if (name === 'ol' || name === 'ul' || name === 'menu') lists.pop()
      if (name === 'li') number = ''
      struck = strikes.has(name)
      if (headingLevel(name) !== undefined) {
        inHeading = false
        into.endTitle()
      }
      else if (name === 'pre' || name === 'textarea') into.verbatim(false)
      else if (name === 'td' || name === 'th') into.endCell()
      else if (name === 'tr') into.endRow()
      else if (name === 'q') into.words('”')
      else if (name === 'ruby') into.ruby(false)
      else if (isReading(name)) into.reading(false)
      else if (apart.has(name)) into.words(' ')
      else if (blocks.has(name) && !(name === 'br' && inHeading)) into.end()
    },
  }, optionsFor(html, extension))
  for (const slice of inSlices(html)) {
    parser.write(slice)
    yield* into.take()
  }
  parser.end()
  into.end()
  yield* into.take()
}

interface NumberedList {
  next: number
  readonly type: string
  readonly step: number
}

/** Of the names that a page has for them. */
const listTypes: Readonly<Record<string, string>> = { a: 'lowerLetter', A: 'upperLetter', i: 'lowerRoman', I: 'upperRoman' }
const isUnmarked = ({ style = '' }: Readonly<Record<string, string>>): boolean => /list-style(?:-type)?\s*:\s*none/i.test(style)

/** As browsers read it, which ignore what stands behind it. */
const wholeNumber = (text = ''): number | undefined => {
  const number = /^\s*([+-]?\d{1,6})(?!\d)/.exec(text)?.[1]
  return number === undefined ? undefined : Number(number)
}

/** Of each numbered list, in the order in which they begin, how many entries it has: one that counts down begins with that number. */
function entriesOfLists(html: string, extension: string): readonly number[] {
  const entries: number[] = []
  const open: (number | undefined)[] = []
  const parser = new Parser({
    onopentag: (name) => {
      if (name === 'ol') open.push(entries.push(0) - 1)
      else if (name === 'ul' || name === 'menu') open.push(undefined)
      else if (name === 'li') {
        const list = open.at(-1)
        if (list !== undefined) entries[list] = (entries[list] ?? 0) + 1
      }
    },
    onclosetag: (name) => {
      if (name === 'ol' || name === 'ul' || name === 'menu') open.pop()
    },
  }, optionsFor(html, extension))
  for (const slice of inSlices(html)) parser.write(slice)
  parser.end()
  return entries
}

/** What is shown of a component stands in a template too. */
const isSilent = (name: string, attributes: Readonly<Record<string, string>>): boolean => silent.has(name) && !(name === 'template' && attributes['shadowrootmode'] !== undefined)

/** The number of a note, which books of today do not raise by an element. */
const isNote = (attributes: Readonly<Record<string, string>>): boolean => /\bnoteref\b/.test(attributes['epub:type'] ?? '') || attributes['role'] === 'doc-noteref'

/** How many columns, or rows, a cell takes. */
const spanOf = (given = ''): number => (/^\s*\d{1,3}\s*$/.test(given) ? Math.max(1, Number(given)) : 1)

const isReading = (name: string): boolean => name === 'rt' || name === 'rtc'
const headingLevel = (name: string): number | undefined => (/^h[1-6]$/.test(name) ? Number(name[1]) : undefined)

function fieldText({ type = '', value = '', checked }: Readonly<Record<string, string>>): string {
  if (type === 'checkbox' || type === 'radio') return checked === undefined ? ' ☐ ' : ' ☒ '
  return seenFields.has(type.toLowerCase()) && value.trim() !== '' ? ` ${value} ` : ''
}

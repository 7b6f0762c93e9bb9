import { Parser } from 'htmlparser2'
import { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { withEntities } from './entities.ts'
import { webFormulas } from './formulas.ts'
import { apart, blocks, cells, fieldText, headingLevel, isNote, isOwn, isReading, isSilent, labels, rawTexts, sections, spanOf, strikes, verbatim } from './html-elements.ts'
import { HtmlLists } from './html-lists.ts'
import { htmlOptions, isXhtml } from './html-options.ts'
import { boundNesting } from './nesting.ts'
import { inSlices } from './xml.ts'

/** Pages within one another. Frames of frames are hardly written by people, and thousands of them by those who want to exhaust a reader. */
const mostFrames = 3

/**
 * The text that a reader of the page sees, a paragraph a part, under its headings. Lines are those of this text.
 * @param frames in how many frames of other pages it stands
 */
export function* htmlParts(html: string, extension = 'html', into = new Blocks(), frames = 0): Generator<Part> {
  let silence: string[] = []
  /** The text of an element that is taken for one text. */
  let raw = ''
  let inHeading = false
  /** How deep in a drawing it is, and in labels of it: nothing else of a drawing is text. */
  let [drawing, label] = [0, 0]
  const isQuiet = (): boolean => silence.length > 0 || drawn > 0 || (drawing > 0 && label === 0)
  const formulas = webFormulas(into)
  const lists = new HtmlLists(html, extension)
  /** How deep in elements it is, and at which depths something raised has begun: that element alone ends it. */
  let depth = 0
  const raises: number[] = []
  /** The same of elements that their style alone parts from others, and what parts them. */
  const parted: { readonly depth: number; readonly by: 'block' | 'room' }[] = []
  /**
   * Of each table that is open, at which depths its row and its cell have begun, if they are open. Pages may leave the ends of both out, and the beginning of
   * a row; the parser then takes what follows for a part of the cell, and tells their ends late.
   */
  const tables: Table[] = []
  const endCell = (table: Table): void => {
    if (table.cell !== undefined) into.endCell()
    table.cell = undefined
  }
  const endRow = (table: Table | undefined): void => {
    if (table?.row === undefined) return
    endCell(table)
    table.row = undefined
    into.endRow()
  }
  /** Of the entry that has begun, until its first word. */
  let number = ''
  /** What was struck ends here: what stands behind it is no part of the same word or number. */
  let struck = false
  /** How deep in a formula that the page draws, beside the one that it holds for those who can't see; and in a list of links of the page itself. */
  let [drawn, navigation] = [0, 0]
  /** How deep in text that is as it is written: nothing parts it. */
  let written = 0
  /** One that its page defines, or that a style makes a box in its line, has just ended: it is parted from another one, and from no letter or sign of the text around it. */
  let boxEnded = false
  const beginBox = (): void => {
    if (boxEnded) into.words(' ')
    boxEnded = false
  }
  /** What a style parts from what stands before it. */
  const part = (style = ''): void => {
    const shown = /(?:^|;)\s*display\s*:\s*(block|flex|flow-root|grid|list-item|table-row|table|inline-(?:block|flex|grid|table)|table-cell)\b/i.exec(style)?.[1]
    if (shown === undefined) return
    const by = /^inline|cell$/i.test(shown) ? 'room' : 'block'
    parted.push({ depth, by })
    if (by === 'room') beginBox()
    else partBlock()
  }
  const partBlock = (): void => {
    if (inHeading) into.words(' ')
    else into.end()
  }
  /** A page within this one. */
  const within = (page: string): void => {
    if (frames === mostFrames) return
    into.end()
    for (const { text } of htmlParts(page, 'html', new Blocks(), frames + 1)) {
      into.words(text)
      into.end()
    }
  }
  const begin = (name: string, attributes: Readonly<Record<string, string>>): void => {
    lists.begin(name, attributes, navigation === 0)
    if (name === 'li') number = lists.entry(attributes) ?? number
    else if (name === 'q') into.words('“')
    else if (name === 'sup' || isNote(attributes) || /vertical-align\s*:\s*super/i.test(attributes['style'] ?? '')) {
      into.raised(true)
      raises.push(depth)
    }
  }
  const parser: Parser = new Parser({
    onopentag: (name, attributes) => {
      boundNesting(parser)
      depth += 1
      lists.count(name)
      if (isSilent(name, attributes) && !(drawing > 0 && labels.has(name))) silence.push(name)
      raw = ''
      if (name === 'iframe' && attributes['srcdoc'] !== undefined && silence.length === 1) within(attributes['srcdoc'])
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
      const table = tables.at(-1)
      if (sections.has(name)) endRow(table)
      if (level !== undefined) {
        inHeading = true
        into.title(level)
      }
      else if (verbatim.has(name)) {
        into.verbatim(true)
        written += 1
      }
      else if (name === 'tr') {
        endRow(table)
        into.row()
        if (table !== undefined) table.row = depth
      } else if (name === 'td' || name === 'th') {
        if (table !== undefined) {
          if (table.row === undefined) into.row()
          table.row ??= impliedRow
          endCell(table)
          table.cell = depth
        }
        into.cell(spanOf(attributes['colspan']), spanOf(attributes['rowspan']))
      } else if (name === 'table') {
        tables.push({ row: undefined, cell: undefined })
        into.table()
      }
      // A heading of two lines is one heading.
      else if (name === 'br' && inHeading) into.words(' ')
      else if (blocks.has(name) || attributes['role'] === 'row') into.end()
      else if (written === 0) {
        if (apart.has(name) || cells.has(attributes['role'] ?? '')) into.words(' ')
        else if (isOwn(name)) beginBox()
        else part(attributes['style'])
      }
      if (name === 'ul' || name === 'ol') into.list()
      else if (name === 'ruby') into.ruby(true)
      else if (isReading(name)) into.reading(true)
      begin(name, attributes)
      if (name === 'img' && attributes['alt']?.trim()) into.words(` [${attributes['alt'].trim()}] `)
      if (name === 'input') into.words(fieldText(attributes))
      if (name === 'option' && 'selected' in attributes) into.words(' ☒ ')
    },
    ontext: (words) => {
      if (silence.length === 1 && rawTexts.has(silence[0] ?? '')) raw += words
      if (isQuiet()) return
      boxEnded = false
      const isBlank = words.trim() === ''
      into.words((isBlank ? '' : number) + (struck && written === 0 && /^[\p{L}\p{N}€$£]/u.test(words) ? ' ' : '') + words)
      if (!isBlank) number = ''
      struck = false
    },
    onclosetag: (name, isImplied) => {
      depth -= 1
      if (raises.at(-1) === depth + 1) {
        raises.pop()
        into.raised(false)
      }
      if (parted.at(-1)?.depth === depth + 1) {
        if (parted.pop()?.by === 'block') partBlock()
        else boxEnded = true
      }
      if (silence.length > 0) {
        if (silence.length === 1 && silence[0] === name && rawTexts.has(name) && (isImplied || name === 'noframes')) within(raw)
        const place = silence.lastIndexOf(name)
        if (place >= 0) silence.length = place
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
      const table = tables.at(-1)
      if (name === 'table' || sections.has(name)) endRow(table)
      if (name === 'table') tables.pop()
      lists.end(name)
      if (name === 'li') number = ''
      struck = strikes.has(name)
      if (headingLevel(name) !== undefined) {
        inHeading = false
        into.endTitle()
      }
      else if (verbatim.has(name)) {
        into.verbatim(false)
        written = Math.max(0, written - 1)
      }
      else if (name === 'td' || name === 'th') {
        if (table === undefined) into.endCell()
        else if (table.cell === depth + 1) endCell(table)
      } else if (name === 'tr') {
        if (table === undefined) into.endRow()
        else if (table.row === depth + 1) endRow(table)
      }
      else if (name === 'q') into.words('”')
      else if (name === 'ruby') into.ruby(false)
      else if (isReading(name)) into.reading(false)
      else if (isOwn(name)) boxEnded = true
      else if (apart.has(name)) {
        if (written === 0) into.words(' ')
      }
      else if (blocks.has(name) && !(name === 'br' && inHeading)) into.end()
    },
  }, htmlOptions(html, extension))
  for (const slice of inSlices(isXhtml(html, extension) ? withEntities(html) : html)) {
    parser.write(slice)
    yield* into.take()
  }
  parser.end()
  into.finish()
  yield* into.take()
}

interface Table {
  row: number | undefined
  cell: number | undefined
}
/** At no depth: nothing but a cell has begun it. */
const impliedRow = 0

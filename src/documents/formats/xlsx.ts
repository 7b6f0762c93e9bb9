import { Blocks } from '../blocks.ts'
import type { Found } from '../found.ts'
import type { Part } from '../part.ts'
import { Zip } from '../zip.ts'
import { embeddedIn, noteAttachments } from './attachments.ts'
import { drawingParts } from './drawing.ts'
import { filledIn } from './record.ts'
import { mainPart, relationOf, relationsOf, relationsOfType } from './related.ts'
import { RichText, unescaped } from './rich-text.ts'
import { SheetHeads, type SheetRow } from './sheet-head.ts'
import { isMargin, pageTexts } from './sheet-margins.ts'
import { numberStyles, shownNumber, type NumberStyle } from './sheet-numbers.ts'
import { sheetXmlParts } from './sheet-xml.ts'
import { attribute, isXml, readSmallXml, readXml } from './xml.ts'

/** A cell that a sheet has beyond this column is no table's. */
const mostColumns = 16_384

/**
 * Each row of each sheet with the names of its columns. Values are those that the sheet showed last; a formula that no program has computed yet stands for
 * its value, and what a cell of several rows says is said of each of them. @throws Error for what is no such file
 */
export function* xlsxParts(bytes: Uint8Array, found: Found): Generator<Part> {
  if (isXml(bytes)) {
    yield* sheetXmlParts(bytes)
    return
  }
  const zip = new Zip(bytes)
  noteAttachments(found, embeddedIn(zip))
  const main = mainPart(zip) ?? 'xl/workbook.xml'
  const workbook = zip.read(main)
  if (workbook === undefined) throw new Error('no workbook')
  const relations = relationsOf(zip, main)
  const sheets: { readonly name: string; readonly part: string }[] = []
  let from1904 = false
  readSmallXml(workbook, {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet') return
      const relation = relationOf(relations, attributes)
      if (relation !== undefined) sheets.push({ name: attribute(attributes, 'name') ?? '', part: relation.target })
    },
  })
  const part = (type: string): Uint8Array | undefined => {
    const [path] = relationsOfType(relations, type)
    return path === undefined ? undefined : zip.read(path)
  }
  const strings = stringsOf(part('sharedStrings'))
  const styles = numberStyles(part('styles'))
  const margins = new Set<string>()
  for (const sheet of sheets) {
    const xml = zip.read(sheet.part)
    if (xml === undefined) throw new Error(`no ${sheet.part}`)
    yield* sheetParts(xml, sheet.name, { strings, styles, from1904, margins })
    for (const more of relationsOfType(relationsOf(zip, sheet.part), 'comments', 'threadedComment', 'drawing')) {
      const text = zip.read(more)
      const blocks = new Blocks()
      blocks.enter(1, sheet.name)
      if (text !== undefined) yield* drawingParts(text, blocks)
      // The figures of a chart stand in the sheet as well; what it and its axes are called does not.
      for (const path of relationsOfType(relationsOf(zip, more), 'chart')) {
        const chart = zip.read(path)
        if (chart !== undefined) yield* drawingParts(chart, blocks, { figures: false })
      }
    }
  }
  for (const text of margins) yield { text }
}

function stringsOf(xml: Uint8Array | undefined): string[] {
  const strings: string[] = []
  if (xml === undefined) return strings
  const text = new RichText()
  readSmallXml(xml, {
    open: (name, attributes) => text.open(name, attributes),
    text: (more) => text.words(more),
    close: (name) => {
      text.close(name)
      if (name === 'si') strings.push(unescaped(text.take()))
    },
  })
  return strings
}

interface Workbook {
  readonly strings: readonly string[]
  /** What stands above and below pages of the sheets before this one: it is said once. */
  readonly margins: Set<string>
  readonly styles: ReadonlyMap<number, NumberStyle>
  readonly from1904: boolean
}

function* sheetParts(xml: Uint8Array, heading: string, { strings, styles, from1904, margins }: Workbook): Generator<Part> {
  const rows: SheetRow[] = []
  let number = 0
  let values: string[] = []
  let cell = { column: 0, type: '', style: 0 }
  let text = ''
  let inValue = false
  let formula = { text: '', open: false, computed: false }
  const rich = new RichText()
  let margin: string | undefined
  const merged = mergedCells(xml)
  const tall = merged.filter(({ from, to }) => to > from)
  const valueOf = (): string => {
    if (cell.type === 's') return strings[Number(text)] ?? ''
    if (cell.type === 'b') return text === '1' ? 'TRUE' : 'FALSE'
    return cell.type === '' || cell.type === 'n' ? shownNumber(text, { style: styles.get(cell.style), from1904 }) : unescaped(text)
  }
  const heads = new SheetHeads(merged)
  // The last row waits for the next one, which may tell what it is.
  const partsOf = (complete: readonly SheetRow[]): Part[] =>
    complete.map((row, index) => ({ text: heads.lineOf(row, complete[index + 1] ?? rows[0]), firstLine: row.number, heading }))
  yield* readXml(xml, {
    open: (name, attributes) => {
      if (name === 'row') {
        number = Number(attribute(attributes, 'r') ?? number + 1)
        values = []
      } else if (name === 'c') {
        const reference = attribute(attributes, 'r')
        cell = { column: reference === undefined ? values.length : columnOf(reference), type: attribute(attributes, 't') ?? '', style: Number(attribute(attributes, 's') ?? 0) }
        text = ''
        formula = { text: '', open: false, computed: false }
      } else if (name === 'v') inValue = formula.computed = true
      else if (name === 'f') formula.open = true
      else if (isMargin(name)) margin = ''
      else rich.open(name, attributes)
    },
    text: (more) => {
      rich.words(more)
      if (margin !== undefined) margin += more
      else if (inValue) text += more
      else if (formula.open) formula.text += more
    },
    close: (name) => {
      rich.close(name)
      if (name === 'v') inValue = false
      else if (name === 'f') formula.open = false
      else if (isMargin(name)) {
        for (const one of pageTexts(margin ?? '')) margins.add(one)
        margin = undefined
      }
      else if (name === 'c') {
        // Taken in any case, or else it would be of the next cell.
        const written = rich.take()
        text ||= written
        if (cell.column >= mostColumns) return
        // Some programs write an empty value in place of none; of a text it is one.
        const isComputed = formula.computed && cell.type === 'str'
        const value = text !== '' ? valueOf() : formula.text !== '' && !isComputed ? `=${formula.text}` : ''
        if (value === '') return
        while (values.length < cell.column) values.push('')
        values[cell.column] = value
      } else if (name === 'row') spread(tall, number, values)
      if (name === 'row' && values.some((value) => value.trim() !== '')) rows.push({ number, values })
    },
  }, () => partsOf(rows.splice(0, rows.length - 1)))
  yield* partsOf(rows.splice(0))
}

/** A cell of several rows or columns. */
interface Merged {
  readonly column: number
  readonly last: number
  readonly from: number
  readonly to: number
  value: string
}

/** So many cells of several rows are looked for in each row. */
const mostTall = 2_000

/** The list of merged cells stands behind the rows. */
function mergedCells(xml: Uint8Array): readonly Merged[] {
  const at = Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength).lastIndexOf('<mergeCells')
  const merged: Merged[] = []
  let tall = 0
  if (at < 0) return merged
  readSmallXml(xml.subarray(at), {
    open: (name, attributes) => {
      const [begin = '', end = ''] = (attribute(attributes, 'ref') ?? '').split(':')
      const [from, to] = [begin, end].map((reference) => Number(/\d+$/.exec(reference)?.[0]))
      if (name !== 'mergeCell' || from === undefined || to === undefined) return
      if (to > from) tall += 1
      if (to <= from || tall <= mostTall) merged.push({ column: columnOf(begin), last: Math.min(columnOf(end), mostColumns), from, to, value: '' })
    },
  })
  return merged
}

/** What merged cells say is said in each of their rows that says something more. */
function spread(tall: readonly Merged[], row: number, values: string[]): void {
  if (tall.length === 0 || filledIn(values).length === 0) return
  for (const cell of tall) {
    if (cell.from === row) cell.value = values[cell.column] ?? ''
    else if (row > cell.from && row <= cell.to && cell.value !== '' && (values[cell.column] ?? '') === '') {
      while (values.length < cell.column) values.push('')
      values[cell.column] = cell.value
    }
  }
}

/** `BC12` is column 54, from 0. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Z]*/i.exec(reference)?.[0].toUpperCase() ?? '') column = column * 26 + letter.charCodeAt(0) - 64
  return Math.max(0, column - 1)
}

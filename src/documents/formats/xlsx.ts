import { Blocks } from '../blocks.ts'
import type { Found } from '../found.ts'
import type { Part } from '../part.ts'
import { Zip } from '../zip.ts'
import { embeddedIn, noteAttachments } from './attachments.ts'
import { drawingParts } from './drawing.ts'
import { columnNames, filledIn, isOfFigures, looksLikeHead, recordText } from './record.ts'
import { mainPart, relationOf, relationsOf, relationsOfType } from './related.ts'
import { numberStyles, shownNumber, type NumberStyle } from './sheet-numbers.ts'
import { sheetXmlParts } from './sheet-xml.ts'
import { attribute, isXml, readSmallXml, readXml } from './xml.ts'

/** A cell that a sheet has beyond this column is no table's. */
const mostColumns = 16_384
/** Rows of one cell above a table. Below more of them it is a table of one column. */
const mostTitles = 6

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
  for (const sheet of sheets) {
    const xml = zip.read(sheet.part)
    if (xml === undefined) throw new Error(`no ${sheet.part}`)
    yield* sheetParts(xml, sheet.name, { strings, styles, from1904 })
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
}

function stringsOf(xml: Uint8Array | undefined): string[] {
  const strings: string[] = []
  if (xml === undefined) return strings
  let text = ''
  let inText = false
  let spoken = 0
  readSmallXml(xml, {
    open: (name) => {
      if (name === 'si') text = ''
      else if (name === 't') inText = true
      // How Japanese is pronounced.
      else if (name === 'rPh') spoken += 1
    },
    text: (more) => {
      if (inText && spoken === 0) text += more
    },
    close: (name) => {
      if (name === 'si') strings.push(unescaped(text))
      else if (name === 't') inText = false
      else if (name === 'rPh') spoken -= 1
    },
  })
  return strings
}

/** `_x000D_`: how sheets write a character that XML has no place for. */
const unescaped = (text: string): string => text.replaceAll(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

interface Workbook {
  readonly strings: readonly string[]
  readonly styles: ReadonlyMap<number, NumberStyle>
  readonly from1904: boolean
}

function* sheetParts(xml: Uint8Array, heading: string, { strings, styles, from1904 }: Workbook): Generator<Part> {
  const rows: { readonly number: number; readonly values: string[] }[] = []
  let number = 0
  let values: string[] = []
  let cell = { column: 0, type: '', style: 0 }
  let text = ''
  let inValue = false
  let formula = { text: '', open: false, computed: false }
  const tall = tallCells(xml)
  const valueOf = (): string => {
    if (cell.type === 's') return strings[Number(text)] ?? ''
    if (cell.type === 'b') return text === '1' ? 'TRUE' : 'FALSE'
    return cell.type === '' || cell.type === 'n' ? shownNumber(text, { style: styles.get(cell.style), from1904 }) : unescaped(text)
  }
  let names: readonly string[] | undefined
  let titles = 0
  const partOf = (row: (typeof rows)[number]): Part => {
    // Above a table there may be its title, and other rows of one cell: then the first that looks like a head is it.
    if (names === undefined && isOfFigures(row.values)) names = []
    const isHead = names === undefined || (titles > 0 && titles < mostTitles && looksLikeHead(row.values))
    if (isHead) {
      names = columnNames(row.values)
      titles = filledIn(row.values).length === 1 ? 1 : 0
    } else if (titles > 0) titles += 1
    // The head stands in the text as well: a sheet may have no other row.
    const line = isHead ? filledIn(row.values).join(' | ') : recordText(names ?? [], row.values)
    return { text: line.replaceAll(/\s*\n\s*/g, ' '), firstLine: row.number, heading }
  }
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
      } else if (name === 'v' || name === 't') inValue = formula.computed = true
      else if (name === 'f') formula.open = true
    },
    text: (more) => {
      if (inValue) text += more
      else if (formula.open) formula.text += more
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'f') formula.open = false
      else if (name === 'c' && cell.column < mostColumns) {
        // Some programs write an empty value in place of none; of a text it is one.
        const isComputed = formula.computed && cell.type === 'str'
        const value = text !== '' ? valueOf() : formula.text !== '' && !isComputed ? `=${formula.text}` : ''
        if (value === '') return
        while (values.length < cell.column) values.push('')
        values[cell.column] = value
      } else if (name === 'row') spread(tall, number, values)
      if (name === 'row' && values.some((value) => value.trim() !== '')) rows.push({ number, values })
    },
  }, () => rows.splice(0).map(partOf))
}

/** A cell that stands for those below it as well. */
interface Tall {
  readonly column: number
  readonly from: number
  readonly to: number
  value: string
}

/** So many of them are looked for in each row. */
const mostTall = 2_000

/** The list of merged cells stands behind the rows. */
function tallCells(xml: Uint8Array): readonly Tall[] {
  const at = Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength).lastIndexOf('<mergeCells')
  const tall: Tall[] = []
  if (at < 0) return tall
  readSmallXml(xml.subarray(at), {
    open: (name, attributes) => {
      const [begin = '', end = ''] = (attribute(attributes, 'ref') ?? '').split(':')
      const [from, to] = [begin, end].map((reference) => Number(/\d+$/.exec(reference)?.[0]))
      if (name === 'mergeCell' && from !== undefined && to !== undefined && to > from && tall.length < mostTall) tall.push({ column: columnOf(begin), from, to, value: '' })
    },
  })
  return tall
}

/** What merged cells say is said in each of their rows that says something more. */
function spread(tall: readonly Tall[], row: number, values: string[]): void {
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

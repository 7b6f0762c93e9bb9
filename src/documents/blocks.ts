import { Headings, type Part } from './part.ts'

/** Characters up to which a row whose cells hold tables or lists is one record. A longer one sets out a page. */
const mostOfRecord = 1_000

/** Characters of a cell of several rows that are said again in each of them: a longer one sets out a page. */
const mostRepeated = 120

/** A paragraph, an entry of a list, or the cells of a row of a table within the cell. */
type Entry = string | readonly string[]

interface Row {
  readonly cells: (readonly Entry[])[]
  /** The cell that is open. */
  cell: Entry[]
  /** The column in which the open cell stands, and how many it takes. */
  column: number
  columns: number
  /** So many rows the open cell takes; 0 where it goes on from the row above (Word writes such cells, and leaves them empty). */
  rows: number
  /** Its cells hold lists or tables. */
  nests: boolean
  characters: number
  /** Its table sets out a page: it holds headings, code, or longer lists and tables. Then it is read as if there were no table. */
  layout: boolean
}

/**
 * What a reader of marked-up text tells as it goes along (words, ends of paragraphs, headings, rows and cells) becomes parts. A table's
 * row is one line, `rope | 12 | shed`; what a cell holds in a table of its own stands within, `rope | S, 1; M, 2 | shed`.
 */
export class Blocks {
  /** Parts that are complete. Whoever reads takes them away now and then. */
  readonly ready: Part[] = []
  /** Where the format has pages. Then parts name their page, otherwise their lines of this text. */
  page: number | undefined
  readonly #headings = new Headings()
  readonly #rows: Row[] = []
  /** Cells that reach into rows below, by their columns, of each table that is open. */
  readonly #tall: Map<number, { readonly entries: readonly Entry[]; left: number }>[] = []
  #text = ''
  #line = 1
  #title: number | undefined
  #verbatim = 0
  /** How words of the paragraph are read aloud, which stands above them in small letters. */
  #readings: string[] = []
  #ruby = 0
  /** Words that the reading does not belong to have come since the last one. */
  #apart = true
  #base: string | undefined
  /** Where in the text what is raised begins, how many elements that raise are open, and where the last of it has ended. */
  #raised: { from?: number; open?: number; to?: number } = {}

  take(): Part[] {
    return this.ready.splice(0)
  }

  words(text: string): void {
    this.#text += text
    if (this.#ruby === 0 && text.trim() !== '') this.#apart = true
  }

  /**
   * What is raised above the line begins, or ends. A number behind a number is a power, `10^6`; behind a word it is that of a note, and no part of the
   * word, `treaty [3]`; behind a unit it is read with it, `m2`. What is raised within it ends with it.
   */
  raised(on: boolean): void {
    const { from, open = 0, to } = this.#raised
    if (on) {
      const isWithin = from !== undefined && from <= this.#text.length
      Object.assign(this.#raised, isWithin ? { open: open + 1 } : { from: this.#text.length, open: 1 })
    } else if (open > 1) this.#raised.open = open - 1
    else if (from !== undefined && from <= this.#text.length) {
      const [before, above] = [this.#text.slice(0, from), this.#text.slice(from)]
      if (to !== from) this.#text = withRaised(before, above)
      else if (isRaisedNumber(above) && before.endsWith(']')) this.#text = `${before.slice(0, -1)}${above}]`
      this.#raised = { to: this.#text.length }
    }
  }

  /** Words with readings begin, or end. */
  ruby(on: boolean): void {
    this.#ruby = Math.max(0, this.#ruby + (on ? 1 : -1))
  }

  /** A reading begins, or ends. Readings stand in brackets behind the paragraph: within it they would part its words. */
  reading(on: boolean): void {
    if (on) {
      this.#base ??= this.#text
      this.#text = ''
    } else if (this.#base !== undefined) {
      const reading = this.#text.replaceAll(/\s+/g, ' ').trim()
      this.#text = this.#base
      this.#base = undefined
      // Dots above words stress them.
      if (!/[\p{L}\p{N}]/u.test(reading)) return
      this.#readings.push((this.#apart ? '' : (this.#readings.pop() ?? '')) + reading)
      this.#apart = false
    }
  }

  /** The text of a paragraph that is interrupted, by a text box for one, to be given back by `words` afterwards. */
  interrupt(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  /** The paragraph ends. */
  end(): void {
    this.reading(false)
    const raw = this.#readings.length === 0 ? this.#text : `${this.#text} [${this.#readings.join(', ')}]`
    this.#text = ''
    this.#readings = []
    this.#apart = true
    this.#raised = {}
    const text = this.#verbatim > 0 ? raw.replace(/^\n/, '').trimEnd() : raw.replaceAll('\u00ad', '').replaceAll(/\s+/g, ' ').trim()
    if (text.trim() === '') return
    const row = this.#rows.at(-1)
    if (row === undefined || row.layout) this.#add(text)
    else this.#enterCell(row, text)
  }

  /** The text ends, with all rows that nothing has ended. */
  finish(): void {
    this.end()
    while (this.#rows.length > 0) this.endRow()
  }

  /** What follows until `endTitle` is a heading; 1 is the outermost level. */
  title(level: number): void {
    this.end()
    this.#asLayout()
    this.#title = level
  }

  endTitle(): void {
    this.end()
    this.#title = undefined
  }

  /** A heading that stands nowhere in the text, such as the name of a sheet. */
  enter(level: number, text: string): void {
    this.#headings.enter(level, text)
  }

  verbatim(on: boolean): void {
    this.end()
    if (on) this.#asLayout()
    this.#verbatim = Math.max(0, this.#verbatim + (on ? 1 : -1))
  }

  /** A list begins. */
  list(): void {
    this.end()
    this.#nest()
  }

  row(): void {
    this.end()
    this.#nest()
    this.#rows.push({ cells: [], cell: [], column: 0, columns: 1, rows: 1, nests: false, characters: 0, layout: false })
  }

  /** A table begins. */
  table(): void {
    this.end()
    this.#tall[this.#rows.length] = new Map()
  }

  cell(columns = 1, rows = 1): void {
    this.end()
    this.reaches(columns, rows)
  }

  /** How many columns and rows the open cell takes; 0 rows where it goes on from the row above. */
  reaches(columns: number, rows: number): void {
    const row = this.#rows.at(-1)
    if (row !== undefined) [row.columns, row.rows] = [columns, rows]
  }

  /** @param times a sheet's cell may stand for several */
  endCell(times = 1): void {
    this.end()
    const row = this.#rows.at(-1)
    if (row === undefined || row.layout) return
    if (row.rows > 0) this.#putTall(row)
    const tall = this.#tallOf(row)
    const above = row.rows === 0 ? tall?.get(row.column) : undefined
    const isShort = row.cell.reduce((sum, entry) => sum + lineOf(entry, ', ').length, 0) <= mostRepeated
    for (let time = 0; time < times; time += 1) {
      // One that is empty, or too long to be said again, ends what an older one said in the rows below, and has its place there too.
      if (row.rows > 1 || (row.rows === 0 && isShort && row.cell.length > 0)) tall?.set(row.column + time, { entries: isShort ? row.cell : [], left: row.rows - 1 })
      else if (row.rows === 1) tall?.delete(row.column + time)
      row.cells.push(row.cell.length === 0 && above !== undefined ? [...above.entries] : row.cell)
    }
    row.column += row.columns
    row.columns = row.rows = 1
    row.cell = []
  }

  #tallOf(row: Row): Map<number, { readonly entries: readonly Entry[]; left: number }> | undefined {
    return this.#tall[this.#rows.lastIndexOf(row)]
  }

  /** What stands in the next columns since a row above, where the format has no cell for it. */
  #putTall(row: Row): void {
    const tall = this.#tallOf(row)
    for (let cell = tall?.get(row.column); cell !== undefined && cell.left > 0 && cell.left < Infinity; cell = tall?.get(row.column)) {
      cell.left -= 1
      row.cells.push([...cell.entries])
      row.column += 1
    }
  }

  endRow(): void {
    this.end()
    const row = this.#rows.at(-1)
    if (row === undefined) return
    if (row.cell.length === 0 && row.cells.some((cell) => cell.length > 0)) this.#putTall(row)
    const filled = [...row.cells, row.cell].filter((cell) => cell.length > 0).length
    // What stands in one cell alone is no record.
    if (row.nests && filled < 2 && this.#rows.length === 1) this.#asLayout()
    this.#rows.pop()
    if (row.layout) return
    const cells = (row.cell.length > 0 ? [...row.cells, row.cell] : row.cells).map((cell) => cell.map((entry) => lineOf(entry, ', ')).join(row.nests ? '; ' : ' '))
    const last = cells.findLastIndex((cell) => cell !== '')
    if (last < 0) return
    const outer = this.#rows.at(-1)
    if (outer === undefined || outer.layout) this.#add(lineOf(cells.slice(0, last + 1), ' | '))
    else this.#enterCell(outer, cells.slice(0, last + 1))
  }

  #enterCell(row: Row, entry: Entry): void {
    row.cell.push(entry)
    row.characters += lineOf(entry, ', ').length
    if (row.nests && row.characters > mostOfRecord) this.#asLayout()
  }

  /** The row that is open holds a list or a table. */
  #nest(): void {
    const row = this.#rows.at(-1)
    if (row === undefined || row.layout) return
    row.nests = true
    if (row.characters > mostOfRecord) this.#asLayout()
  }

  /** All rows that are open are of tables that set out a page. Those within which one of them stands are so already. */
  #asLayout(): void {
    for (const row of this.#rows.slice(this.#rows.findLastIndex(({ layout }) => layout) + 1)) {
      row.layout = true
      for (const entry of [...row.cells.flat(), ...row.cell]) this.#add(lineOf(entry, ' | '))
    }
  }

  #add(text: string): void {
    if (this.#title !== undefined) this.#headings.enter(this.#title, text)
    const heading = this.#headings.path
    const place = this.page === undefined ? { firstLine: this.#line } : { page: this.page }
    this.ready.push({ text, ...place, ...(heading !== undefined && { heading }) })
    this.#line += text.split('\n').length
  }
}

const isRaisedNumber = (text: string): boolean => /^[\d+\-−][\d,.+\-−–]*$/u.test(text)

/** What stands above the line behind a text, as `Blocks.raised` says it. */
export function withRaised(before: string, above: string): string {
  if (isRaisedNumber(above)) {
    const end = before.slice(-6)
    if (/\d$/.test(end)) return `${before}^${above}`
    if (/\p{L}{3}$/u.test(end)) return `${before} [${above}]`
  }
  return before + above
}

/** Empty cells have their places in a row that stands alone. */
function lineOf(entry: Entry, separator: ', ' | ' | '): string {
  if (typeof entry === 'string') return entry
  return entry.filter((cell) => cell !== '' || separator === ' | ').join(separator)
}

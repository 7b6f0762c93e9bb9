import { Headings, type Part } from './part.ts'

interface Row {
  readonly cells: string[]
  /** Paragraphs of the cell that is open. */
  cell: string[]
  /** Its table sets out a page: its cells hold headings, lists or tables. Then it is read as if there were no table. */
  layout: boolean
}

/**
 * What a reader of marked-up text tells as it goes along (words, ends of paragraphs, headings, rows and cells) becomes parts. A table's
 * row is one line, `rope | 12 | shed`.
 */
export class Blocks {
  /** Parts that are complete. Whoever reads takes them away now and then. */
  readonly ready: Part[] = []
  /** Where the format has pages. Then parts name their page, otherwise their lines of this text. */
  page: number | undefined
  readonly #headings = new Headings()
  readonly #rows: Row[] = []
  #text = ''
  #line = 1
  #title: number | undefined
  #verbatim = 0

  take(): Part[] {
    return this.ready.splice(0)
  }

  words(text: string): void {
    this.#text += text
  }

  /** The text of a paragraph that is interrupted, by a text box for one, to be given back by `words` afterwards. */
  interrupt(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  /** The paragraph ends. */
  end(): void {
    const raw = this.#text
    this.#text = ''
    const text = this.#verbatim > 0 ? raw.replace(/^\n/, '').trimEnd() : raw.replaceAll('\u00ad', '').replaceAll(/\s+/g, ' ').trim()
    if (text.trim() === '') return
    const row = this.#rows.at(-1)
    if (row === undefined || row.layout) this.#add(text)
    else row.cell.push(text)
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

  /** A list begins: a cell that holds one is no field of a record. */
  list(): void {
    this.end()
    this.#asLayout()
  }

  row(): void {
    this.end()
    this.#asLayout()
    this.#rows.push({ cells: [], cell: [], layout: false })
  }

  cell(): void {
    this.end()
  }

  /** @param times a sheet's cell may stand for several */
  endCell(times = 1): void {
    this.end()
    const row = this.#rows.at(-1)
    if (row === undefined || row.layout) return
    for (let time = 0; time < times; time += 1) row.cells.push(row.cell.join(' '))
    row.cell = []
  }

  endRow(): void {
    this.end()
    const row = this.#rows.pop()
    if (row === undefined || row.layout) return
    const cells = row.cell.length > 0 ? [...row.cells, row.cell.join(' ')] : row.cells
    const last = cells.findLastIndex((cell) => cell !== '')
    if (last >= 0) this.#add(cells.slice(0, last + 1).join(' | '))
  }

  /** All rows that are open are of tables that set out a page. */
  #asLayout(): void {
    for (const row of this.#rows) {
      if (row.layout) continue
      row.layout = true
      for (const text of [...row.cells, ...row.cell]) if (text !== '') this.#add(text)
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

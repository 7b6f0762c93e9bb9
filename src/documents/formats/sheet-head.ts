import { columnNames, filledIn, isOfFigures, looksLikeHead, recordText } from './record.ts'

/** Rows of one cell above a table. Below more of them it is a table of one column. */
const mostTitles = 6

/** Cells of several columns that are looked at in a row. */
const mostAcross = 2_000

export interface SheetRow {
  readonly number: number
  readonly values: readonly string[]
}

/** Of a cell of several columns: the row in which it begins, its first column and its last. */
export interface Across {
  readonly from: number
  readonly column: number
  readonly last: number
}

/** Finds which rows of a sheet name the columns of those below them. */
export class SheetHeads {
  /** By the rows in which they begin. */
  readonly #across = new Map<number, Across[]>()
  #names: readonly string[] | undefined
  #titles = 0
  #last = 0
  /** Columns in which records of the table have had figures. */
  readonly #figures = new Set<number>()
  /** Names above groups of columns, where the row that comes names the columns themselves. */
  #groups: readonly string[] | undefined

  constructor(across: readonly Across[]) {
    for (const cell of across) {
      const beside = this.#across.get(cell.from)
      if (beside === undefined) this.#across.set(cell.from, [cell])
      else if (beside.length < mostAcross) beside.push(cell)
    }
  }

  /** A row with the names of its columns; of a head its own words, as a sheet may have no other row. */
  lineOf(row: SheetRow, next: SheetRow | undefined): string {
    const isHead = this.#isHead(row, next)
    if (isHead) this.#figures.clear()
    else for (const [column, value] of row.values.entries()) if (/\d/.test(value)) this.#figures.add(column)
    const line = isHead ? filledIn(row.values).join(' | ') : recordText(this.#names ?? [], row.values)
    this.#last = row.number
    return line.replaceAll(/\s*\n\s*/g, ' ')
  }

  #isHead(row: SheetRow, next: SheetRow | undefined): boolean {
    const groups = this.#groups
    this.#groups = undefined
    if (groups !== undefined) {
      this.#names = columnNames(Array.from({ length: Math.max(groups.length, row.values.length) }, (_, column) => [...new Set([groups[column], row.values[column]])].filter((name) => name?.trim()).join(' ')))
      return true
    }
    // Above a table there may be its title, and other rows of one cell: then the first that looks like a head is it.
    if (this.#names === undefined && isOfFigures(row.values)) this.#names = []
    const isHead = this.#names === undefined || (this.#titles > 0 && this.#titles < mostTitles && looksLikeHead(row.values)) || this.#beginsAnother(row, next)
    if (!isHead) {
      if (this.#titles > 0) this.#titles += 1
      return false
    }
    this.#names = columnNames(row.values)
    this.#titles = filledIn(row.values).length === 1 ? 1 : 0
    if (this.#titles === 0) this.#groups = this.#groupsOf(row, next)
    return true
  }

  /** Below empty rows, a row of words above figures, or one that is wider than the table before as the next one is, is the head of another table. */
  #beginsAnother(row: SheetRow, next: SheetRow | undefined): boolean {
    if (row.number <= this.#last + 1 || !looksLikeHead(row.values)) return false
    if (next?.number !== row.number + 1) return false
    const width = this.#names?.length ?? 0
    // A record with a remark beyond the last column is no head: what is below it would be as wide.
    if (Math.min(row.values.length, next.values.length) > width) return true
    const above = [...next.values.keys()].filter((column) => isNumber(next.values[column]) && (row.values[column] ?? '').trim() !== '')
    // A word, or the same word several times, where the records before have figures stands for a figure that is not there.
    const words = new Set(above.map((column) => row.values[column]))
    const isRecord = row.values.length === width && words.size === 1 && above.every((column) => this.#figures.has(column))
    return above.length > 0 && !isRecord
  }

  /** What cells of several columns say is said of each of them, where the next row has names for more columns than this one. */
  #groupsOf(row: SheetRow, next: SheetRow | undefined): readonly string[] | undefined {
    const across = this.#across.get(row.number)
    if (across === undefined || next?.number !== row.number + 1) return undefined
    const named = filledIn(next.values)
    if (named.length <= filledIn(row.values).length || !named.every((name) => /\p{L}|^\d{4}$/u.test(name.trim()))) return undefined
    // A name above something else is that of a column, and the next row a record.
    const isAcross = (at: number): boolean => across.some(({ column, last }) => column <= at && at <= last)
    if (row.values.some((name, at) => !isAcross(at) && name.trim() !== '' && !['', name].includes(next.values[at] ?? ''))) return undefined
    const groups = [...row.values]
    for (const { column, last } of across) {
      for (let at = column; at <= last; at += 1) groups[at] = row.values[column] ?? ''
    }
    return Array.from(groups, (name: string | undefined) => name ?? '')
  }
}

const isNumber = (value = ''): boolean => /\d/.test(value) && !/\p{L}/u.test(value)

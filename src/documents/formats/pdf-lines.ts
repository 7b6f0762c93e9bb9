import { isMostlyFromTheRight } from './pdf-direction.ts'
import { alongLines } from './pdf-order.ts'
import { mirrored, piecesOf, type Piece } from './pdf-pieces.ts'
import { rowsOf, type Row } from './pdf-rows.ts'
import { asDrawn, columnsAcross, isRow, rowsOfColumns, withoutLinesAbove, wrappedRow } from './pdf-tables.ts'

/** A line of text as it stands on a page. */
export type Line = Pick<Piece, 'text' | 'height'>

/**
 * Lines in the order of reading. It is that of the file, but for a table's rows, each of which is one line, `rope | 12 | shed`, however the file draws
 * them, and for two columns of text that the file draws line by line across the page.
 */
export function linesOf(items: readonly unknown[]): Line[] {
  const pieces = piecesOf(items)
  const rows = downwards(rowsOf(alongLines(isMostlyFromTheRight(pieces) ? pieces.map(mirrored) : pieces))).flatMap((row): readonly (Row | Piece)[] => (isRow(row) ? withoutLinesAbove(row) : [row]))
  const lines: Line[] = []
  /** Up to here it is known whether columns are drawn across. */
  let known = 0
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]
    if (!isRow(row)) {
      if (row !== undefined) lines.push(row)
      continue
    }
    if (at >= known && row.length === 2) {
      const across = columnsAcross(rows.slice(at, at + mostAcross))
      known = at + Math.max(1, across.rows)
      if (across.lines !== undefined) {
        for (const line of asDrawn(across.lines)) lines.push(line)
        at = known - 1
        continue
      }
    }
    for (const line of linesOfRow(row, [rows[at - 1], rows[at + 1]])) lines.push(line)
  }
  return lines
}

/** Lines of one column that the file draws from the bottom up, each right above the last one, in the order in which they are read. */
function downwards(rows: (Row | Piece)[]): (Row | Piece)[] {
  const turned: (Row | Piece)[] = []
  let run: (Row | Piece)[] = []
  const close = (): void => {
    turned.push(...(run.length >= leastUpwards ? run.toReversed() : run))
    run = []
  }
  for (const row of rows) {
    const [below, block] = [lastLine(run.at(-1)), blockIn(row)]
    const [line, ...rest] = block ?? []
    if (below === undefined || line === undefined || !isRightAbove(line, below)) close()
    // What stands below the topmost line is drawn after it.
    if (run.length >= leastUpwards - 1 && line !== undefined && rest.length > 0) {
      run.push([[line]])
      close()
      run.push([rest])
    } else run.push(row)
  }
  close()
  return turned
}
const leastUpwards = 3

/** The lines of a row that is one column of them. */
const blockIn = (row: Row | Piece | undefined): Row[number] | undefined => (isRow(row) && row.length === 1 ? row[0] : undefined)

/** The line that a row is, where it is one. */
function lastLine(row: Row | Piece | undefined): Row[number][number] | undefined {
  const block = blockIn(row)
  return block?.length === 1 ? block[0] : undefined
}

function isRightAbove(line: Row[number][number], below: Row[number][number]): boolean {
  const rise = line.place.base - below.place.base
  return line.place.direction === below.place.direction && rise > below.height * 0.8 && rise < below.height * 2.5 && line.place.left < below.place.right && line.place.right > below.place.left
}

/** No table that one can read has more columns. */
const mostCells = 64
/** So many lines a column of text has at most. */
const mostAcross = 400

function linesOfRow(row: Row, around: readonly (Row | Piece | undefined)[]): readonly Line[] {
  const asTable = row.length > 1 && row.length <= mostCells ? (rowsOfColumns(row) ?? wrappedRow(row, around.filter(isRow))) : undefined
  return asTable ?? asDrawn(row.flat())
}

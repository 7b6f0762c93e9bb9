import { HyphenJoiner } from '../hyphens.ts'
import { areOnOneLine, gapAfter, type Piece } from './pdf-pieces.ts'
import type { Block, Placed, Row } from './pdf-rows.ts'

/** Lines of one paragraph are at most so many times the height of their letters apart; those of a cell may be further apart. */
const [leading, leadingOfCells] = [1.65, 2.2]
/** A cell of more lines or characters sets out a page. */
const [mostLines, mostCharacters] = [12, 600]

// A page may have more pieces than a function can have arguments.
const largest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), -Infinity)
const smallest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b), Infinity)

/** Lines that stand above a table are drawn with its first column, and are no part of it. */
export function withoutLinesAbove(row: Row): Row[] {
  const [first = [], ...others] = row
  if (others.length === 0) return [row]
  const top = largest(others.map((block) => block[0]?.place.base ?? -Infinity))
  const bottom = smallest(others.map((block) => block.at(-1)?.place.base ?? Infinity))
  const above = first.findIndex(({ place, height }) => place.base <= top + height / 2)
  if (above <= 0) return [row]
  // A cell of several lines reaches above and below one line that stands at its middle.
  let from = above
  for (let below = first.filter(({ place, height }) => place.base < bottom - height / 2).length; below > 0 && from > 0 && isTight(first.slice(from - 1, from + 1), leadingOfCells); below -= 1) from -= 1
  return from === 0 ? [row] : [[first.slice(0, from)], [first.slice(from), ...others]]
}

/** A table's row, of cells of several lines, where the row before or after it has its columns too. */
export function wrappedRow(row: Row, neighbours: readonly (Row | undefined)[]): Piece[] | undefined {
  const pieces = row.flat()
  if (pieces.every((piece) => areOnOneLine(piece.place, (pieces[0] ?? piece).place, piece.height)) || !neighbours.some((one) => one !== undefined && haveColumnsInCommon(row, one))) return undefined
  // What stands below the last cell, and apart from it, is no part of it.
  const last = row.at(-1) ?? []
  const end = last.findIndex((_, index) => index > 0 && !isTight(last.slice(index - 1, index + 1), leadingOfCells))
  const cells = [...row.slice(0, -1), end < 0 ? last : last.slice(0, end)]
  if (!cells.every((cell) => isTight(cell, leadingOfCells) && cell.length <= mostLines && cell.reduce((sum, { text }) => sum + text.length, 0) <= mostCharacters)) return undefined
  return [lineOf(cells.map(textOfCell), row.flat()), ...(end < 0 ? [] : last.slice(end))]
}

/** Rows of a table that the file draws column by column. Columns of text have lines side by side too; it is told from them by what its cells hold. */
export function rowsOfColumns(row: Row): Piece[] | undefined {
  const levels = levelsOf(row)
  const shared = levels.filter((cells) => cells.filter((cell) => cell !== undefined).length > 1)
  if (shared.length < 3 || shared.flat().filter((cell) => cell !== undefined).length < row.flat().length * mostlyAligned) return undefined
  const texts = row.filter(isProse).length
  if (texts > (row.length > 2 ? 1 : 0) || !(row.some((block) => holdsFigures(block) || holdsLabels(block)) || (row.length > 2 && (isApart(row) || hasHead(levels))))) return undefined
  return levels.map((cells) => lineOf(cells.map((cell) => cell?.text ?? ''), cells.filter((cell) => cell !== undefined)))
}
const mostlyAligned = 0.75

/** What stands on one line, by block, from the top. */
function levelsOf(row: Row): (Placed | undefined)[][] {
  const all = row.flatMap((block, column) => block.map((piece) => ({ piece, column }))).toSorted((a, b) => b.piece.place.base - a.piece.place.base)
  const levels: { readonly first: Placed; readonly cells: (Placed | undefined)[] }[] = []
  for (const { piece, column } of all) {
    const level = levels.at(-1)
    if (level !== undefined && level.cells[column] === undefined && areOnOneLine(level.first.place, piece.place, piece.height)) level.cells[column] = piece
    else levels.push({ first: piece, cells: row.map((_, index) => (index === column ? piece : undefined)) })
  }
  return levels.map(({ cells }) => cells)
}

/** How many rows from here on are of two columns; where these are columns of text that the file draws across, their lines column after column. */
export function columnsAcross(rows: readonly (Row | Piece)[]): { readonly rows: number; readonly lines?: readonly Placed[] } {
  const columns: readonly [Placed[], Placed[]] = [[], []]
  let [end, begin] = [-Infinity, Infinity]
  let [both, taken] = [0, 0]
  for (const row of rows) {
    if (!isRow(row) || row.length > 2) break
    const [[left, right], pieces] = [extentOf(row[0] ?? []), row.flat()]
    const [nextEnd, nextBegin] = row.length === 2 ? [Math.max(end, right), Math.min(begin, extentOf(row[1] ?? [])[0])] : right < begin ? [Math.max(end, right), begin] : [end, Math.min(begin, left)]
    if (nextBegin <= nextEnd || (row.length === 1 && !isTight([columns[right < begin ? 0 : 1].at(-1), pieces[0]].filter((one) => one !== undefined)))) break
    ;[end, begin] = [nextEnd, nextBegin]
    if (row.length === 2) both += 1
    for (const piece of row[0] ?? []) columns[row.length === 2 || right < nextBegin ? 0 : 1].push(piece)
    for (const piece of row[1] ?? []) columns[1].push(piece)
    taken += 1
  }
  return { rows: taken, ...(both >= leastLines && columns.every(isProse) && { lines: columns.flat() }) }
}

export const isRow = (row: Row | Piece | undefined): row is Row => Array.isArray(row)

/** Fewer lines are no column of text. */
const leastLines = 5

/** Lines of many words that are nearly all as long as the column is wide. */
function isProse(block: Block): boolean {
  if (block.length < leastLines) return false
  const widths = block.map(({ place }) => place.right - place.left)
  const full = largest(widths) * 0.8
  const words = block.reduce((sum, { text }) => sum + text.split(/\s+/).length + (text.match(withoutBlanks)?.length ?? 0) / 2, 0)
  return words >= block.length * 4 && widths.filter((width) => width >= full).length >= block.length * 0.6 && isTight(block)
}
const withoutBlanks = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu

/** Most gaps between its lines are those within a paragraph. */
function isTight(block: Block, most = leading): boolean {
  const gaps = block.slice(1).map(({ place, height }, index) => ((block[index]?.place.base ?? 0) - place.base) / Math.max(1, height))
  return gaps.filter((gap) => gap <= most).length >= gaps.length * (gaps.length < leastLines ? 1 : 0.8)
}

/** Numbers, amounts, dates, under a name or without. */
const holdsFigures = (block: Block): boolean => block.length >= 3 && block.slice(1).filter(({ text }) => (text.match(/\p{N}/gu)?.length ?? 0) > (text.match(/\p{L}/gu)?.length ?? 0)).length >= (block.length - 1) * 0.7
const holdsLabels = (block: Block): boolean => block.filter(({ text }) => /[:：]$/.test(text)).length >= block.length * 0.7
/** Short cells, with more between the rows than between lines of a text. */
const isApart = (row: Row): boolean => row.every((block) => block.slice(1).every((piece, index) => !isTight([block[index] ?? piece, piece])) && block.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0) <= block.length * 4)
/** Names of columns, in letters that are none of the other lines'. */
function hasHead([head = [], ...others]: readonly (readonly (Placed | undefined)[])[]): boolean {
  const fonts = new Set(head.map((cell) => cell?.font))
  return fonts.size === 1 && !fonts.has(undefined) && others.flat().every((cell) => cell === undefined || !fonts.has(cell.font))
}

/** Columns that begin, end or have their middle at one place. */
function haveColumnsInCommon(a: Row, b: Row): boolean {
  const ofB = b.map(extentOf)
  const common = a.filter((block) => {
    const [left, right] = extentOf(block)
    const near = (x: number, y: number): boolean => Math.abs(x - y) < (block[0]?.height ?? 0) / 2
    return ofB.some(([l, r]) => near(left, l) || near(right, r) || near(left + right, l + r))
  })
  return a.length > 1 && b.length > 1 && common.length >= Math.min(a.length, b.length, 3)
}

const extentOf = (block: Block): readonly [left: number, right: number] => [smallest(block.map(({ place }) => place.left)), largest(block.map(({ place }) => place.right))]

function textOfCell(cell: Block): string {
  const lines = new HyphenJoiner().join(cell.map(({ text }) => text), { wholeLines: true })
  return lines.reduce((text, line) => text + (endsInSuch.test(text) && beginsInSuch.test(line) ? '' : ' ') + line)
}
const endsInSuch = new RegExp(`${withoutBlanks.source}$`, 'u')
const beginsInSuch = new RegExp(`^${withoutBlanks.source}`, 'u')

function lineOf(cells: readonly string[], pieces: readonly Placed[]): Piece {
  const last = cells.findLastIndex((cell) => cell !== '')
  return { text: cells.slice(0, last + 1).join(' | '), height: largest(pieces.map(({ height }) => height)), font: undefined, place: undefined }
}

/** Lines as the file draws them; what follows on one line is a cell of it. */
export function asDrawn(pieces: readonly Placed[]): Piece[] {
  const lines: Piece[] = []
  let last: Placed | undefined
  for (const piece of pieces) {
    const line = lines.at(-1)
    if (last !== undefined && line !== undefined && areOnOneLine(last.place, piece.place, last.height) && gapAfter(last.place, piece.place, last.text + piece.text) >= 0) lines[lines.length - 1] = { ...line, text: `${line.text} | ${piece.text}`, height: Math.max(line.height, piece.height) }
    else lines.push(...(piece.afterEmpty ? [{ ...piece, text: '' }] : []), piece)
    last = piece
  }
  return lines
}

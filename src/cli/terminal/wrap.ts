import { piecesOf, styledRows, type Piece } from './pieces.ts'
import { widthOf } from './width.ts'

/** With blanks in place of tabs: how many columns one of those takes is known to the terminal alone. */
export const withoutTabs = (text: string): string => text.replaceAll('\t', '    ')

/** Styles, and the blanks behind them. */
const beginning = new RegExp('^((?:\\u001b\\[[0-9;]*m)*)( *)')

/**
 * Lines of at most so many columns, broken at blanks; only a word that is longer than a line is broken within. A line's own indentation
 * stays, also on the lines that it is broken into.
 */
export function wrapped(text: string, columns: number): string[] {
  return withoutTabs(text).split('\n').flatMap((line) => {
    const [, styles = '', indentation = ''] = beginning.exec(line) ?? []
    const rest = styles + line.slice(styles.length + indentation.length)
    const room = columns - indentation.length
    if (rest === '' || room < 8) return rest === '' ? [''] : brokenAtBlanks(line, columns)
    return brokenAtBlanks(rest, room).map((part) => indentation + part)
  })
}

/** The first line begins with `head`, the others with as many blanks; all of them fit. */
export function hung(head: string, text: string, columns: number): string[] {
  const blanks = widthOf(head)
  return wrapped(text, Math.max(10, columns - blanks)).map((line, index) => (index === 0 ? head + line : line === '' ? '' : ' '.repeat(blanks) + line))
}

/** The last rows that these lines take in a terminal, each within its width; what has styles keeps them. */
export function lastRows(lines: readonly string[], { columns, rows }: { readonly columns: number; readonly rows: number }): string[] {
  if (rows === 0) return []
  return lines.slice(-rows).flatMap((line) => filledRows(line, columns)).slice(-rows)
}

/** As much of a line as fits, with an ellipsis where something is left out. */
export function clipped(line: string, columns: number): string {
  return widthOf(line) <= columns ? line : `${filledRows(line, columns - 1)[0] ?? ''}…`
}

function filledRows(line: string, columns: number): string[] {
  const page = pageOf(columns)
  page.fill(piecesOf(line))
  return styledRows(page.rows)
}

function brokenAtBlanks(line: string, columns: number): string[] {
  if (!line.includes('\u001b') && widthOf(line) <= columns) return [line.replace(/^ +| +$/g, '')]
  const page = pageOf(columns)
  for (const [index, word] of wordsOf(withoutBlanksAtEnd(piecesOf(line))).entries()) {
    const width = word.reduce((sum, piece) => sum + piece.width, 0)
    if (index > 0 && page.left < columns) page.put(blank)
    // A word that is longer than a line begins on this one only where that saves a line.
    const begins = width > columns && Math.ceil((width - Math.max(0, page.left)) / columns) < Math.ceil(width / columns)
    if (width > page.left && page.left < columns && !begins) page.next()
    page.fill(word)
  }
  return styledRows(page.rows.map(withoutBlanksAtEnd))
}

const blank: Piece = { text: ' ', width: 1, isStyle: false }

/** Rows that are filled one after the other, none further than the page is wide. */
function pageOf(columns: number) {
  const rows: Piece[][] = [[]]
  let left = columns
  const next = (): void => {
    rows.push([])
    left = columns
  }
  const put = (piece: Piece): void => {
    rows.at(-1)?.push(piece)
    left -= piece.width
  }
  return {
    rows,
    get left() {
      return left
    },
    next,
    put,
    fill: (pieces: readonly Piece[]) => {
      for (const piece of pieces) {
        const isBreak = piece.text === '\n'
        if (isBreak || (piece.width > left && left < columns)) next()
        if (!isBreak) put(piece)
      }
    },
  }
}

function wordsOf(pieces: readonly Piece[]): Piece[][] {
  const words: Piece[][] = [[]]
  for (const piece of pieces) {
    if (piece.text === ' ') words.push([])
    else words.at(-1)?.push(piece)
  }
  return words
}

function withoutBlanksAtEnd(row: readonly Piece[]): readonly Piece[] {
  const last = row.findLastIndex(({ text, isStyle }) => !isStyle && text !== ' ')
  return row.filter(({ text }, index) => index <= last || text !== ' ')
}

import { screenSize } from '../../stack/screen-size.ts'
import { placed, toRight } from './placed.ts'
import { widthOf } from './width.ts'

export interface LiveView {
  /** None is wider than the terminal. */
  readonly lines: readonly string[]
  readonly cursor: { readonly row: number; readonly column: number }
}

/** The last lines of a terminal, which are drawn again and again, below what is written once and scrolls away. */
export interface LiveRegion {
  /** Draws this in place of what is there. */
  draw(view: LiveView): void
  /** Writes lines above it. */
  print(text: string): void
  /** Takes it from the screen; the next `draw` begins where it was. */
  erase(): void
}

const begin = '\u001b[?2026h'
const end = '\u001b[?2026l'
/** Whether the terminal begins another row by itself where one is full. */
const breakRows = { off: '\u001b[?7l', on: '\u001b[?7h' }
const clearLine = '\u001b[K'
/**
 * The rest of the row, and all below it from another column than the first one on: terminals take the clearing of all that they show, which
 * begins in the upper left corner, for the end of a screen, and keep what is drawn there above what scrolls away.
 */
const clearRest = `${clearLine}\u001b[C\u001b[J`
const clearRegion = `${clearRest}\r`
const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '')
const down = (rows: number): string => (rows > 0 ? `\u001b[${rows}B` : '')

/**
 * Every change is one write, between the marks of a synchronised update, so that terminals show no half of it, and begins at the first line
 * that has changed. Where the terminal has become narrower it has broken the lines that were drawn: what was drawn is taken away by the
 * rows that it takes now. Each line is one row whatever widths a terminal counts: else it would leave rows behind when it is drawn again.
 */
export function liveRegion(output: { write(text: string): unknown; readonly columns?: number }): LiveRegion {
  let drawn: LiveView | undefined
  let drawnFor = 0
  const columns = (): number => screenSize(output).columns

  /** From where the cursor is to the beginning of the region. */
  const toTop = (): string => {
    if (drawn === undefined) return ''
    const { lines, cursor } = drawn
    const now = columns()
    const rowsOf = (width: number): number => (now >= drawnFor ? 1 : Math.max(1, Math.ceil(width / now)))
    const above = lines.slice(0, cursor.row).reduce((rows, line) => rows + rowsOf(widthOf(line)), 0)
    return up(above + (now >= drawnFor ? 0 : Math.floor(cursor.column / now))) + '\r'
  }
  const body = ({ lines, cursor }: LiveView, first = 0): string =>
    breakRows.off + lines.slice(first).map(placed).join(`${clearLine}\r\n`) + clearRest + breakRows.on + up(lines.length - 1 - cursor.row) + '\r' + toRight(cursor.column)
  /** Only what has changed, and from where the cursor is: what stands above that need not be where it was drawn. */
  const change = (from: LiveView, view: LiveView): string => {
    const differs = view.lines.findIndex((line, index) => line !== from.lines[index])
    const first = Math.min(differs === -1 ? view.lines.length - 1 : differs, from.lines.length - 1)
    return up(from.cursor.row - first) + down(first - from.cursor.row) + '\r' + body(view, first)
  }

  return {
    draw: (view) => {
      if (drawn !== undefined && drawnFor === columns()) {
        if (!isSame(drawn, view)) output.write(begin + change(drawn, view) + end)
      } else {
        // A region that was broken anew leaves more rows than are drawn over.
        output.write(begin + toTop() + (drawn === undefined ? '' : clearRegion) + body(view) + end)
      }
      drawn = view
      drawnFor = columns()
    },
    print: (text) => {
      const view = drawn
      output.write(begin + toTop() + (view === undefined ? '' : clearRegion) + `${text.replaceAll('\n', '\r\n')}\r\n` + (view === undefined ? '' : body(view)) + end)
      drawnFor = columns()
    },
    erase: () => {
      if (drawn === undefined) return
      output.write(toTop() + clearRegion)
      drawn = undefined
    },
  }
}

function isSame(one: LiveView, other: LiveView): boolean {
  return one.cursor.row === other.cursor.row && one.cursor.column === other.cursor.column && one.lines.length === other.lines.length && one.lines.every((line, index) => line === other.lines[index])
}

import type { SyntaxNode } from '@lezer/common'
import { widthOf } from '../terminal/width.ts'
import { wrapped } from '../terminal/wrap.ts'
import { inlineText } from './inline.ts'
import type { Page } from './page.ts'

/** Narrower than this no column is made: words would be broken in it. */
const narrowest = 8
const between = '  '

/** A table in aligned columns, cells broken into lines where it would be wider than the terminal; as it is written where even that is too wide. */
export function tableLines(node: SyntaxNode, page: Page): string[] {
  const { source, palette, columns } = page
  const header = node.getChild('TableHeader')
  const rows = [...(header === null ? [] : [header]), ...node.getChildren('TableRow')].map((row) => cellsOf(row, page))
  const widths = fitting(rows.reduce<number[]>((widest, row) => Array.from({ length: Math.max(widest.length, row.length) }, (_, index) => Math.max(widest[index] ?? 0, widthOf(row[index] ?? ''))), []), columns)
  if (rows.length === 0 || widths === undefined) return wrapped(source.slice(node.from, node.to), columns)
  const rule = node.getChild('TableDelimiter')
  const right = rule === null ? [] : source.slice(rule.from, rule.to).replace(/^\s*\|/, '').split('|').map((column) => /^[^:]+:\s*$/.test(column.trim()))
  return rows.flatMap((row, number) => {
    const cells = widths.map((width, index) => wrapped(row[index] ?? '', width))
    const lines = Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, at) =>
      cells.map((parts, index) => padded(parts[at] ?? '', widths[index] ?? 0, right[index] === true)).join(between).trimEnd(),
    )
    return number === 0 ? lines.map((line) => palette.bold(line)) : lines
  })
}

/** The widest columns give way until all fit; undefined where they can't. */
function fitting(widths: readonly number[], columns: number): readonly number[] | undefined {
  const room = columns - between.length * (widths.length - 1)
  const fitted = widths.map((width) => Math.min(width, Math.max(narrowest, room)))
  for (let over = fitted.reduce((sum, width) => sum + width, 0) - room; over > 0; over -= 1) {
    const widest = Math.max(...fitted)
    if (widest <= narrowest) return undefined
    fitted[fitted.indexOf(widest)] = widest - 1
  }
  return fitted
}

/** An empty cell has no node of its own: only what parts it from the next one shows it. */
function cellsOf(row: SyntaxNode, { source, palette }: Page): string[] {
  const cells: string[] = []
  let open = source[row.from] !== '|'
  let cell: string | undefined
  for (let part = row.firstChild; part !== null; part = part.nextSibling) {
    if (part.name === 'TableCell') cell = inlineText(part, source, palette).trim()
    else if (part.name === 'TableDelimiter') {
      if (open) cells.push(cell ?? '')
      open = true
      cell = undefined
    }
  }
  return cell === undefined ? cells : [...cells, cell]
}

function padded(cell: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cell)))
  return right ? blanks + cell : cell + blanks
}

import type { SyntaxNode } from '@lezer/common'
import { widthOf, wrapped } from '../terminal/wrap.ts'
import { inlineText } from './inline.ts'
import type { Page } from './page.ts'

/** A table in aligned columns; as it is written where it is wider than the terminal. */
export function tableLines(node: SyntaxNode, { source, palette, columns }: Page): string[] {
  const header = node.getChild('TableHeader')
  const rows = [...(header === null ? [] : [header]), ...node.getChildren('TableRow')].map((row) =>
    row.getChildren('TableCell').map((cell) => inlineText(cell, source, palette).trim()),
  )
  const widths = rows.reduce<number[]>((widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, widthOf(cell))), [])
  const total = widths.reduce((sum, width) => sum + width + 2, 0)
  if (rows.length === 0 || total > columns) return wrapped(source.slice(node.from, node.to), columns)
  return rows.map((row, number) => {
    const line = row.map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)))).join('  ').trimEnd()
    return number === 0 ? palette.bold(line) : line
  })
}

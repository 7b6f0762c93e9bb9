import type { SyntaxNode } from '@lezer/common'
import { widthOf } from '../terminal/width.ts'
import { wrapped, withoutTabs } from '../terminal/wrap.ts'
import { inlineText } from './inline.ts'
import type { Page } from './page.ts'
import { tableLines } from './table-lines.ts'

/** A block of Markdown as lines of a terminal. What is no block known here stands as it is written. */
export function blockLines(node: SyntaxNode, page: Page): string[] {
  const { source, palette, columns } = page
  if (/^(ATX|Setext)Heading/.test(node.name)) return wrapped(inlineText(node, source, palette).trim(), columns).map((line) => palette.bold(line))
  switch (node.name) {
    case 'Paragraph':
    case 'Task':
      return wrapped(unindented(inlineText(node, source, palette)), columns)
    case 'FencedCode':
    case 'CodeBlock':
      return codeLines(node, page)
    case 'BulletList':
    case 'OrderedList':
      return node.getChildren('ListItem').flatMap((item) => itemLines(item, page, node.name === 'OrderedList'))
    case 'Blockquote':
      return innerLines(node, { ...page, columns: columns - 2 }).map((line) => `${palette.dim('│')} ${line}`)
    case 'HorizontalRule':
      return [palette.dim('─'.repeat(Math.min(columns, 40)))]
    case 'Table':
      return tableLines(node, page)
    default:
      return wrapped(source.slice(node.from, node.to), columns)
  }
}

/** The blocks in one: close together in a list, with a line between them elsewhere. */
function innerLines(node: SyntaxNode, page: Page): string[] {
  const lines: string[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (/Mark$/.test(child.name)) continue
    if (lines.length > 0 && node.name !== 'ListItem') lines.push('')
    lines.push(...blockLines(child, page))
  }
  return lines
}

function itemLines(item: SyntaxNode, page: Page, ordered: boolean): string[] {
  const mark = item.getChild('ListMark')
  const head = ordered && mark !== null ? `${page.source.slice(mark.from, mark.to)} ` : '• '
  const width = widthOf(head)
  const inner = innerLines(item, { ...page, columns: Math.max(12, page.columns - width) })
  return (inner.length === 0 ? [''] : inner).map((line, index) => (index === 0 ? head : ' '.repeat(width)) + line)
}

/** Code is kept as it is: not wrapped, and under a margin of two blanks. */
function codeLines(node: SyntaxNode, { source, palette }: Page): string[] {
  const texts = node.getChildren('CodeText')
  const [first] = texts
  const last = texts.at(-1)
  if (first === undefined || last === undefined) return []
  // What the block is quoted or indented by stands between its texts.
  const whole = texts.length === 1 ? source.slice(first.from, last.to) : texts.map(({ from, to }) => source.slice(from, to)).join('')
  return withoutTabs(whole).split('\n').map((line) => `  ${palette.cyan(line)}`)
}

const unindented = (text: string): string => text.split('\n').map((line) => line.replace(/^[ \t]+/, '').replace(/(\\| +)$/, '')).join('\n')

import type { SyntaxNode } from '@lezer/common'
import { decodeHTMLStrict } from 'entities'
import type { Palette } from '../output/palette.ts'
import { printable } from '../output/printable.ts'

/** Signs that Markdown is written with, and a reader has no use for. */
const marks = new Set(['EmphasisMark', 'CodeMark', 'LinkMark', 'StrikethroughMark', 'HeaderMark', 'QuoteMark', 'LinkTitle', 'LinkLabel'])

/** The text of a paragraph, a heading or a cell: bold, italics, code and what is struck out as styles, links with their address, all else as it is written. */
export function inlineText(node: SyntaxNode, source: string, palette: Palette): string {
  return textBetween(node, node, source, palette)
}

/** A part of it. */
function textBetween(node: SyntaxNode, { from, to }: { readonly from: number; readonly to: number }, source: string, palette: Palette): string {
  let text = ''
  let place = from
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.from < from || child.to > to) continue
    text += source.slice(place, child.from) + styled(child, source, palette)
    place = child.to
  }
  return text + source.slice(place, to)
}

function styled(node: SyntaxNode, source: string, palette: Palette): string {
  if (marks.has(node.name)) return ''
  switch (node.name) {
    case 'StrongEmphasis':
      return palette.bold(inlineText(node, source, palette))
    case 'Emphasis':
      return palette.italic(inlineText(node, source, palette))
    case 'InlineCode':
      return palette.cyan(codeText(node, inlineText(node, source, palette)))
    case 'Strikethrough':
      return palette.strikethrough(inlineText(node, source, palette))
    case 'Escape':
      return source.slice(node.from + 1, node.to)
    case 'Link':
    case 'Image':
      return linkText(node, source, palette)
    case 'Autolink':
    case 'Entity':
    case 'URL':
      return decoded(source.slice(node.from, node.to))
    default:
      return node.firstChild === null ? source.slice(node.from, node.to) : inlineText(node, source, palette)
  }
}

/** A character that is written by its name or number; one that could do something to the terminal is shown as a sign, and a line break is a blank. */
const decoded = (written: string): string => printable(decodeHTMLStrict(written)).replaceAll('\n', ' ')

/** In a cell a bar is escaped in code too, else it would part cells. */
const codeText = (node: SyntaxNode, code: string): string => (isInCell(node) ? code.replaceAll('\\|', '|') : code)

function isInCell(node: SyntaxNode): boolean {
  for (let holder = node.parent; holder !== null; holder = holder.parent) if (holder.name === 'TableCell') return true
  return false
}

/** `text (address)`; the address once, where it is the text. */
function linkText(node: SyntaxNode, source: string, palette: Palette): string {
  const [opening, closing] = node.getChildren('LinkMark')
  // The text may have an address of its own.
  const address = node.getChildren('URL').find(({ from }) => closing !== undefined && from >= closing.to)
  if (address === undefined || opening === undefined || closing === undefined) return source.slice(node.from, node.to)
  const url = decoded(source.slice(address.from, address.to))
  const text = textBetween(node, { from: opening.to, to: closing.from }, source, palette)
  return text === url || text === '' ? url : `${text} ${palette.dim(`(${url})`)}`
}

import type { SyntaxNode } from '@lezer/common'
import type { Palette } from '../output/palette.ts'

/** Signs that Markdown is written with, and a reader has no use for. */
const marks = new Set(['EmphasisMark', 'CodeMark', 'LinkMark', 'StrikethroughMark', 'HeaderMark', 'QuoteMark', 'LinkTitle', 'LinkLabel'])

/** The text of a paragraph, a heading or a cell: bold, italics and code as styles, links with their address, all else as it is written. */
export function inlineText(node: SyntaxNode, source: string, palette: Palette): string {
  let text = ''
  let place = node.from
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    text += source.slice(place, child.from) + styled(child, source, palette)
    place = child.to
  }
  return text + source.slice(place, node.to)
}

function styled(node: SyntaxNode, source: string, palette: Palette): string {
  if (marks.has(node.name)) return ''
  switch (node.name) {
    case 'StrongEmphasis':
      return palette.bold(inlineText(node, source, palette))
    case 'Emphasis':
      return palette.italic(inlineText(node, source, palette))
    case 'InlineCode':
      return palette.cyan(inlineText(node, source, palette))
    case 'Escape':
      return source.slice(node.from + 1, node.to)
    case 'Link':
    case 'Image':
      return linkText(node, source, palette)
    case 'Autolink':
    case 'URL':
      return source.slice(node.from, node.to)
    default:
      return node.firstChild === null ? source.slice(node.from, node.to) : inlineText(node, source, palette)
  }
}

/** `text (address)`; the address once, where it is the text. */
function linkText(node: SyntaxNode, source: string, palette: Palette): string {
  const address = node.getChild('URL')
  const [opening, closing] = node.getChildren('LinkMark')
  if (address === null || opening === undefined || closing === undefined) return source.slice(node.from, node.to)
  const url = source.slice(address.from, address.to)
  const text = source.slice(opening.to, closing.from)
  return text === url || text === '' ? url : `${text} ${palette.dim(`(${url})`)}`
}

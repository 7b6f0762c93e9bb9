import { parser, GFM } from '@lezer/markdown'
import { Headings, type Part } from '../part.ts'
import { lineCounter } from './text.ts'

const markdown = parser.configure(GFM)

/** Blocks under their headings; a list, a table or fenced code stays one part. */
export function markdownParts(text: string): Part[] {
  const lineOf = lineCounter(text)
  const headings = new Headings()
  const parts: Part[] = []
  // What stands there of the document itself would be a heading to Markdown.
  const front = /^---\n(?:(?!---\n)[^\n]*\n){1,200}?---(?:\n|$)/.exec(text)?.[0] ?? ''
  if (front !== '') parts.push({ text: front.trimEnd(), firstLine: 1 })
  const body = front.replaceAll(/[^\n]/g, ' ') + text.slice(front.length)
  for (let node = markdown.parse(body).topNode.firstChild; node; node = node.nextSibling) {
    const block = text.slice(node.from, node.to)
    const level = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)?.[1]
    if (level !== undefined) headings.enter(Number(level), titleOf(block))
    const heading = headings.path
    // A heading stands in its section's text as well: it may say more than what follows.
    parts.push({ text: block, firstLine: lineOf(node.from), ...(heading !== undefined && { heading }) })
  }
  return parts
}

function titleOf(block: string): string {
  return block.replace(/^\s{0,3}#+\s*/, '').replace(/\s#+\s*$/, '').replace(/\n\s*[=-]+\s*$/, '').replaceAll(/[*_`]/g, '')
}

import type { Token, TokensList } from 'marked'
import { BoundedLexer } from './bounded-lexer.ts'

/** The blocks of a Markdown text. */
export const blocksOf = (text: string): TokensList => new BoundedLexer().lex(text)

/**
 * The blocks of a text that grows, piece by piece. A block that another one follows is whole, so that only the last one is read again: the work for
 * each piece does not grow with the text. A list is whole once the block behind it is, too: `1` is a paragraph, and `1.` one more item of the list. (A reference whose target is written below it becomes a link when the text is whole.)
 */
export function growingBlocks(): (text: string) => readonly Token[] {
  let [before, whole]: [string, readonly Token[]] = ['', []]
  return (text) => {
    if (!text.startsWith(before)) [before, whole] = ['', []]
    const rest = blocksOf(text.slice(before.length))
    const last = openFrom(rest)
    const blocks = [...whole, ...rest]
    if (last > 0) {
      const done = rest.slice(0, last)
      before += done.map(({ raw }) => raw).join('')
      whole = [...whole, ...done]
      // What is read is not always what is written: tabs, ends of lines.
      if (!text.startsWith(before)) [before, whole] = ['', []]
    }
    return blocks
  }
}

/** The place of the first block that what follows may still change. */
function openFrom(blocks: readonly Token[]): number {
  const written = [...blocks.entries()].filter(([, { type }]) => type !== 'space')
  const [last, list] = [written.at(-1), written.at(-2)]
  return list !== undefined && list[1].type === 'list' ? list[0] : (last?.[0] ?? -1)
}

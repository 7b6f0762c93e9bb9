import { GFM, parser } from '@lezer/markdown'
import type { SyntaxNode } from '@lezer/common'
import { printable } from '../output/printable.ts'
import type { Palette } from '../output/palette.ts'
import { wrapped } from '../terminal/wrap.ts'
import { blockLines } from './block-lines.ts'
import { literalStars } from './literal-stars.ts'

const markdown = parser.configure([GFM, literalStars])

/** A text that is written bit by bit. Its finished blocks are taken from it once; what grows still is drawn anew each time. */
export interface GrowingText {
  /** All that has come so far, safe for a terminal. */
  readonly source: string
  add(text: string): void
  /** The lines of the blocks that are finished now and were not taken before, the blank ones between them too. */
  takeFinished(columns: number): string[]
  /** The lines of what is left, as it looks now. */
  rest(columns: number): string[]
}

/**
 * Markdown where the terminal has styles to show it by; elsewhere the text as it is written, of which each line is finished with its end.
 * A block is finished when another one follows it.
 */
export function growingText(palette: Palette): GrowingText {
  let source = ''
  /** A carriage return whose line feed may be still to come. */
  let held = ''
  let taken = 0
  let some = false
  const lines = (text: string, columns: number, wholly: boolean): { readonly lines: string[]; readonly length: number } =>
    palette.styles ? markdownLines(text, { palette, columns, wholly, some }) : plainLines(text, columns, wholly)
  return {
    get source() {
      return source
    },
    add: (text) => {
      const come = held + text
      held = come.endsWith('\r') ? '\r' : ''
      source += printable(held === '' ? come : come.slice(0, -1))
    },
    takeFinished: (columns) => {
      const finished = lines(source.slice(taken), columns, false)
      taken += finished.length
      if (finished.lines.length > 0) some = true
      return finished.lines
    },
    rest: (columns) => lines(source.slice(taken), columns, true).lines,
  }
}

interface Rendering {
  readonly palette: Palette
  readonly columns: number
  /** Also the last block, which may not be finished. */
  readonly wholly: boolean
  /** Blocks were rendered before: a blank line comes first. */
  readonly some: boolean
}

function markdownLines(source: string, { palette, columns, wholly, some }: Rendering): { readonly lines: string[]; readonly length: number } {
  const blocks: SyntaxNode[] = []
  for (let node = markdown.parse(source).topNode.firstChild; node !== null; node = node.nextSibling) blocks.push(node)
  const shown = wholly ? blocks : blocks.slice(0, -1)
  const lines = shown.flatMap((block, index) => [...(some || index > 0 ? [''] : []), ...blockLines(block, { source, palette, columns })])
  const next = blocks[shown.length]
  return { lines, length: next === undefined ? source.length : shown.length === 0 ? 0 : lineStartOf(source, next.from) }
}

/** Where the line begins on which a block does: its indentation is part of it. */
const lineStartOf = (source: string, place: number): number => source.lastIndexOf('\n', place - 1) + 1

function plainLines(text: string, columns: number, wholly: boolean): { readonly lines: string[]; readonly length: number } {
  const end = wholly ? text.length : text.lastIndexOf('\n') + 1
  if (end === 0) return { lines: [], length: 0 }
  const shown = text.slice(0, end).replace(/\n$/, '')
  return { lines: wrapped(shown, columns), length: end }
}

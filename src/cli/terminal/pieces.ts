import { inspect } from 'node:util'
import { graphemesOf } from './graphemes.ts'
import { characterWidth } from './width.ts'

/** A character as people see it, or a style, which takes no column and counts for what follows. */
export interface Piece {
  readonly text: string
  readonly width: number
  readonly isStyle: boolean
}

// eslint would have control characters written out of a literal; this is about one.
const style = new RegExp('(\\u001b\\[[0-9;]*m)')

/** A line in its pieces: every second part is a style. */
export function piecesOf(line: string): Piece[] {
  return line.split(style).flatMap<Piece>((part, index) =>
    index % 2 === 1 ? [{ text: part, width: 0, isStyle: true }] : graphemesOf(part).map((text) => ({ text, width: characterWidth(text), isStyle: false })),
  )
}

/** By which code each style ends. */
const closings = new Map(Object.values(inspect.colors).filter((codes) => codes !== undefined))
const closingCodes = new Set(closings.values())

/** Rows of one line as texts: a style that goes on in the next row ends at the end of this one, and begins anew there. */
export function styledRows(rows: readonly (readonly Piece[])[]): string[] {
  let open: readonly number[] = []
  return rows.map((row) => {
    const begun = open.map(sign).join('')
    open = row.filter(({ isStyle }) => isStyle).flatMap(({ text }) => codesIn(text)).reduce(withCode, open)
    return begun + row.map(({ text }) => text).join('') + open.toReversed().map((code) => sign(closings.get(code) ?? 0)).join('')
  })
}

const sign = (code: number): string => `\u001b[${String(code)}m`
const codesIn = (text: string): number[] => text.slice(2, -1).split(';').map(Number)

function withCode(open: readonly number[], code: number): readonly number[] {
  if (closings.has(code)) return [...open, code]
  if (closingCodes.has(code)) return open.filter((other) => closings.get(other) !== code)
  return open
}

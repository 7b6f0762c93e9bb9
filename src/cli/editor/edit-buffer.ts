import { widthOf } from '../terminal/width.ts'
import { graphemesOf } from '../terminal/graphemes.ts'
import { after, before, lineEnd, lineStart } from './places.ts'

/**
 * What is being typed, and where. The cursor goes from one character as people see them to the next. It stands within one only where typing or
 * deleting has made one of its neighbours: what is typed then comes where it was meant to come, and a move leaves the character.
 */
export interface EditBuffer {
  readonly text: string
  readonly cursor: number
}

export const emptyBuffer: EditBuffer = { text: '', cursor: 0 }
export const bufferOf = (text: string): EditBuffer => ({ text, cursor: text.length })

export type Edit = (buffer: EditBuffer) => EditBuffer

const moveTo = (buffer: EditBuffer, cursor: number): EditBuffer => ({ ...buffer, cursor: Math.max(0, Math.min(buffer.text.length, cursor)) })

/** Without what stands between two places. */
function without({ text }: EditBuffer, from: number, to: number): EditBuffer {
  return { text: text.slice(0, from) + text.slice(to), cursor: from }
}

export const insert = (typed: string): Edit => ({ text, cursor }) => ({ text: text.slice(0, cursor) + typed + text.slice(cursor), cursor: cursor + typed.length })

export const left: Edit = (buffer) => moveTo(buffer, before(buffer.text, buffer.cursor))
export const right: Edit = (buffer) => moveTo(buffer, after(buffer.text, buffer.cursor))
export const wordLeft: Edit = (buffer) => moveTo(buffer, lastWordStart(buffer.text.slice(0, buffer.cursor)))
export const wordRight: Edit = (buffer) => moveTo(buffer, buffer.cursor + (/^\s*\S*/u.exec(buffer.text.slice(buffer.cursor))?.[0].length ?? 0))
export const toLineStart: Edit = (buffer) => moveTo(buffer, lineStart(buffer.text, buffer.cursor))
export const toLineEnd: Edit = (buffer) => moveTo(buffer, lineEnd(buffer.text, buffer.cursor))

export const deleteBackward: Edit = (buffer) => without(buffer, before(buffer.text, buffer.cursor), buffer.cursor)
export const deleteForward: Edit = (buffer) => without(buffer, buffer.cursor, after(buffer.text, buffer.cursor))
export const deleteWordBackward: Edit = (buffer) => without(buffer, wordLeft(buffer).cursor, buffer.cursor)
export const deleteWordForward: Edit = (buffer) => without(buffer, buffer.cursor, wordRight(buffer).cursor)
export const deleteToLineStart: Edit = (buffer) => without(buffer, lineStart(buffer.text, buffer.cursor), buffer.cursor)
/** At the end of a line the line break. */
export const deleteToLineEnd: Edit = (buffer) => {
  const end = lineEnd(buffer.text, buffer.cursor)
  return without(buffer, buffer.cursor, end === buffer.cursor ? after(buffer.text, end) : end)
}

/** From the end on, since a search from the beginning tries each place of a long text. */
function lastWordStart(text: string): number {
  let place = text.trimEnd().length
  while (place > 0 && /\S/.test(text.charAt(place - 1))) place -= 1
  return place
}

/** To the line above, or below, at about the same column; undefined where there is none. */
export function toOtherLine({ text, cursor }: EditBuffer, direction: 'up' | 'down'): EditBuffer | undefined {
  const start = lineStart(text, cursor)
  const end = lineEnd(text, cursor)
  if (direction === 'up' ? start === 0 : end === text.length) return undefined
  const column = widthOf(text.slice(start, cursor))
  const from = direction === 'up' ? lineStart(text, start - 1) : end + 1
  return { text, cursor: from + placeAt(text.slice(from, lineEnd(text, from)), column) }
}

/** The place in a line before which at most so many columns are taken. */
function placeAt(line: string, column: number): number {
  let place = 0
  let taken = 0
  for (const character of graphemesOf(line)) {
    taken += widthOf(character)
    if (taken > column) break
    place += character.length
  }
  return place
}

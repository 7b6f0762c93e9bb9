import { piecesOf } from './pieces.ts'
import { isCountedAlike } from './width.ts'

export const toRight = (columns: number): string => (columns > 0 ? `\u001b[${String(columns)}C` : '')
const toColumn = (column: number): string => `\r${toRight(column)}`

/**
 * What writes a line so that all that follows a character stands where it was counted to stand, also in a terminal that counts another width
 * for it: such a character is written onto blanks, and the cursor is put behind it.
 */
export function placed(line: string): string {
  let written = ''
  let column = 0
  for (const { text, width, isStyle } of piecesOf(line)) {
    written += isStyle || isCountedAlike(text) ? text : ' '.repeat(width) + toColumn(column) + text + toColumn(column + width)
    column += width
  }
  return written
}

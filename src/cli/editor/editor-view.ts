import { graphemesOf } from '../terminal/graphemes.ts'
import { widthOf } from '../terminal/width.ts'
import { drawnCharacter } from './drawn-character.ts'
import type { EditBuffer } from './edit-buffer.ts'
import { rowBreaker } from './text-rows.ts'

export interface EditorView {
  readonly lines: readonly string[]
  readonly cursor: { readonly row: number; readonly column: number }
}

interface Room {
  readonly prompt: string
  readonly columns: number
  readonly rows: number
}

/**
 * Draws a line as it is being changed: behind the prompt, broken where the terminal ends, each further row under the first. Of a text that takes
 * more than `rows`, those around the cursor; only these are worked out, and where the rows before them begin is remembered from key to key.
 */
export function editorViewer(): (buffer: EditBuffer, room: Room) => EditorView {
  const rowsOf = rowBreaker()
  const drawn = drawnBefore()
  return ({ text, cursor }, { prompt, columns, rows }) => {
    const indentation = widthOf(prompt)
    const room = Math.max(4, columns - indentation)
    const broken = rowsOf(text, room)
    const rowText = (row: number): string => text.slice(broken.start(row), broken.start(row + 1))
    let at = { row: broken.rowAt(cursor), taken: 0 }
    // Within a character that typing has made of two, the cursor stands behind what is before it.
    at.taken = drawn(text.slice(broken.start(at.row), cursor)).width
    // Behind a full row is the beginning of the next one.
    if (at.taken >= room && cursor === text.length) at = { row: at.row + 1, taken: 0 }
    const isThere = (row: number): boolean => row <= at.row || broken.start(row) !== undefined
    const middle = at.row - Math.floor(rows / 2)
    let first = Math.max(0, middle)
    while (first > 0 && !isThere(first + rows - 1)) first -= 1
    const lines: string[] = []
    for (let row = first; row < first + rows && isThere(row); row += 1) lines.push((row === 0 ? prompt : ' '.repeat(indentation)) + (broken.start(row) === undefined ? '' : drawn(rowText(row)).shown))
    return { lines, cursor: { row: at.row - first, column: indentation + at.taken } }
  }
}

interface DrawnText {
  readonly shown: string
  readonly width: number
}

/** Most rows are what they were before the key, so the latest are remembered. */
function drawnBefore(): (text: string) => DrawnText {
  const known = new Map<string, DrawnText>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= mostKnown) known.clear()
    const characters = graphemesOf(text).map(drawnCharacter)
    const drawn = { shown: characters.map(({ shown }) => shown).join(''), width: characters.reduce((sum, { width }) => sum + width, 0) }
    known.set(text, drawn)
    return drawn
  }
}

const mostKnown = 200

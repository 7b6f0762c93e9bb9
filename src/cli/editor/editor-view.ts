import { printable } from '../output/printable.ts'
import { widthOf } from '../terminal/width.ts'
import { withoutTabs } from '../terminal/wrap.ts'
import type { EditBuffer } from './edit-buffer.ts'
import { graphemesOf } from '../terminal/graphemes.ts'

export interface EditorView {
  readonly lines: readonly string[]
  readonly cursor: { readonly row: number; readonly column: number }
}

/**
 * The line as it is drawn: behind the prompt, broken where the terminal ends, each further row under the first. Of a text that takes more
 * than `rows`, those around the cursor.
 */
export function editorView({ text, cursor }: EditBuffer, { prompt, columns, rows }: { readonly prompt: string; readonly columns: number; readonly rows: number }): EditorView {
  const indentation = widthOf(prompt)
  const room = Math.max(4, columns - indentation)
  const drawn: string[] = []
  let row = ''
  let taken = 0
  let at = { row: 0, column: indentation }
  let place = 0
  const newRow = (): void => {
    drawn.push(row)
    row = ''
    taken = 0
  }
  const drawnAs = drawnCharacters()
  for (const character of graphemesOf(text)) {
    const { shown, width } = drawnAs(character)
    if (taken + width > room) newRow()
    if (place === cursor) at = { row: drawn.length, column: indentation + taken }
    if (character === '\n') newRow()
    row += shown
    taken += width
    place += character.length
  }
  if (cursor >= place) {
    if (taken >= room) newRow()
    at = { row: drawn.length, column: indentation + taken }
  }
  drawn.push(row)
  const first = Math.max(0, Math.min(at.row - Math.floor(rows / 2), drawn.length - rows))
  const shown = drawn.slice(first, first + rows).map((line, index) => (index + first === 0 ? prompt : ' '.repeat(indentation)) + line)
  return { lines: shown, cursor: { row: at.row - first, column: at.column } }
}

interface DrawnCharacter {
  readonly shown: string
  readonly width: number
}

/** Each is measured once: that takes most of the time of a long text, and characters come again. */
function drawnCharacters(): (character: string) => DrawnCharacter {
  const known = new Map<string, DrawnCharacter>()
  return (character) => {
    const before = known.get(character)
    if (before !== undefined) return before
    const shown = character === '\n' ? '' : withoutTabs(printable(character))
    const drawn = { shown, width: widthOf(shown) }
    known.set(character, drawn)
    return drawn
  }
}

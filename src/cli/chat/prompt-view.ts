import { editorViewer, type EditorView } from '../editor/editor-view.ts'
import type { HistorySearch } from '../editor/history-search.ts'
import type { LineEditor } from '../editor/line-editor.ts'
import type { Palette } from '../output/palette.ts'
import { printable } from '../output/printable.ts'
import { oneLine } from '../output/text.ts'
import { clipped, hung, lastRows, wrapped } from '../terminal/wrap.ts'

export const usualPrompt = 'you> '

/** What is drawn around the line that is typed. */
export interface PromptState {
  growing: readonly string[]
  busy: string | undefined
  note: string
  /** What the word at the cursor can become. */
  options: readonly string[]
  /** What was entered is on its way to the mailbox. */
  sending: boolean
}

interface Screen {
  readonly palette: Palette
  readonly columns: number
  readonly rows: number
}

/**
 * From top to bottom: what grows, the line, and below it what can be chosen, what is being done, or a note. All of it takes less than half of the
 * screen: a terminal that becomes half as wide breaks each line in two, and what it then moves out above its top can't be taken away any more.
 */
export function promptViewer(editor: LineEditor): (state: PromptState, screen: Screen) => EditorView {
  const lineView = editorViewer()
  const foundView = editorViewer()
  const typed = (room: { readonly columns: number; readonly rows: number }, { sending }: PromptState, { bold, green, dim }: Palette): EditorView => {
    const { buffer, search } = editor
    if (search !== undefined) {
      const prompt = `search ${search.words}: `
      return foundView({ text: search.found ?? '', cursor: 0 }, { ...room, prompt: clipped(oneLine(prompt, room.columns), room.columns - 8) + ' ' })
    }
    const view = lineView(buffer, { ...room, prompt: usualPrompt })
    const paint = sending ? dim : (text: string): string => bold(green(text))
    return { ...view, lines: view.lines.map((line) => (line.startsWith(usualPrompt) ? paint(usualPrompt) + line.slice(usualPrompt.length) : line)) }
  }
  return (state, screen) => {
    const { palette } = screen
    const columns = Math.max(10, screen.columns - 1)
    const rows = Math.max(3, Math.floor((screen.rows - 1) / 2))
    const line = typed({ columns, rows: Math.min(10, rows - 2) }, state, palette)
    const below = belowLines(state, editor.search, columns).map((text) => palette.dim(text))
    const growing = lastRows(state.growing, { columns, rows: Math.max(0, rows - line.lines.length - below.length) })
    return { lines: [...growing, ...line.lines, ...below], cursor: { row: growing.length + line.cursor.row, column: line.cursor.column } }
  }
}

/** What was entered, as it stays on the screen. */
export function echoed(text: string, { bold, green }: Palette, columns: number): string {
  const [first = '', ...others] = hung(usualPrompt, printable(text.trim()), columns - 1)
  return [bold(green(usualPrompt)) + first.slice(usualPrompt.length), ...others].join('\n')
}

function belowLines({ options, busy, note, sending }: PromptState, search: HistorySearch | undefined, columns: number): string[] {
  if (search !== undefined && search.words !== '' && search.found === undefined) return ['nothing found']
  if (options.length > 0) return wrapped(options.join('  '), columns).slice(0, 3)
  const shown = busy ?? (sending ? 'sending' : note)
  return shown === '' ? [] : [clipped(oneLine(shown, columns), columns)]
}

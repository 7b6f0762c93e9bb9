import headless from '@xterm/headless'
import { describe, expect, test } from 'vitest'
import { promptViewer } from '../../src/cli/chat/prompt-view.ts'
import { lineEditor } from '../../src/cli/editor/line-editor.ts'
import { lineHistory } from '../../src/cli/editor/line-history.ts'
import { noColours, paletteFor } from '../../src/cli/output/palette.ts'
import { liveRegion } from '../../src/cli/terminal/live-region.ts'
import { screenSize } from '../../src/stack/screen-size.ts'
import { wrapped } from '../../src/cli/terminal/wrap.ts'

describe('a terminal', () => {
  test.each([{}, { columns: 0, rows: 0 }])('that says nothing of its size (%j) is one of 80 columns by 24 rows [cli:chat]', (output) => {
    const size = screenSize(output)
    expect(size).toEqual({ columns: 80, rows: 24 })
    expect(wrapped('one word after the other', size.columns - 1)).toEqual(['one word after the other'])
    const view = promptViewer(lineEditor(lineHistory([], () => undefined)))({ growing: [], busy: undefined, note: '', options: [], sending: false }, { palette: noColours, ...size })
    expect(view).toEqual({ lines: ['you> '], cursor: { row: 0, column: 5 } })
  })

  test.each([24, 40, 9])('of %i rows has less than half of them drawn again and again, so that all of it still fits where the terminal becomes half as wide [cli:chat]', (rows) => {
    const editor = lineEditor(lineHistory([], () => undefined))
    for (const letter of 'a long draft that goes on and on, '.repeat(40)) editor.press({ text: letter })
    const growing = Array.from({ length: 60 }, (_, index) => `     line ${index} ${'x'.repeat(60)}`)
    const { lines, cursor } = promptViewer(editor)({ growing, busy: 'thinking', note: '', options: [], sending: false }, { palette: noColours, columns: 80, rows })
    expect(lines.length).toBeLessThanOrEqual((rows - 1) / 2)
    expect(lines[cursor.row]).toMatch(/draft|on/)
    expect(lines.at(-1)).toBe('thinking')
    // What was written last is what is seen of a text that grows.
    if (rows > 9) expect(lines[0]).toContain('line ')
  })

  test('says below a search of what was entered that nothing is found, as long as that is so [cli:chat]', () => {
    const editor = lineEditor(lineHistory(['buy milk'], () => undefined))
    const view = promptViewer(editor)
    const linesAfter = (...typed: readonly string[]): readonly string[] => {
      for (const key of typed) editor.press(key === 'ctrl-r' ? { name: 'r', ctrl: true } : key === 'backspace' ? { name: key } : { text: key })
      return view({ growing: [], busy: 'thinking', note: '', options: [], sending: false }, { palette: noColours, columns: 80, rows: 24 }).lines
    }
    expect(linesAfter('ctrl-r')).toEqual(['search : ', 'thinking'])
    expect(linesAfter('m')).toEqual(['search m: buy milk', 'thinking'])
    expect(linesAfter('x')).toEqual(['search mx: ', 'nothing found'])
    expect(linesAfter('backspace', 'ctrl-r')).toEqual(['search m: ', 'nothing found'])
  })

  test('that keeps what is on it when all of it is cleared is left without copies of the prompt, also where that stands in its first row [cli:chat]', async () => {
    const terminal = new headless.Terminal({ cols: 40, rows: 8, scrollback: 100, allowProposedApi: true })
    const rows = (): string[] => Array.from({ length: terminal.rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '')
    const kept: string[] = []
    // As tmux and others do it: a screen ends with what clears it from its upper left corner on.
    terminal.parser.registerCsiHandler({ final: 'J' }, () => {
      if (terminal.buffer.active.cursorX === 0 && terminal.buffer.active.cursorY === 0) kept.push(...rows())
      return false
    })
    const output = { columns: 40, rows: 8, write: (text: string) => terminal.write(text) }
    const region = liveRegion(output)
    const draw = (...lines: readonly string[]): void => region.draw({ lines, cursor: { row: 0, column: lines[0]?.length ?? 0 } })
    draw('you> a draft', '1 step')
    region.print('one')
    region.erase()
    terminal.write('\u001b[H')
    draw('you> ')
    draw('')
    draw('you> another', 'thinking', 'and on')
    output.columns = 30
    terminal.resize(30, 8)
    draw('you> another')
    region.print('two')
    await new Promise<void>((resolve) => terminal.write('', resolve))
    expect(kept).toEqual([])
    expect(rows()).toEqual(['two', 'you> another', '', '', '', '', '', ''])
  })

  test('that has lost its size is drawn to as before [cli:chat]', () => {
    const written: string[] = []
    const output = { columns: 120, write: (text: string) => written.push(text) }
    const region = liveRegion(output)
    region.draw({ lines: ['one', 'two'], cursor: { row: 1, column: 3 } })
    output.columns = 0
    region.draw({ lines: ['one', 'three'], cursor: { row: 1, column: 5 } })
    expect(written.join('')).toContain('three')
    expect(written.join('')).not.toMatch(/Infinity|NaN/)
  })

  test('has styles where it has colours and nobody has asked for none [cli:chat]', () => {
    const styles = (env: Readonly<Record<string, string>>, isTTY = true): boolean => paletteFor({ isTTY }, env).styles
    for (const env of [{ TERM: 'xterm-256color' }, { TERM: 'linux' }, { TERM: 'xterm', FORCE_COLOR: '1' }]) expect(styles(env)).toBe(true)
    for (const unwanted of [{ FORCE_COLOR: '0' }, { NODE_DISABLE_COLORS: '1' }, { NO_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '1' }, { TERM: 'dumb' }]) expect(styles({ TERM: 'xterm', ...unwanted })).toBe(false)
    expect(styles({ TERM: 'xterm' }, false)).toBe(false)
  })

  test('has the size that it says [cli:chat]', () => {
    expect(screenSize({ columns: 132, rows: 50 })).toEqual({ columns: 132, rows: 50 })
  })
})

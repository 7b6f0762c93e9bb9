import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { growingText } from '../../src/cli/markdown/growing-text.ts'
import { noColours, type Palette } from '../../src/cli/output/palette.ts'
import { widthOf } from '../../src/cli/terminal/wrap.ts'

const marked = (sign: string) => (text: string) => `${sign}${text}${sign}`
/** Styles that one can read: bold in `*`, italics in `_`, code in backquotes. */
const readable: Palette = { ...noColours, styles: true, bold: marked('*'), italic: marked('_'), cyan: marked('`') }
/** The whole text at once. */
function textLines(text: string, columns: number, palette: Palette): string[] {
  const growing = growingText(palette)
  growing.add(text)
  return growing.rest(columns)
}
const shown = (source: string, columns = 40): string[] => textLines(source, columns, readable)

const page = [
  '# Boathouse', '', 'The **key** hangs behind the *blue* clock; `open` it.', 'A second line.', '',
  '- oars', '- a rope', '  - of hemp', '', '1. first', '2. second', '', '> said by', '> somebody', '',
  '```ts', 'const wide = 1  // stays as long as it is, whatever the width of the terminal', '', 'done()', '```', '', '| a | b |', '|---|---|', '| one | two |', '', '[the page](https://example.org)', '',
].join('\n')

describe('Markdown on a terminal', () => {
  test('is shown as what it means [cli:chat]', () => {
    expect(shown(page)).toEqual([
      '*Boathouse*', '', 'The *key* hangs behind the _blue_ clock;', '`open` it.', 'A second line.', '',
      '• oars', '• a rope', '  • of hemp', '', '1. first', '2. second', '', '│ said by', '│ somebody', '',
      '  `const wide = 1  // stays as long as it is, whatever the width of the terminal`', '  ``', '  `done()`', '', '*a    b*', 'one  two', '', 'the page (https://example.org)',
    ])
  })

  test('is plain text without styles: as it was written, words whole [cli:chat]', () => {
    expect(textLines('a **b**\n\n- c', 40, noColours)).toEqual(['a **b**', '', '- c'])
    expect(textLines('one two three', 8, noColours)).toEqual(['one two', 'three'])
  })

  test('breaks lines by the columns that characters take', () => {
    for (const line of shown('日本語 の テキスト は 幅 が 二 倍 です '.repeat(4), 20)) expect(widthOf(line)).toBeLessThanOrEqual(20)
  })

  test('written bit by bit is the same as at once; what is finished is shown once [live:text cli:chat]', () => {
    for (const [palette, size] of [[readable, 1], [readable, 7], [noColours, 3]] as const) {
      const growing = growingText(palette)
      const lines: string[] = []
      for (let at = 0; at < page.length; at += size) {
        growing.add(page.slice(at, at + size))
        lines.push(...growing.takeFinished(40))
        for (const line of growing.rest(40)) expect(stripVTControlCharacters(line)).toBe(line)
      }
      lines.push(...growing.rest(40))
      expect(lines).toEqual(textLines(page, 40, palette))
    }
  })

  test('shows no control characters of the model', () => {
    expect(shown('a\u001b]0;title\u0007b').join('')).not.toContain('\u001b')
  })
})

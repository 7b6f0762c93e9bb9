import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { growingText } from '../../src/cli/markdown/growing-text.ts'
import { noColours, paletteFor, type Palette } from '../../src/cli/output/palette.ts'
import { widthOf } from '../../src/cli/terminal/width.ts'
import { wrapped } from '../../src/cli/terminal/wrap.ts'

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

  test('has stars that multiply or raise as they are written; emphasis stands between blanks and other signs, and in writing without blanks anywhere [cli:chat]', () => {
    for (const sum of ['5*3*2 = 30', 'a*b*c', '(a+b)*c*(d)', 'x**2 + y**2', '2**10**2', 'naïve*ñ*é', 'ж*ж*ж', '𝟏*𝟐*𝟑']) expect(shown(sum)).toEqual([sum])
    expect(shown('*one* and **two** (*three*), "**four**". *5*, **6*7*8**!', 80)).toEqual(['_one_ and *two* (_three_), "*four*". _5_, *6*7*8*!'])
    expect(shown('这是*重点*内容，**重点**内容')).toEqual(['这是_重点_内容，*重点*内容'])
    expect(shown('un**frigging**believable and **bold**ly')).toEqual(['un*frigging*believable and *bold*ly'])
  })

  test('shows what is struck out as such, by tildes where the terminal can not [cli:chat]', () => {
    const struck = { ...readable, strikethrough: marked('-') }
    expect(textLines('Take ~~two~~ three; ~2000 lines, ~/a and ~/b', 60, struck)).toEqual(['Take -two- three; ~2000 lines, ~/a and ~/b'])
    expect(shown('Take ~~two~~ three')).toEqual(['Take ~~two~~ three'])
    const struckIn = (env: Readonly<Record<string, string>>): string => paletteFor({ isTTY: true }, env).strikethrough('two')
    for (const env of [{ TERM: 'linux' }, { TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, { TERM: 'xterm', NO_COLOR: '1' }]) expect(struckIn(env)).toBe('~~two~~')
    expect(struckIn({ TERM: 'xterm-256color' })).not.toContain('~')
  })

  test('has characters that are written by name or number, but in code; none of them does anything to the terminal [cli:chat]', () => {
    expect(shown('AT&amp;T, 1 &lt; 2, &#8364; &#x20ac; &nosuch; `&amp;`')).toEqual(['AT&T, 1 < 2, € € &nosuch; `&amp;`'])
    expect(shown('```\n&amp;\n```')).toEqual(['  `&amp;`'])
    expect(shown('a&#27;[2J&#x202e;b&#10;c &#0;')).toEqual(['a␛[2J\ufffdb c \ufffd'])
    expect(shown('&gt; 5\n\\> 6\n\n> &gt; 7')).toEqual(['> 5', '> 6', '', '│ > 7'])
    expect(shown('| a&amp;b | c |\n|---|---|\n')).toEqual(['*a&b  c*'])
  })

  test('shows a bar that is escaped in a cell as a bar, in code too; elsewhere code is as it is written [cli:chat]', () => {
    expect(shown('| `a \\| b` | c \\| d |\n|---|---|\n')).toEqual(['*`a | b`  c | d*'])
    expect(shown('`a \\| b`')).toEqual(['`a \\| b`'])
  })

  test('shows of a link where it leads, whatever its text looks like [cli:chat]', () => {
    expect(shown('[http://good.example](http://other.example)', 60)).toEqual(['http://good.example (http://other.example)'])
    expect(shown('[a &amp; **b**](http://e.example/?a=1&amp;b=2 "title")', 60)).toEqual(['a & *b* (http://e.example/?a=1&b=2)'])
    expect(shown('[http://e.example/?a&amp;b](http://e.example/?a&amp;b)', 60)).toEqual(['http://e.example/?a&b'])
  })

  test('has tables whose numbers stand at the right, and whose empty cells stay in their column [cli:chat]', () => {
    expect(shown('| boat | m | flag |\n|:--|--:|---|\n| Möwe | 7 | de |\n| 鴎 |  | jp |\n| Gull | 12 |\n')).toEqual(['*boat   m  flag*', 'Möwe   7  de', '鴎        jp', 'Gull  12'])
  })

  test('has tables that fit: cells are broken into lines, the widest first, and only what has too many columns stays as written [cli:chat]', () => {
    expect(shown('| what | where |\n|---|---|\n| key | behind the **blue clock** |\n| boat | pier 4 |\n', 20)).toEqual(['*what  where*', 'key   behind the', '      *blue clock*', 'boat  pier 4'])
    expect(shown('| one hundred | two hundred | three hundred |\n|---|---|---|\n', 24)).toEqual(['| one hundred | two', 'hundred | three hundred', '|', '|---|---|---|'])
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

  test('keeps what is indented by tabs indented, in code and in what was entered [cli:chat]', () => {
    expect(shown('```\nif:\n\tgo\n```\n')).toEqual(['  `if:`', '  `    go`'])
    expect(wrapped('one\n\ttwo three', 12)).toEqual(['one', '    two', '    three'])
  })

  test('has tasks as any item: with their box, styles, and all that stands below them [cli:chat]', () => {
    expect(shown('- [x] the **key**\n  - under the `mat`\n\n  not there\n- [ ] oars\n')).toEqual(['• [x] the *key*', '  • under the `mat`', '  not there', '• [ ] oars'])
    expect(shown('1. [ ] a line that is longer than the terminal\n', 24)).toEqual(['1. [ ] a line that is', '   longer than the', '   terminal'])
  })

  test('loses no word, whichever block stands in another one [cli:chat]', () => {
    const blocks: ((word: string) => string)[] = [
      (word) => `${word} text`, (word) => `# ${word} heading`, (word) => `${word} heading\n===`, (word) => `\`\`\`\n${word} code\n\n${word} end\n\`\`\``, (word) => `| ${word} | b |\n|---|---|\n| c | ${word} cell |`,
      (word) => `<div>\n${word} page\n</div>`, (word) => `[${word}]: https://example.org`, ...['- ', '1. ', '- [ ] ', '- [x] ', '> '].map((mark) => (word: string) => `${mark}**${word}** item`),
    ]
    const holders = ['- ', '1. ', '- [ ] ', '- [x] ', '> ']
    const within = (mark: string, text: string): string => text.split('\n').map((line) => (mark === '> ' ? mark : ' '.repeat(mark.indexOf(' ') + 1)) + line).join('\n')
    const holding = (mark: string, text: string): string => `${mark}first\n${within(mark, `\n${text}\n\nlast`)}`
    const words = (text: string): string[] => (text.match(/[a-z]+/g) ?? []).sort()
    const losesNone = (block: (word: string) => string, marks: readonly string[]): void => {
      const source = marks.reduce((text, mark) => holding(mark, text), block('inmost'))
      expect(words(shown(source, 100).join('\n')), source).toEqual(words(source))
    }
    for (const block of blocks) for (const mark of holders) losesNone(block, [mark])
    fc.assert(fc.property(fc.constantFrom(...blocks), fc.array(fc.constantFrom(...holders), { minLength: 2, maxLength: 3 }), losesNone))
  })

  test('shows no control characters of the model', () => {
    expect(shown('a\u001b]0;title\u0007b').join('')).not.toContain('\u001b')
  })
})

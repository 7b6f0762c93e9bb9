import headless from '@xterm/headless'
import unicode11 from '@xterm/addon-unicode11'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { promptViewer, type PromptState } from '../../src/cli/chat/prompt-view.ts'
import { lineEditor } from '../../src/cli/editor/line-editor.ts'
import { lineHistory } from '../../src/cli/editor/line-history.ts'
import { growingText } from '../../src/cli/markdown/growing-text.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import { graphemesOf } from '../../src/cli/terminal/graphemes.ts'
import { liveRegion, type LiveRegion, type LiveView } from '../../src/cli/terminal/live-region.ts'
import { widthOf } from '../../src/cli/terminal/width.ts'
import { clipped, lastRows, wrapped } from '../../src/cli/terminal/wrap.ts'

/** Two tables of widths that terminals have: 6 counts emoji as one column each, 11 as two. Neither joins anything. */
const tables = ['6', '11'] as const
type Table = (typeof tables)[number]

function emulator(table: Table, columns = 80, rows = 12): InstanceType<typeof headless.Terminal> {
  const terminal = new headless.Terminal({ cols: columns, rows, scrollback: 500, allowProposedApi: true })
  terminal.loadAddon(new unicode11.Unicode11Addon())
  terminal.unicode.activeVersion = table
  return terminal
}
type Emulator = ReturnType<typeof emulator>
const settled = (terminal: Emulator): Promise<void> => new Promise((resolve) => terminal.write('', resolve))
const rowsOf = ({ buffer }: Emulator): string[] => Array.from({ length: buffer.active.length }, (_, row) => buffer.active.getLine(row)?.translateToString(true) ?? '')

/** Letters, marks and digits of writing systems: whole blocks. */
const blocks: Readonly<Record<string, readonly [number, number]>> = {
  Latin: [0x20, 0x24f], Greek: [0x370, 0x3ff], Cyrillic: [0x400, 0x4ff], Armenian: [0x531, 0x587], Hebrew: [0x591, 0x5f4], Arabic: [0x600, 0x6ff], Syriac: [0x700, 0x74f], Thaana: [0x780, 0x7b1],
  Devanagari: [0x900, 0x97f], Bengali: [0x980, 0x9ff], Gurmukhi: [0xa00, 0xa76], Gujarati: [0xa80, 0xaff], Oriya: [0xb00, 0xb54], Tamil: [0xb80, 0xbff], Telugu: [0xc05, 0xc39], Kannada: [0xc85, 0xcff],
  Malayalam: [0xd05, 0xd7f], Sinhala: [0xd82, 0xdff], Thai: [0xe00, 0xe5b], Lao: [0xe80, 0xecd], Tibetan: [0xf00, 0xfda], Myanmar: [0x1000, 0x109f], Georgian: [0x10a0, 0x10ff], Jamo: [0x1100, 0x11ff],
  Ethiopic: [0x1200, 0x137f], Khmer: [0x1780, 0x17f9], Mongolian: [0x1820, 0x1878], Balinese: [0x1b00, 0x1b4b], Hiragana: [0x3041, 0x309f], Katakana: [0x30a0, 0x30ff], Han: [0x4e00, 0x9fa5],
  Yi: [0xa000, 0xa48c], Javanese: [0xa980, 0xa9df], Hangul: [0xac00, 0xd7a3], 'half and full width': [0xff01, 0xffdc],
}
const charactersOf = ([from, to]: readonly [number, number]): string[] => Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)).filter((sign) => /[\p{L}\p{M}\p{Nd}]/u.test(sign))
const written = new Map(Object.entries(blocks).map(([name, range]) => [name, charactersOf(range)]))
const anyWriting = fc.constantFrom(...written.values()).chain((signs) => fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength: 12 })).map((signs) => signs.join(''))
const emoji = ['😀', '👍🏽', '👩‍👩‍👧', '🧑‍🤝‍🧑', '🏳️‍🌈', '🇩🇪', '🇩', '❤️', '❤', '©️', '1️⃣', '#⃣', '⚠️', '✅', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🐻‍❄️', '👁️‍🗨️', '🫠', '🀄', '☝🏽', '\u200b', '\u200d', '\u00ad', '\u0301', '\ufe0f']
const anyText = fc.array(fc.oneof(anyWriting, fc.constantFrom(...emoji, ' ', ' ', 'word ')), { maxLength: 14 }).map((parts) => parts.join(''))

describe('the width of a text', () => {
  test.each([...written])('is what a terminal counts, whatever stands next to what: %s [cli:chat]', async (_, signs) => {
    const terminal = emulator('11', 1_000)
    const texts = fc.sample(fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength: 30 }).map((some) => `a${some.join('')}`), 100)
    for (const text of texts) {
      terminal.write(`\r${text}`)
      await settled(terminal)
      expect({ text, width: widthOf(text) }).toEqual({ text, width: terminal.buffer.active.cursorX })
    }
  })

  test('is of an emoji that of one sign, however many code points it has [cli:chat]', () => {
    for (const sign of ['😀', '👍🏽', '👩‍👩‍👧', '🧑‍🤝‍🧑', '🏳️‍🌈', '🇩🇪', '❤️', '1️⃣', '⚠️', '✅', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🐻‍❄️', '🫠']) expect({ sign, width: widthOf(sign) }).toEqual({ sign, width: 2 })
    for (const sign of ['❤', '©', '☀', '🇩']) expect({ sign, width: widthOf(sign) }).toEqual({ sign, width: 1 })
  })
})

describe('lines that are broken', () => {
  test('have at most so many columns and all the characters, none of them parted [cli:chat]', () => {
    fc.assert(fc.property(anyText, fc.integer({ min: 8, max: 40 }), (text, columns) => {
      const lines = wrapped(text, columns)
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      const rows = lastRows([text], { columns, rows: 1_000 })
      expect(rows.flatMap(graphemesOf)).toEqual(graphemesOf(text))
      for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(columns)
      expect(widthOf(clipped(text, columns))).toBeLessThanOrEqual(columns)
    }))
  })

  test('are broken at blanks, and within a word only where that is longer than a line, from where that takes fewer lines', () => {
    expect(wrapped('one two  three', 9)).toEqual(['one two', 'three'])
    expect(wrapped('abcdefghijkl-  ', 13)).toEqual(['abcdefghijkl-'])
    expect(wrapped('\u001b[1mabcdefghijkl-   \u001b[22m', 13)).toEqual(['\u001b[1mabcdefghijkl-\u001b[22m'])
    expect(wrapped('abcdefghijkl-   m', 13)).toEqual(['abcdefghijkl-', 'm'])
    expect(wrapped('one 1234567890', 8)).toEqual(['one 1234', '567890'])
    expect(wrapped('seven 12345678901234', 8)).toEqual(['seven', '12345678', '901234'])
    expect(wrapped('ที่น้ำทำงานคำ', 8)).toEqual(['ที่น้ำทำงาน', 'คำ'])
  })

  test('have each the styles of what they show', () => {
    const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`
    const red = (text: string): string => `\u001b[31m${text}\u001b[39m`
    expect(wrapped(`one ${bold('two three')} four`, 8)).toEqual([`one ${bold('two')}`, bold('three'), 'four'])
    expect(wrapped(bold(`one ${red('two three')} four`), 8)).toEqual([bold(`one ${red('two')}`), bold(red('three')), bold('four')])
    expect(lastRows([bold('one\ntwo')], { columns: 8, rows: 5 })).toEqual([bold('one'), bold('two')])
    expect(lastRows(['one'], { columns: 8, rows: 0 })).toEqual([])
  })
})

describe.each(tables)('what is drawn at the bottom of a terminal with the table %s', (table) => {
  const state = (): PromptState => ({ growing: [], busy: undefined, note: '', options: [], sending: false })
  /** What is seen, and where the cursor is, after it was drawn from nothing. */
  async function drawnAtOnce(draw: (region: LiveRegion) => void, columns: number) {
    const terminal = emulator(table, columns)
    draw(liveRegion({ write: (text) => terminal.write(text), columns }))
    await settled(terminal)
    return { rows: rowsOf(terminal), cursor: terminal.buffer.active.cursorX }
  }

  test('leaves nothing of what was drawn before, and has the cursor where it is counted to be, in whichever writing [cli:chat]', async () => {
    await fc.assert(fc.asyncProperty(anyText, fc.integer({ min: 24, max: 60 }), async (text, columns) => {
      const terminal = emulator(table, columns)
      const region = liveRegion({ write: (piece) => terminal.write(piece), columns })
      const editor = lineEditor(lineHistory([], () => undefined))
      const viewOf = promptViewer(editor)
      const view = (): LiveView => viewOf(state(), { palette: noColours, columns, rows: 12 })
      region.draw(view())
      for (const character of text) {
        editor.press({ text: character })
        region.draw(view())
      }
      await settled(terminal)
      const { lines, cursor } = view()
      const once = await drawnAtOnce((at) => at.draw({ lines, cursor }), columns)
      expect({ rows: rowsOf(terminal), cursor: terminal.buffer.active.cursorX }).toEqual(once)
      expect(once.rows.slice(lines.length).join('')).toBe('')
      expect(once.cursor).toBe(cursor.column)
    }), { numRuns: 60 })
  })

  test('is an answer that grows once only, in whichever writing [cli:chat]', async () => {
    const columns = 40
    const terminal = emulator(table, columns)
    const region = liveRegion({ write: (text) => terminal.write(text), columns })
    const viewOf = promptViewer(lineEditor(lineHistory([], () => undefined)))
    const growing = growingText({ ...noColours, styles: true })
    for (const character of `${'ทำคำน้ำกำจำนำ'.repeat(6)} नमस्ते दुनिया 👩‍👩‍👧 `.repeat(2)) {
      growing.add(character)
      region.draw(viewOf({ ...state(), growing: growing.rest(columns - 1) }, { palette: noColours, columns, rows: 12 }))
    }
    await settled(terminal)
    const view = viewOf({ ...state(), growing: growing.rest(columns - 1) }, { palette: noColours, columns, rows: 12 })
    expect(rowsOf(terminal)).toEqual((await drawnAtOnce((at) => at.draw(view), columns)).rows)
  })

  test('fits where what is searched for, or said below, is wide [cli:chat]', () => {
    const editor = lineEditor(lineHistory(['古い鍵の話'], () => undefined))
    editor.press({ name: 'r', ctrl: true })
    for (const character of '鍵'.repeat(60)) editor.press({ text: character })
    const { lines } = promptViewer(editor)({ ...state(), note: '舟'.repeat(60) }, { palette: noColours, columns: 40, rows: 12 })
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(39)
  })
})

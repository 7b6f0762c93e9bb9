import { once } from 'node:events'
import PDFDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { inReadingOrder } from '../../src/documents/formats/pdf-direction.ts'
import { linesOf } from '../../src/documents/formats/pdf-lines.ts'
import { textIn } from './parse-document.ts'

const item = (str: string, left: number, base: number): Record<string, unknown> => ({ str, width: 5, height: 10, fontName: 'F', transform: [10, 0, 0, 10, left, base], hasEOL: true })
/** Of the processor: others may have it for a while. */
const seconds = (work: () => unknown): number => {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1_000_000
}

describe('what stands on one line of a page is read from the left, in whatever order it is drawn', () => {
  const drawn = (...items: readonly (readonly [str: string, left: number, base: number, width: number])[]): string[] =>
    linesOf(items.map(([str, left, base, width]) => ({ str, width, height: 10, fontName: 'F', transform: [10, 0, 0, 10, left, base], hasEOL: false }))).map(({ text }) => text)

  test('amounts and numbers of pages that are drawn before the words of their lines: no word grows together with one [documents:load]', () => {
    expect(drawn(['12.00', 470, 600, 30], ['Rope', 50, 600, 29], ['blue', 280, 600, 23], ['0.10', 476, 585, 24], ['Nail', 50, 585, 21], ['grey', 280, 585, 23])).toEqual(['Rope | blue | 12.00', 'Nail | grey | 0.10'])
    expect(drawn(['17', 490, 600, 10], ['Chapter one', 50, 600, 60], ['word', 108, 585, 20], ['first', 82, 585, 20])).toEqual(['Chapter one | 17', 'first word'])
  })

  test('marks of a list that are drawn when all of its entries are, and no numbers of rows that are a column of a table [documents:load]', () => {
    expect(drawn(['Oats', 92, 600, 30], ['Salt', 92, 585, 30], ['from the sea', 122, 570, 60], ['1.', 77, 600, 11], ['2.', 77, 585, 11], ['\u2022', 110, 570, 4])).toEqual(['1. Oats', '2. Salt', '\u2022 from the sea'])
    expect(drawn(['1.', 50, 600, 11], ['2.', 50, 585, 11], ['3.', 50, 570, 11], ['Oats', 82, 600, 30], ['Salt', 82, 585, 30], ['Rye', 82, 570, 30])).toEqual(['1. | Oats', '2. | Salt', '3. | Rye'])
    expect(drawn(['Oats', 250, 600, 30], ['1.', 77, 600, 11], ['Section', 77, 500, 40], ['2.', 77, 400, 11])).toEqual(['1. | Oats', 'Section', '2.'])
  })

  test('an empty cell of a table that is drawn by columns is no mark [documents:load]', () => {
    const amounts = [['8', 160, 600, 6], ['9', 160, 585, 6], ['5', 160, 570, 6]] as const
    const names = [['Rope', 50, 600, 29], ['Nail', 50, 585, 21], ['Hook', 50, 570, 24]] as const
    expect(drawn(...amounts, ...names, ['\u2013', 130, 600, 6], ['7', 130, 585, 6], ['6', 130, 570, 6])).toEqual(['8', '9', '5', 'Rope | \u2013', 'Nail | 7', 'Hook | 6'])
  })
})

describe('a page of very many pieces is read in a time that grows with their number', () => {
  test('each a little further to the right, and lower [documents:load]', () => {
    const items = Array.from({ length: 100_000 }, (_, at) => item(`w${at}`, at * 40, -at * 6))
    expect(seconds(() => expect(linesOf(items)).toHaveLength(100_000))).toBeLessThan(6)
  })

  test('one below the other, beside a column of few [documents:load]', () => {
    const left = Array.from({ length: 200_000 }, (_, at) => item(`w${at}`, 0, -at * 12))
    expect(linesOf([...left, item('beside', 100, -199_999 * 12)]).length).toBeGreaterThan(190_000)
  })

  test('signs in a line with words of Hebrew or Arabic [documents:load]', () => {
    const run = (text: string, left: number): { text: string; place: { left: number; right: number } } => ({ text, place: { left, right: left + 1 } })
    const signs = Array.from({ length: 30_000 }, (_, at) => run('-', at * 2))
    const words = ['\u05e9\u05dc', '\u05d0\u05d1', 'abcdefgh'].map((text, at) => run(text, 100_000 + at * 2))
    let text = ''
    expect(seconds(() => (text = inReadingOrder([...signs, ...words])))).toBeLessThan(2)
    expect(text).toBe(`${'-'.repeat(30_000)}\u05d0\u05d1\u05e9\u05dcabcdefgh`)
  })
})

/** Of a PDF of lines with so much room between their letters. */
async function linesDrawn(lines: readonly (readonly [text: string, characterSpacing: number])[]): Promise<readonly string[]> {
  const document = new PDFDocument()
  const parts: Buffer[] = []
  document.on('data', (part: Buffer) => parts.push(part))
  document.fontSize(12)
  for (const [text, characterSpacing] of lines) document.text(text, { characterSpacing })
  document.end()
  await once(document, 'end')
  return (await textIn('a.pdf', Buffer.concat(parts))).split('\n')
}

test('words whose letters are set apart are words, but for letters that count, stand for words or are options; a line of which nothing tells the words stays as it is [documents:load]', async () => {
  const lines = [['HARBOUR of the lamps, 1912', 2.5], ['Résumé', 3], ['HAVEN', 4], ['Lit at dusk', 0], ['A B C D E F', 0], ['M T W T F S S', 0], ['J F M A M J J A S O N D', 0], ['Y N Y N Y N A', 0], ['of a lamp', 3], ['A REPORT ON THE HARBOUR', 1.5]] as const
  expect((await linesDrawn(lines)).slice(0, 9)).toEqual(['HARBOUR of the lamps, 1912', 'Résumé', 'HAVEN', 'Lit at dusk', 'A B C D E F', 'M T W T F S S', 'J F M A M J J A S O N D', 'Y N Y N Y N A', 'o f a l a m p'])
})

test('rows of single letters, alone or beside digits, are no words [documents:load]', async () => {
  const rows = ['B A D C E A D B C A', 'E A D G B E', 'S M T O T F L S', '1 B 2 A 3 D 4 U 5 E', '1 0 1 2 7 3']
  expect(await linesDrawn([['Lit at dusk', 0], ...rows.map((row) => [row, 0] as const), ['HARBOUR', 2.5]])).toEqual(['Lit at dusk', ...rows, 'HARBOUR'])
})

import { describe, expect, test } from 'vitest'
import { inReadingOrder } from '../../src/documents/formats/pdf-direction.ts'
import { linesOf } from '../../src/documents/formats/pdf-lines.ts'

const item = (str: string, left: number, base: number): Record<string, unknown> => ({ str, width: 5, height: 10, fontName: 'F', transform: [10, 0, 0, 10, left, base], hasEOL: true })
/** Of the processor: others may have it for a while. */
const seconds = (work: () => unknown): number => {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1_000_000
}

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

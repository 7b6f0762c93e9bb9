import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunksOf } from '../../src/documents/chunks.ts'
import { textParts } from '../../src/documents/formats/text.ts'
import { parseDocument } from './parse-document.ts'
import { limits } from '../../src/protocol/limits.ts'

const all = async <T>(iterated: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = []
  for await (const item of iterated) items.push(item)
  return items
}
const solid = (text: string): string => text.replaceAll(/\s+/g, '')
const line = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ minLength: 1_500, maxLength: 5_000 }), fc.constant(''))
const text = fc.array(line, { maxLength: 40 }).map((lines) => lines.map((one) => one.replaceAll(/[\r\n]/g, ' ')).join('\n'))

describe('chunks', () => {
  test('hold all of a text, in its order, nothing twice, and none is too large for a passage [documents:load]', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        const chunks = await all(chunksOf(textParts(whole)))
        expect(solid(chunks.map((chunk) => chunk.text).join(''))).toBe(solid(whole))
        expect(chunks.every((chunk) => chunk.text.trim() !== '' && chunk.text.length <= limits.passageCharacters / 2)).toBe(true)
      }),
    )
  })

  test('cut no word of a language that writes none apart [documents:load]', async () => {
    for (const sentence of ['ภาษาไทยเป็นภาษาราชการของประเทศไทย', '東京都は日本の首都であり最大の都市である']) {
      const words = new Set(Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(sentence), ({ segment }) => segment))
      const chunks = await all(chunksOf(textParts(sentence.repeat(200))))
      expect(chunks.length).toBeGreaterThan(2)
      for (const { text: piece } of chunks) expect(Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(piece), ({ segment }) => segment).filter((word) => !words.has(word))).toEqual([])
    }
  })

  test('name the lines that they hold [documents:load documents:analyse]', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        const lines = whole.split('\n')
        for (const chunk of await all(chunksOf(textParts(whole)))) {
          const [from, to] = chunk.lines ?? [0, 0]
          expect(solid(lines.slice(from - 1, to).join(''))).toContain(solid(chunk.text))
        }
      }),
    )
  })

  test('are the same for the same bytes, whatever format they are taken for [documents:load]', async () => {
    const names = fc.constantFrom('a.txt', 'a.md', 'a.html', 'a.csv', 'a.ts', 'a.py', 'a.go', 'a.java', 'a.rs', 'a.cpp', 'a.php')
    await fc.assert(
      fc.asyncProperty(names, fc.string({ unit: 'binary', minLength: 1, maxLength: 2_000 }), async (name, content) => {
        const read = () =>
          parseDocument({ name, bytes: Buffer.from(content) }).then(
            ({ chunks }) => chunks,
            (error: unknown) => (error as { code: string }).code,
          )
        const first = await read()
        expect(await read()).toEqual(first)
        expect(typeof first === 'string' ? ['document-empty', 'document-unread', 'document-binary', 'document-broken'].includes(first) : first.length > 0).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

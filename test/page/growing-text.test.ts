import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blocksOf, growingBlocks } from '../../page/src/parts/growing-blocks.ts'

const blocks = [
  'A paragraph\nof two lines with **bold** and `code`.\n\n', '# A heading\n\n', 'Another heading\n---\n\n', '- one\n- two\n\n  of two paragraphs\n- three\n\n', '1. first\n2. second\n\n', '```ts\nconst one = 1\n\n\nconst two = 2\n```\n\n',
  '> quoted\n> twice\n\n', '| a | b |\n|---|---|\n| 1 | 2 |\n\n', '    indented code\n\n    and more\n\n', '<div>\nhtml\n</div>\n\n', '***\n\n', '$ a * b _ c\n\n', '$$\nx_1 * y_1\n$$\n\n', '\\[\n\\frac{a}{b}\n\\]\n\n', 'So \\( a * b\\) is ~1 to ~2.\n\n', '[1]: https://a.example/\n[2]: https://b.example/\n\n', 'a<br>b\n\n', '**重要：**内容\n\n', '\n\n\n', 'Windows\r\nlines\r\n\r\n',
]
const told = (tokens: readonly { readonly type: string; readonly raw: string }[]): readonly string[] => tokens.filter(({ type }) => type !== 'space').map(({ type, raw }) => `${type}: ${raw.trim()}`)

describe('a text that grows', () => {
  test('is at each moment made of the same blocks as if it were read as a whole [web:page]', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...blocks), { maxLength: 6 }), fc.integer({ min: 1, max: 9 }), (parts, step) => {
        const text = parts.join('')
        const read = growingBlocks()
        for (let length = 1; length <= text.length; length += step) expect(told(read(text.slice(0, length)))).toEqual(told(blocksOf(text.slice(0, length))))
        expect(told(read(text))).toEqual(told(blocksOf(text)))
      }),
    )
  })

  test('has one list where the next item begins like a paragraph [web:page]', () => {
    const read = growingBlocks()
    for (const text of ['1. first\n2. second\n\n1', '1. first\n2. second\n\n1.', '1. first\n2. second\n\n1. third']) expect(told(read(text))).toEqual(told(blocksOf(text)))
  })

  test('is read anew where it is another text, as after a reset [web:page]', () => {
    const read = growingBlocks()
    read('One.\n\nTwo.\n\nThr')
    expect(told(read('Other.\n\nTe'))).toEqual(['paragraph: Other.', 'paragraph: Te'])
  })
})

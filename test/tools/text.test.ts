import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { split } from '../../src/protocol/split-text.ts'
import { cut, excerpt } from '../../src/tools/text.ts'

describe('the splitting of a long text', () => {
  test('prefers the ends of paragraphs, then of sentences, then of words', () => {
    expect(split('One two.\n\nThree four. Five', 12)).toEqual(['One two.', 'Three four.', 'Five'])
    expect(split('alpha beta gamma', 11)).toEqual(['alpha beta', 'gamma'])
    expect(split('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
    expect(split('  short ', 100)).toEqual(['short'])
    expect(split(' ', 100)).toEqual([])
  })

  test('ends a part behind a sentence that no space follows', () => {
    expect(split('他喜欢茶。她喜欢咖啡。他们散步', 12)).toEqual(['他喜欢茶。她喜欢咖啡。', '他们散步'])
  })

  test('loses nothing but white space, and keeps every part within the limit', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', ' ', '\n', '😀', 'é'), maxLength: 200 })
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (whole, length) => {
        const parts = split(whole, length)
        expect(parts.join('').replace(/\s/g, '')).toBe(whole.replace(/\s/g, ''))
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(length)
          expect(part).not.toMatch(/\p{Surrogate}/u)
        }
      }),
    )
  })
})

describe('a cut', () => {
  test.each(['👨‍👩‍👧', '👍🏽', '🇩🇪', 'é'.normalize('NFD'), 'กำ', 'नि', '각'.normalize('NFD'), '1️⃣'])('parts no character in two, as people see it: %s', async (character) => {
    const hay = character.repeat(300)
    for (let length = 20; length < 60; length += 1) {
      for (const shown of [cut(hay, length), await excerpt(`${hay} needle ${hay}`, 'needle', length)]) {
        const text = shown.replace(/ \(cut;.*$/, '').replace(/[… ]|needle/g, '')
        expect(text.replaceAll(character, '')).toBe('')
        expect(text.length).toBeLessThanOrEqual(length + character.length)
      }
    }
  })
})

describe('an excerpt', () => {
  const long = `${'hay '.repeat(500)}the golden needle${' hay'.repeat(500)}`

  test('is the whole text where that is short', async () => {
    expect(await excerpt('short', 'needle', 100)).toBe('short')
  })

  test('shows where the words of the query stand, and which part it is', async () => {
    const shown = await excerpt(long, 'a Needle', 200)
    expect(shown).toMatch(/^….*golden needle.*… \(cut; characters \d+-\d+ of 4017\)$/)
    expect(shown.length).toBeLessThan(260)
  })

  test.for(['Zweitschlüssel', 'Straßenkasse', 'зелёный чайник', 'Café Zoé', 'ｐａｓｓｗｏｒｄ', '등대에서', '書斎の鍵', 'keyUnderMat'])('shows what was hit in whatever form of it: %s [recall:search]', async (there) => {
    const text = `${'hay '.repeat(500)}${there}${' hay'.repeat(500)}`
    for (const query of [there, there.normalize('NFD'), there.toUpperCase(), there.normalize('NFKC')]) expect(await excerpt(text, query, 200), query).toContain(there)
  })

  test('shows where most of the words stand together, not where the first of them stands', async () => {
    const text = `the ${'hay '.repeat(300)}key ${'hay '.repeat(300)}the key of the cellar ${'hay '.repeat(300)}`
    expect(await excerpt(text, 'the key of the cellar', 200)).toContain('the key of the cellar')
    // A search that finds nothing by other words asks for these as well.
    expect(await excerpt(`${'hay '.repeat(500)}until May ${'hay '.repeat(500)}`, 'may birthday', 200)).toContain('until May')
  })

  test('is the beginning where none of them is found', async () => {
    expect(await excerpt(long, 'unicorn', 12)).toBe('hay hay hay … (cut; 4017 characters in all)')
  })

  test('looks through a long text in pieces, with turns for other work of the process, and finds what stands in any of them [recall:search]', async () => {
    for (const hay of ['hay ', 'hay', '干草']) {
      const text = `${hay.repeat(10_000)} keyUnderMat ${hay.repeat(10_000)}`
      let turns = 0
      const count = (): void => void ((turns += 1), (next = setImmediate(count)))
      let next = setImmediate(count)
      expect(await excerpt(text, 'Where is the key under the mat?', 200), hay).toContain('keyUnderMat')
      clearImmediate(next)
      expect(turns, hay).toBeGreaterThan(text.length / 5_000)
    }
  })
})

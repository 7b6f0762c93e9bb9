import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeRanges } from '../../src/stores/merge-ranges.ts'
import { queryWordsOf, searchedTextOf, wordsOf } from '../../src/stores/words.ts'

describe('words', () => {
  test('are letters and digits, without case, accents and compatibility forms', () => {
    expect(wordsOf(`It's user_name: 100 % "Größe", ﬁne ＡＢＣ`)).toEqual(['it', 's', 'user', 'name', '100', 'grosse', 'fine', 'abc'])
  })

  test('keep vowel signs, and what the accents of other scripts tell apart', () => {
    expect(wordsOf('हिन्दी が')).toEqual(['हिन्दी', 'が'])
  })

  test('of scripts without spaces are characters and pairs; a query asks for the pairs', () => {
    expect(wordsOf('東京都 4月')).toEqual(['東', '京', '都', '東京', '京都', '4', '月'])
    expect(queryWordsOf('東京都')).toEqual(['東京', '京都'])
    expect(queryWordsOf('京')).toEqual(['京'])
  })

  test('are emoji too', () => {
    expect(wordsOf('party🎉time 👩‍👧')).toEqual(['party', '🎉', 'time', '👩', '👧'])
  })

  test('of a query come once, and none of punctuation alone', () => {
    expect(queryWordsOf('cat CAT cät dog')).toEqual(['cat', 'dog'])
    expect(queryWordsOf('"*% _.?!')).toEqual([])
  })

  test('of any query are among the words of a text that contains it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (query, other) => {
        const words = new Set(wordsOf(`${other} ${query} ${other}`))
        expect(queryWordsOf(query).filter((word) => !words.has(word))).toEqual([])
      }),
    )
  })

  test('never hold a quote, a space or an operator', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !wordsOf(text).some((word) => /[\s"'*:()^-]/u.test(word))))
  })

  test('searched of a message are those of its reply, else of its text', () => {
    expect(searchedTextOf({ text: 'sent', reply: 'hello' })).toBe('hello')
    expect(searchedTextOf({ text: 'thought' })).toBe('thought')
  })
})

describe('ranges', () => {
  test('that overlap, touch or come in any order become the fewest ones', () => {
    expect(mergeRanges([[8, 9], [1, 3], [2, 5], [6, 6], [20, 19]])).toEqual([[1, 6], [8, 9]])
    expect(mergeRanges([])).toEqual([])
  })
})

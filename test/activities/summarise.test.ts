import { describe, expect, test } from 'vitest'
import { shortened } from '../../src/activities/summarise.ts'
import { countTokens } from '../../src/model/tokens.ts'

const languages = {
  Chinese: '他喜欢在清晨沿着河边散步，常常带着一本旧书和一壶茶。',
  Japanese: '灯台守は毎晩、日が暮れる前に灯りをともし、潮と風を帳面に書く。',
  Thai: 'ผู้ดูแลประภาคารจดบันทึกน้ำขึ้นน้ำลงและลมลงในสมุด',
  English: 'The keeper writes the tide and the wind into the book. ',
  emoji: '🎉👩‍👧',
}

describe('a summary that is too long', () => {
  test.for(Object.entries(languages))('in %s keeps as much as fits [pressure:flush]', ([, line]) => {
    const text = line.repeat(100)
    const short = shortened(text, 300)
    expect(countTokens(short)).toBeLessThanOrEqual(300)
    expect(countTokens(short)).toBeGreaterThan(200)
    expect(text.startsWith(short.slice(0, -1))).toBe(true)
    expect(short).not.toMatch(/\p{Surrogate}/u)
  })

  test('ends with a sentence, else with a word, where one ends near [pressure:flush]', () => {
    expect(shortened(languages.Chinese.repeat(20), 200)).toMatch(/。…$/)
    expect(shortened(languages.English.repeat(40), 200)).toMatch(/book\.…$/)
    expect(shortened('word '.repeat(400), 200)).toMatch(/ word…$/)
  })
})

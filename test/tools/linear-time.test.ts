import { describe, expect, test } from 'vitest'
import { wellFormed, wellFormedJson } from '../../src/protocol/well-formed.ts'
import { sentencesOf } from '../../src/simulated/words.ts'

/** Milliseconds of this process, which others on the machine do not lengthen. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

describe('a text that somebody else chose', () => {
  test('takes no longer for what it holds: backslashes by the hundred thousand beside half a character [step:malformed-call]', () => {
    const value = { text: `${'\\'.repeat(250_000)}\ud800` }
    let kept: unknown
    expect(cpuOf(() => (kept = wellFormedJson(value)))).toBeLessThan(500)
    expect(kept).toEqual({ text: `${'\\'.repeat(250_000)}\ufffd` })
  })

  test.each(['\ud800', '\\\ud800', '\\ud800', '\\\\ud800\ud800', '"\ud800\\"', '\\n\n\udfff\\u0041'])('keeps all but halves of characters: %j [step:malformed-call]', (text) => {
    expect(wellFormedJson({ [text]: [text] })).toEqual({ [wellFormed(text)]: [wellFormed(text)] })
  })

  test('takes no longer for what it holds: a row of dots within a word [step:malformed-call]', () => {
    const text = `Well${'.'.repeat(60_000)}then. I like tea!`
    expect(cpuOf(() => sentencesOf(text))).toBeLessThan(500)
    expect(sentencesOf('Well...then. I like tea! At 3.5 p.m.\nYes?!No')).toEqual(['Well...then.', 'I like tea!', 'At 3.5 p.m.', 'Yes?!No'])
  })
})

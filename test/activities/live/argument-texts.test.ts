import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { argumentTexts } from '../../../src/activities/live/argument-texts.ts'
import { isJson } from '../../../src/protocol/json.ts'
import { wellFormed } from '../../../src/protocol/well-formed.ts'
import { argumentsOfCall } from '../../../src/tools/arguments-of-call.ts'

/** Any text, halves of surrogate pairs, quotes, escapes and controls among it. */
const anyText = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom('\ud83d', '\ude00', '😀', '"', '\\', '\n', '\u0000', '\\u00e9', '{', '}', ',')) })
const anyObject = fc.dictionary(fc.oneof(fc.constantFrom('message', 'inner_thoughts', 'a"b', 'é'), fc.string()), fc.oneof(anyText, fc.jsonValue()), { noNullPrototype: true })

/** JSON in several hands: as `JSON.stringify` writes it, with white space, and with every character of a text escaped. */
const writings: readonly ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => ` ${JSON.stringify(value, undefined, 2)}\n`,
  (value) => JSON.stringify(value).replaceAll(/[^\u0000-\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
]

function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((one, other) => one - other)
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end))
}

function read(pieces: readonly string[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  const take = argumentTexts((key, text) => {
    expect(text).toBe(wellFormed(text))
    texts.set(key, (texts.get(key) ?? '') + text)
  })
  for (const piece of pieces) take(piece)
  return texts
}

/** What `JSON.parse` gives, as it would be stored; an empty text is never told. */
function textsIn(json: string): ReadonlyMap<string, string> {
  const entries = Object.entries(JSON.parse(json) as Record<string, unknown>)
  return new Map(entries.flatMap(([key, value]) => (typeof value === 'string' && value !== '' ? [[key, wellFormed(value)] as const] : [])))
}

describe('arguments that are being written', () => {
  test('give the texts that the whole JSON gives, however it is cut and written [live:text]', () => {
    fc.assert(
      fc.property(anyObject, fc.array(fc.nat()), fc.constantFrom(...writings), (value, places, write) => {
        const json = write(value)
        expect(read(cut(json, places))).toEqual(textsIn(json))
        expect(read(Array.from({ length: json.length }, (_, index) => json.charAt(index)))).toEqual(textsIn(json))
      }),
    )
  })

  test('tell nothing that is not true in the end [live:text]', () => {
    fc.assert(
      fc.property(anyObject, fc.nat(), fc.constantFrom(...writings), (value, at, write) => {
        const json = write(value)
        const whole = textsIn(json)
        for (const [key, text] of read([json.slice(0, at % (json.length + 1))])) expect(whole.get(key)?.startsWith(text)).toBe(true)
      }),
    )
  })

  test('agree with what is stored where backslashes begin no escape, cut at each place [live:text step:malformed-call]', () => {
    const written = fc.array(fc.constantFrom('\\u', '\\U', '\\', "\\'", '\\d', '\\"', '\\\\', '\\n', '\\ud83d', '\\ude00', '0', '12', '00e9', 'f', 'sers', ' ', '\n', '😀'), { maxLength: 12 })
    let compared = 0
    fc.assert(
      fc.property(written, (parts) => {
        const json = `{"message":"${parts.join('')}","inner_thoughts":"secret"}`
        const meant = argumentsOfCall(json)
        // The last backslash may have taken the quotation mark along.
        if (!isJson(meant) || Object.keys(JSON.parse(meant) as object).length < 2) return
        compared += 1
        const whole = textsIn(meant)
        expect(read([json])).toEqual(whole)
        for (let at = 0; at <= json.length; at += 1) {
          for (const [key, text] of read([json.slice(0, at)])) expect(whole.get(key)?.startsWith(text), json.slice(0, at)).toBe(true)
          expect(read([json.slice(0, at), json.slice(at)])).toEqual(whole)
        }
      }),
    )
    expect(compared).toBeGreaterThan(10)
  })

  test.each([
    [String.raw`{"message":"C:\Users\Dan"}`, String.raw`C:\Users\Dan`],
    [String.raw`{"message":"C:\users"}`, String.raw`C:\users`],
    [String.raw`{"message":"see \u","inner_thoughts":"secret"}`, String.raw`see \u`],
    [String.raw`{"message":"it\'s \d+"}`, String.raw`it's \d+`],
    ['{"message":"a","message":"b"}', 'a'],
  ])('of %s the reply that is shown is %s [live:text]', (json, shown) => {
    expect(read([json]).get('message')).toBe(shown)
  })

  test('throw nothing, whatever they are [live:text]', () => {
    fc.assert(fc.property(fc.array(fc.oneof(anyText, fc.constantFrom('{"', '":', '"a":"', '\\u12', '\\', ']', '}}'))), (pieces) => void read(pieces)))
  })
})

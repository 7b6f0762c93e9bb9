import { describe, expect, test } from 'vitest'
import { isJson, jsonObject, jsonOrText, jsonText, parsedJson } from '../../src/protocol/json.ts'

describe('a text that may be JSON', () => {
  test.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    ['[1]', [1]],
    ['null', null],
    ['"word"', 'word'],
    [' 7 ', 7],
  ])('is the value that it says: %s [model:any]', (text, value) => {
    expect([isJson(text), parsedJson(text), jsonOrText(text)]).toEqual([true, value, value])
  })

  test.each(['', 'word', '{"a":', "{'a':1}", '1 2'])('is itself where it is none: %j [model:any]', (text) => {
    expect([isJson(text), parsedJson(text), jsonOrText(text)]).toEqual([false, undefined, text])
  })

  test('is an object only where its value has fields [model:any]', () => {
    expect(['{"a":1}', '{}', '[1]', 'null', '7', 'word'].map(jsonObject)).toEqual([{ a: 1 }, {}, undefined, undefined, undefined, undefined])
  })
})

test('a value is JSON as text, unless it is nested more deeply than can be written [model:any]', () => {
  const nested = (levels: number): unknown => parsedJson(`${'{"a":['.repeat(levels)}${']}'.repeat(levels)}`)
  expect([null, 'word', [1, { a: 2 }]].map(jsonText)).toEqual(['null', '"word"', '[1,{"a":2}]'])
  expect(jsonText(nested(100))).toBe(JSON.stringify(nested(100)))
  expect(jsonText(nested(50_000))).toBeUndefined()
})

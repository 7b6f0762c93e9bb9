import { describe, expect, test } from 'vitest'
import { valueOf } from '../../page/src/definition/fields.ts'
import { jsonIn } from '../../page/src/parts/json.ts'

describe('a number that a person writes', () => {
  test.each(['2512292042121000001', '0.12345678901234567890', '1.0000000000000000001', '1e400', '-1e400', '1e-400', '12345678901234567890e3'])('in JSON, %s, is refused where programs would take it as another one [web:page]', (number) => {
    expect(() => jsonIn(`{ "id": ${number} }`)).toThrow(`${number} `)
    expect(jsonIn(`{ "id": "${number}" }`)).toEqual({ id: number })
  })

  test.each(['0', '-0.50', '0.1', '0.30000000000000004', '1.10', '1e3', '1.5E-7', '9007199254740991', '100000000000000000000', '1e21', '0.00e5'])('in JSON, %s, is kept where its form alone is another one [web:page]', (number) => {
    expect(jsonIn(`[${number}]`)).toEqual([Number(number)])
  })

  test('in a field may have its thousands apart, and its fraction after a point: a comma before a fraction is refused [web:page definition:living]', () => {
    for (const [written, number] of [['32,000', 32_000], ['1,000,000', 1_000_000], ['32 000.5', 32_000.5], ['0.125', 0.125], ['-500', -500]] as const) expect(valueOf({ kind: 'number' }, written)).toBe(number)
    for (const written of ['0,125', '0,500', '00,500', '-0,125', '0,5', '1,00']) expect(() => valueOf({ kind: 'number' }, written)).toThrow('This is a number')
  })
})

import { describe, expect, test } from 'vitest'
import { dateRange } from '../../src/tools/dates.ts'

const range = (start?: string, end?: string): readonly (string | undefined)[] => {
  const { from, to } = dateRange({ start, end })
  return [from, to]
}

describe('a range of dates', () => {
  test('takes a bare date as the whole day, at the end too [recall:search]', () => {
    expect(range('2026-02-28', '2026-02-28')).toEqual(['2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z'])
  })

  test('takes times, in UTC unless they say otherwise [recall:search]', () => {
    expect(range('2026-02-28 18:30', '2026-02-28T23:15:10+02:00')).toEqual(['2026-02-28T18:30:00.000Z', '2026-02-28T21:15:10.000Z'])
    expect(range('2026-02-28t18:30:00.5z')).toEqual(['2026-02-28T18:30:00.500Z', undefined])
  })

  test('may be open at either end', () => {
    expect(range(undefined, '2024-12-31')).toEqual([undefined, '2025-01-01T00:00:00.000Z'])
    expect(range()).toEqual([undefined, undefined])
  })

  test.each(['yesterday', '2026-02-30', '2026-13-01', '31.01.2026', '2026-02-01T25:00', '2026-02', ''])('refuses %j and shows what is right', text => {
    expect(() => range(text)).toThrow(/^start_date ".*" is no date: write 2026-01-31, or 2026-01-31T18:30/)
  })

  test('refuses an end that is not after the start', () => {
    expect(() => range('2026-03-02', '2026-03-01')).toThrow('start_date 2026-03-02 is not before end_date 2026-03-01')
  })
})

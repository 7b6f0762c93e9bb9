import { describe, expect, test } from 'vitest'
import { isIsoTime } from '../../src/protocol/iso-time.ts'

describe('a time in ISO 8601', () => {
  test.each(['2024-03-01', '2024-02-29', '2024-03-01T12:00', '2024-03-01T12:00:00Z', '2024-03-01T12:00:00.123456Z', '2024-03-01 12:00:00+02:00', '2024-03-01T12:00:00-0330'])('is %s [recall:search]', (text) => {
    expect(isIsoTime(text)).toBe(true)
  })

  test.each(['', '0.5', '5', '2024', 'May 2023', '2024-02-30', '2023-02-29', '2024-13-01', '2024-03-01T25:00:00Z', '2024-03-01T12:00:00Z and more', 20240301, null])('is not %s, whatever `Date` makes of it [recall:search]', (text) => {
    expect(isIsoTime(text)).toBe(false)
  })
})

import { expect, test } from 'vitest'
import { assertArchivalQuery } from '../../src/client/assert-passage.ts'
import { assertMessageQuery } from '../../src/client/assert-input.ts'

const [morning, noon] = ['2024-03-01T08:00:00Z', '2024-03-01T12:00:00+01:00']

test.each([['messages', assertMessageQuery], ['passages', assertArchivalQuery]] as const)('a search of %s from later than to is refused, and says why [recall:search]', (_what, assertQuery) => {
  const query = (from: string, to: string) => ({ text: 'tea', from, to })
  expect(() => { assertQuery(query(noon, morning)) }).toThrow(`from ${noon} is later than to ${morning}: give the earlier one as from`)
  expect(() => { assertQuery(query(morning, noon)) }).not.toThrow()
  expect(() => { assertQuery(query(noon, noon)) }).not.toThrow()
})

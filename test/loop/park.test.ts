import { expect, test } from 'vitest'
import { limits } from '../../src/protocol/limits.ts'
import { park, withTries } from '../../src/workflows/agent/park.ts'

const now = 1_790_000_000_000
const parked = (tries: number) => withTries(park('model-error', 'the endpoint went away', { retries: tries - 1, now }), tries)

test('an agent that goes on trying tells a person how often it has tried, where half an hour has not helped [turn:park-resume]', () => {
  expect(parked(1).detail).toBe('the endpoint went away')
  expect(parked(6).detail).toBe('the endpoint went away')
  expect(parked(7).detail).toMatch(/^the endpoint went away; tried 7 times in a row without success; .* a person should look/)
  expect(parked(4_000).detail).toContain('tried 4000 times')
  expect(parked(4_000).retryAt).toBe(now + 15 * 60_000)
})

test('of what a person has to do, or stores that are away, nothing is added; a long reason stays bounded [turn:park-resume]', () => {
  for (const reason of ['model-refused', 'store-away', 'wrong-stores'] as const) expect(withTries(park(reason, 'why', { retries: 99, now }), 100).detail).toBe('why')
  expect(withTries(park('model-error', 'x'.repeat(limits.eventTextBytes), { retries: 99, now }), 100).detail).toHaveLength(2_000)
})

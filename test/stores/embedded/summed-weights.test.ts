import { expect, test } from 'vitest'
import { random } from '../../../eval/harness/random.ts'
import { SummedWeights } from '../../../src/stores/embedded/summed-weights.ts'

test('of a message each term counts once, and all terms together [scale:search]', () => {
  const weights = new SummedWeights(4)
  weights.add(7, 1, 10)
  weights.add(7, 1, 10)
  weights.add(7, 2, 5)
  weights.add(2 ** 33, 2, 1)
  expect([weights.size, weights.of(7), weights.of(2 ** 33), weights.of(8)]).toEqual([2, 15, 1, 0])
})

test('the best are those that have most, and of equals the highest ids [scale:search]', () => {
  const chance = random(3)
  const weights = new SummedWeights(20_000)
  const sums = new Map<number, number>()
  for (let term = 1; term <= 4; term += 1) {
    for (const id of new Set(Array.from({ length: 5_000 }, () => 1 + chance.below(30_000)))) {
      weights.add(id, term, term)
      sums.set(id, (sums.get(id) ?? 0) + term)
    }
  }
  const sorted = [...sums].toSorted(([one, sum], [other, otherSum]) => otherSum - sum || other - one).map(([id]) => id)
  for (const count of [1, 100, 5_000, 100_000]) expect(new Set(weights.best(count))).toEqual(new Set(sorted.slice(0, count)))
  expect(weights.size).toBe(sums.size)
})

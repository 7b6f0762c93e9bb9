import { expect, test } from 'vitest'
import { random } from '../../../eval/harness/random.ts'
import { DenseWeights } from '../../../src/stores/embedded/dense-weights.ts'
import { SummedWeights } from '../../../src/stores/embedded/summed-weights.ts'

test('of a message each term counts once, and all terms together [scale:search]', () => {
  const weights = new SummedWeights(4)
  weights.add(7, 1, 10)
  weights.add(7, 1, 10)
  weights.add(7, 2, 5)
  weights.add(2 ** 33, 2, 1)
  expect([weights.size, weights.of(7), weights.of(2 ** 33), weights.of(8)]).toEqual([2, 15, 1, 0])
})

test('counts a term once for a message that is in several of its lists, in whatever order the lists come', () => {
  const weights = SummedWeights.of([
    { ids: [7, 8], term: 1, weight: 10 },
    { ids: [7], term: 2, weight: 5 },
    { ids: [7, 9], term: 1, weight: 10 },
    { ids: [9, 7], term: 2, weight: 5 },
  ])
  expect([7, 8, 9].map((id) => weights.of(id))).toEqual([15, 10, 15])
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

test('sums of a range of ids are those of a hash table, and so are the best of all and of a part [scale:search]', () => {
  const chance = random(8)
  const lists = [3, 1, 7, 7].map((weight, place) => ({ ids: Float64Array.from(new Set(Array.from({ length: 4_000 }, () => 500 + chance.below(9_000)))), term: place + 1, weight }))
  const range = { from: 700, to: 9_000 }
  const dense = new DenseWeights(range, lists)
  const summed = SummedWeights.of(lists.map((list) => ({ ...list, ids: list.ids.filter((id) => range.from <= id && id <= range.to) })))
  expect(dense.size).toBe(summed.size)
  for (const id of [1, 699, 700, 701, 5_000, 9_000, 9_001, 20_000]) expect(dense.of(id)).toBe(summed.of(id))
  for (const count of [1, 200, 6_000, 100_000, Infinity]) expect(new Set(dense.best(count))).toEqual(new Set(summed.best(count)))
  for (const among of [{ from: 1, to: 1_000 }, { from: 2_000, to: 2_300 }, { from: 8_900, to: 20_000 }, { from: 1, to: 600 }]) expect(new Set(dense.best(100, among))).toEqual(new Set(summed.best(100, among)))
})

import { expect, test } from 'vitest'
import { random } from '../../../eval/harness/random.ts'
import { blobOf } from '../../../src/stores/embedded/embedding-space.ts'
import { distancesOf, nearestFirst, sketchBits, sumsBySign } from '../../../src/stores/embedded/passage-sketches.ts'
import { ownDatabase } from './own-database.ts'

const own = ownDatabase()

const chance = random(4)
const vectorOf = (dimensions: number): number[] => Array.from({ length: dimensions }, () => chance.next() - 0.5)
const signOf = (number: number | undefined): number => ((number ?? 0) > 0 ? 1 : -1)

test.for([8, 96, 384, 1_000, 1_536])('sketches of %s numbers are compared by bits, and by what those of the question come to with their signs [scale:search]', (dimensions) => {
  const vectors = Array.from({ length: 200 }, () => vectorOf(dimensions))
  const question = vectorOf(dimensions)
  const width = Math.ceil(dimensions / 32) + 1
  const bits = Uint32Array.from(vectors.flatMap((vector) => [...sketchBits(own().database, blobOf(vector), width)]))
  const distances = distancesOf({ width, bits }, sketchBits(own().database, blobOf(question), width))
  const differing = vectors.map((vector) => vector.filter((number, place) => signOf(number) !== signOf(question[place])).length)
  expect([...distances]).toEqual(differing)
  const places = [...differing.keys()].toSorted((one, other) => (differing[one] ?? 0) - (differing[other] ?? 0) || one - other)
  expect([...nearestFirst(distances)]).toEqual(places)
  const allowed = Uint8Array.from(places, (_, place) => place % 2)
  expect([...nearestFirst(distances, allowed, 30)]).toEqual(places.filter((place) => place % 2 === 1).slice(0, 30))
  const sums = sumsBySign({ width, bits }, Uint32Array.of(7, 150), question)
  for (const [at, place] of [7, 150].entries()) expect(sums[at]).toBeCloseTo(question.reduce((sum, number, of) => sum + number * signOf(vectors[place]?.[of]), 0), 9)
})

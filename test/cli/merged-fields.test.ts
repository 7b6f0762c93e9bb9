import { expect, test } from 'vitest'
import { mergedFields } from '../../src/cli/input/merged-fields.ts'

test.each([
  ['what only one has changed stands as that one has it', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 3 }, { a: 2, b: 3 }],
  ['what both have changed stands as I have it', { a: 1 }, { a: 2 }, { a: 3 }, { a: 2 }],
  ['what one has taken away is away, unless the other has changed it', { a: 1, b: 1, c: 1 }, { b: 1, c: 2 }, { a: 1 }, { c: 2 }],
  ['what either has added is there', {}, { a: 1 }, { b: 2 }, { b: 2, a: 1 }],
  ['fields within a field are fields; a list is one value', { x: { a: 1, b: 1 }, l: [1] }, { x: { a: 2, b: 1 }, l: [1, 2] }, { x: { a: 1, b: 3 }, l: [1] }, { x: { a: 2, b: 3 }, l: [1, 2] }],
  ['a renamed block stays renamed', { human: { blockId: 'i' } }, { person: { blockId: 'i' } }, { human: { blockId: 'i', limit: 9 } }, { person: { blockId: 'i' } }],
])('of two edits of one definition: %s [definition:living]', (_, before, mine, theirs, merged) => {
  expect(mergedFields({ before, mine, theirs })).toEqual(merged)
})

import { describe, expect, test } from 'vitest'
import { requirementCount, requirements } from './requirements.ts'
import { idsOf, testsIn, titlesOf, withoutIds } from './support/test-titles.ts'

describe('reading of test titles', () => {
  test('takes the ids at the end of a title, one or several', () => {
    expect(idsOf('finds a message [recall:search]')).toEqual(['recall:search'])
    expect(idsOf('finds it [recall:search, recall:never-deleted core:blocks]')).toEqual(['recall:search', 'recall:never-deleted', 'core:blocks'])
    expect(idsOf('joins [a] and [b] to one')).toEqual([])
  })

  test('finds titles in every form of test, but not in skipped ones', () => {
    const source = `
      test('plain [a]', () => {})
      describe('group [b]', () => { it.each([1])('table %s [c]', () => {}) })
      test(\`made of \${part} [d]\`, () => {})
      test.skip('skipped [e]', () => {})
      other('no test [f]')`
    expect(titlesOf(source).flatMap(({ title }) => idsOf(title))).toEqual(['a', 'b', 'c', 'd'])
    expect(titlesOf(source).filter(({ group }) => group).map(({ title }) => withoutIds(title))).toEqual(['group'])
  })
})

describe('requirements', () => {
  const tests = testsIn(import.meta.dirname)
  const known = new Set(requirements.map(requirement => requirement.id))

  test('all stand in the list, each once', () => {
    expect(requirements).toHaveLength(requirementCount)
    expect(known.size).toBe(requirementCount)
  })

  test('that are deferred give a reason', () => {
    expect(requirements.filter(requirement => requirement.status === 'deferred' && requirement.reason.trim() === '')).toEqual([])
  })

  test('that are done have a test', () => {
    const verified = new Set(tests.flatMap(({ title }) => idsOf(title)))
    const missing = requirements.filter(({ id, status }) => status === 'done' && !verified.has(id)).map(({ id }) => id)
    expect(missing).toEqual([])
  })

  test('that tests name are in the list', () => {
    // The samples of this file name ids that are none.
    const elsewhere = tests.filter(({ file }) => file !== 'requirements.test.ts')
    const unknown = elsewhere.flatMap(({ file, title }) => idsOf(title).filter(id => !known.has(id)).map(id => `${file}: [${id}]`))
    expect(unknown).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'

const run = async (...args: readonly string[]) => (await createProgram(['archival'])).parseAsync(['node', 'perdure', 'archival', 'ada', ...args])

describe('perdure archival refuses by name what an action does not heed', () => {
  test.each([
    ['list', '--tag boats', 'it is for search, insert, edit, supersede'], ['list', '--from 2026-01-01', 'it is for search'], ['list', '--to 2026-01-01', 'it is for search'],
    ['list', '--by Grace', 'it is for insert, edit, supersede, delete'], ['search', '--id a', 'it is for insert, edit, supersede, delete'], ['show', '--superseded', 'it is for list, search'],
    ['insert', '--source person', 'it is for list, search'], ['edit', '--limit 3', 'it is for list, search'], ['supersede', '--offset 1', 'it is for list, search'], ['delete', '--tag boats', 'it is for search, insert, edit, supersede'],
  ])('%s %s: %s [archival:person]', async (action, option, meant) => {
    const [name = ''] = option.split(' ')
    await expect(run(action, ...option.split(' '))).rejects.toMatchObject({ code: 'invalid-argument', message: `${action} takes no ${name}; ${meant}` })
  })
})

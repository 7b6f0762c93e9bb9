import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faultsDocument } from '../scripts/faults-table.ts'
import { readMeasured } from './faults/table/measured.ts'
import { faultRows } from './faults/table/rows.ts'
import { testsIn, withoutIds } from './support/test-titles.ts'

/** Tests of faults stand directly in the folder; those in `support` are of the tests' own tools. */
const shown = testsIn(join(import.meta.dirname, 'faults')).filter(({ file, group }) => !group && !file.includes('/'))
/** What needs no process that dies is tried on both sets of stores, beside what agents do. */
const ofAgents = testsIn(join(import.meta.dirname, 'workflows')).map((found) => ({ ...found, file: `../workflows/${found.file}` }))
const nameOf = ({ file, title }: { readonly file: string; readonly title: string }): string => `${file}: ${withoutIds(title)}`

describe('the table of faults', () => {
  test('stands in docs/guarantees.md as its rows are; `npx tsx scripts/faults-table.ts` mends it', () => {
    const { present, wanted } = faultsDocument()
    expect(present).toBe(wanted)
  })

  test('names tests that are there', () => {
    const names = new Set([...shown, ...ofAgents].map(nameOf))
    expect(faultRows.map(({ test: { file, title } }) => nameOf({ file, title })).filter((name) => !names.has(name))).toEqual([])
  })

  test('has a row for every test of a fault [faults:table]', () => {
    const names = new Set(faultRows.map(({ test: { file, title } }) => nameOf({ file, title })))
    expect(shown.map(nameOf).filter((name) => !names.has(name))).toEqual([])
  })

  test('tells its rows apart, and has measured no other', () => {
    const ids = faultRows.map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const { seconds, standingBy } = readMeasured()
    expect([...Object.keys(seconds), ...Object.keys(standingBy)].filter((id) => !ids.includes(id))).toEqual([])
  })

  test('has measured that with a worker standing by a turn goes on within 5 seconds, and within 12 at most', () => {
    const times = Object.values(readMeasured().standingBy).toSorted((a, b) => a - b)
    expect(times.length).toBeGreaterThan(15)
    expect(times[Math.floor(times.length / 2)]).toBeLessThanOrEqual(5)
    expect(times.at(-1)).toBeLessThanOrEqual(12)
  })

  test('says in every row what its test does not prove', () => {
    expect(faultRows.filter(({ notProven }) => notProven.length < 20).map(({ id }) => id)).toEqual([])
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aimsById } from '../bench/report/aims.ts'
import { aimsTable, renderPerformance } from '../bench/report/render.ts'
import { keepResult, readResults, type Result } from '../bench/report/results.ts'
import { publishable, runBench } from '../bench/report/run-bench.ts'
import { runs } from '../bench/report/runs.ts'
import { performanceDocument } from '../scripts/performance-doc.ts'

const scripts = Object.keys((JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { readonly scripts: object }).scripts)
/** A bench that tells one figure, prints a table, and does then what it is given. */
const bench = (then: string): readonly [string, ...string[]] => [
  process.execPath,
  '-e',
  `require('node:fs').appendFileSync(process.env.BENCH_FIGURES, '{"aim":"turn.woken","value":120}\\n{"server":"Temporal 1"}\\n'); console.log('before\\n| a | b |\\n|---|--:|\\n| x | 1 |'); ${then}`,
]

describe('docs/performance.md', () => {
  test('is as what was measured has it; `npx tsx scripts/performance-doc.ts` mends it', () => {
    expect(readFileSync(performanceDocument, 'utf8')).toBe(renderPerformance(readResults()))
  })

  test('says nothing of the folders of whoever measured', async () => {
    expect(renderPerformance(readResults())).not.toMatch(/(?:^|[\s("'`])\/(?:tmp|home|root|work|Users|var)\//m)
    const { output } = await runBench([process.execPath, '-e', `console.log(process.cwd() + '/eval-results', require('node:os').tmpdir() + '/figures')`])
    expect(output).toBe('eval-results figures\n')
  })

  test('has every aim and every bench, also where nothing was measured', () => {
    const document = renderPerformance({})
    expect([...aimsById.values()].filter(({ what }) => !document.includes(`| ${what} |`))).toEqual([])
    expect(runs.filter(({ title }) => !document.includes(`\n## ${title}\n`))).toEqual([])
  })

  test('has each table by itself, no line that a library has logged, and no aim of a bench beside those of the report', () => {
    const document = renderPerformance(readResults())
    const rows = document.split('\n')
    const delimiters = rows.flatMap((row, index) => (/^\|(?:[-:]+\|)+$/.test(row) ? [index] : []))
    expect(delimiters.filter((index) => !rows[index - 1]?.startsWith('|') || rows[index - 2] !== '')).toEqual([])
    expect(document).not.toMatch(/^aim: |\x1b|\dZ .*(?:WARN|ERROR)/m)
  })

  test('says why of each aim that was missed or not measured', () => {
    const rows = aimsTable(readResults()).split('\n').map((row) => row.split(' | '))
    expect(rows.filter(([, , , state, why]) => (state === '**missed**' || state === 'not measured') && why?.replace('|', '').trim() === '')).toEqual([])
  })
})

describe('`npm run bench`', () => {
  test('runs every bench that there is, each by a script that is there', () => {
    const run = new Set(runs.map(({ script }) => script))
    expect(scripts.filter((name) => name.startsWith('bench:') && !run.has(name))).toEqual([])
    expect([...run].filter((name) => !scripts.includes(name))).toEqual([])
  })

  test('has each aim measured by a bench that is there, and has measured no other', () => {
    const names = runs.map(({ name }) => name)
    expect([...aimsById.values()].filter(({ run }) => !names.includes(run))).toEqual([])
    const measured = Object.entries(readResults()).flatMap(([name, { figures }]) => Object.keys(figures).map((id) => ({ name, id })))
    expect(measured.filter(({ name, id }) => aimsById.get(id)?.run !== name)).toEqual([])
  })
})

describe('a bench', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'performance-'))))
  afterEach(() => rmSync(folder, { recursive: true }))
  const keep = (name: string, result: Result): boolean => keepResult(name, result, join(folder, 'results.json'))

  test('that fails keeps what it had measured, and loses nothing of the others', async () => {
    keep('turn', await runBench(bench('')))
    keep('watch', await runBench(bench('process.exit(3)')))
    keep('rate', await runBench(['no-such-program']))
    keep('turn', await runBench(['no-such-program']))
    const results = readResults(join(folder, 'results.json'))
    expect(results['turn']).toMatchObject({ figures: { 'turn.woken': 120 }, servers: ['Temporal 1'] })
    expect(results['turn']).not.toHaveProperty('failed')
    expect(results['watch']).toMatchObject({ figures: { 'turn.woken': 120 }, failed: 'it ended with 3' })
    expect(results['rate']?.failed).toContain('no-such-program')
  })

  test('that prints two tables has two, and one of which it has no row is left out', async () => {
    const tables = '| a |\n|--:|\n| 1 |\n\n| b |\n|--:|\n| 2 |\nof that\n\n| c |\n|--:|\n'
    keep('turn', { ...(await runBench(bench(''))), output: tables })
    expect(renderPerformance(readResults(join(folder, 'results.json')))).toContain('| a |\n|--:|\n| 1 |\n\n| b |\n|--:|\n| 2 |\n\n```text\nof that\n```\n\n## A message over HTTP')
  })

  test('that did not come to its end, or is older than what it measures, is shown so beside its aims and its tables', async () => {
    keep('turn', await runBench(bench('process.exit(3)')))
    keep('sizes', { ...(await runBench(bench(''))), at: '2026-11-30T00:00:00Z', figures: { 'sizes.dates': 2 } })
    const document = renderPerformance(readResults(join(folder, 'results.json')))
    expect(document).toMatch(/p95 \| at most 150 ms \| 120 ms \| reached \| The run did not come to its end: it ended with 3\. \|/)
    expect(document).toContain('\n\nThe run did not come to its end: it ended with 3. This is what it has printed.\n\n```text\nbefore\n```')
    expect(document).toMatch(/at most 20 ms \| 2 ms \| reached \| The figures are older than the bench: /)
    keep('sizes', { ...(await runBench(bench(''))), at: '2027-01-01T00:00:00Z', figures: { 'sizes.dates': 2 } })
    expect(renderPerformance(readResults(join(folder, 'results.json')))).not.toContain('older than the bench')
  })

  test('is kept without the lines that a library has logged', () => {
    const logged = '\x1b[2m2026-12-01T03:43:24.591426Z\x1b[0m \x1b[33m WARN\x1b[0m \x1b[2mtemporalio_sdk_core\x1b[0m: Tried\n2026-12-01T03:43:24.591Z [ERROR] Tried\n'
    expect(publishable(`| a |\n${logged}\x1b[1m| b |\x1b[0m\n`)).toBe('| a |\n| b |\n')
  })

  test('is shown with machine and load, its aim with the figure, its tables as they were printed', async () => {
    keep('turn', await runBench(bench('')))
    const document = renderPerformance(readResults(join(folder, 'results.json')))
    expect(document).toMatch(/\| turn \| \d{4}-\d\d-\d\d \d\d:\d\d \| \d+ cores of .+ \| Temporal 1 \| \d+\.\d \| \d+ s \| whole \|/)
    expect(document).toMatch(/at any age of its run, p95 \| at most 150 ms \| 120 ms \| reached \|/)
    expect(document).toContain('```text\nbefore\n```\n\n| a | b |\n|---|--:|\n| x | 1 |')
  })
})

/**
 * Runs the tests of faults, and keeps the times to recover for the table: what a test that ran says anew replaces what was there.
 *
 *   npm run faults:measure                         all of them
 *   npm run faults:measure -- test/faults/x.test.ts
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { measuredFile, readMeasured } from '../test/faults/table/measured.ts'
import { faultRows } from '../test/faults/table/rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'faults-measure-'))
const report = join(folder, 'report')
const files = process.argv.slice(2)
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'faults', ...(files.length > 0 ? files : ['test/faults'])], {
  stdio: 'inherit',
  env: { ...process.env, RECORD_RECOVERY: report },
})
const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : []
rmSync(folder, { recursive: true })

const longest = new Map<string, number>()
for (const { row, seconds } of lines.filter((line) => line !== '').map((line) => JSON.parse(line) as { readonly row: string; readonly seconds: number })) {
  longest.set(row, Math.max(longest.get(row) ?? 0, Math.max(1, Math.round(seconds))))
}
const known = faultRows.map(({ id }) => id)
const before = readMeasured().seconds
const seconds = Object.fromEntries(known.flatMap((id) => [longest.get(id) ?? before[id]].flatMap((time) => (time === undefined ? [] : [[id, time]]))))
const machine = `${availableParallelism()} cores, Node ${process.versions.node}, ${process.platform}`
writeFileSync(measuredFile, `${JSON.stringify({ machine, seconds }, undefined, 2)}\n`)
process.exitCode = status ?? 1

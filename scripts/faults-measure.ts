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
import type { Recovered } from '../test/faults/support/recovery.ts'
import { measuredFile, readMeasured, type Measured } from '../test/faults/table/measured.ts'
import { faultRows } from '../test/faults/table/rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'faults-measure-'))
const report = join(folder, 'report')
const files = process.argv.slice(2)
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'faults*', ...(files.length > 0 ? files : ['test/faults'])], {
  stdio: 'inherit',
  env: { ...process.env, RECORD_RECOVERY: report },
})
const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : []
rmSync(folder, { recursive: true })

const recovered = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Recovered)
const { seconds, standingBy } = readMeasured()
const measured = {
  machine: `${availableParallelism()} cores, Node ${process.versions.node}, ${process.platform}`,
  seconds: merged(seconds, recovered.filter(({ successor }) => successor !== 'stands by'), (time) => Math.max(1, Math.round(time))),
  standingBy: merged(standingBy, recovered.filter(({ successor }) => successor === 'stands by'), (time) => Math.round(time * 10) / 10),
}
writeFileSync(measuredFile, `${JSON.stringify(measured, undefined, 2)}\n`)
process.exitCode = status ?? 1

/** In the order of the table: the longest of what was measured now, else what was known. */
function merged(before: Measured['seconds'], now: readonly Recovered[], rounded: (seconds: number) => number): Measured['seconds'] {
  const times = faultRows.flatMap(({ id }) => {
    const taken = now.filter(({ row }) => row === id).map(({ seconds }) => rounded(seconds))
    const time = taken.length > 0 ? Math.max(...taken) : before[id]
    return time === undefined ? [] : [[id, time] as const]
  })
  return Object.fromEntries(times)
}

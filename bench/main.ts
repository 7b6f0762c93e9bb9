/**
 * Runs the benches one after the other, keeps what each has measured, and writes docs/performance.md of it.
 *
 *   npm run bench                     all of them: an hour or so, after `npm run build`, on a machine that does nothing else
 *   npm run bench -- turn sizes       some of them; what others have measured before stays
 *   npm run bench -- --list           their names
 */
import { parseArgs } from 'node:util'
import { writePerformance } from '../scripts/performance-doc.ts'
import { thisMachine, presentLoad } from './report/machine.ts'
import { keepResult, readResults } from './report/results.ts'
import { runBench } from './report/run-bench.ts'
import { commandOf, runs, type Run } from './report/runs.ts'
import { aimsTable } from './report/render.ts'

const { values, positionals } = parseArgs({ options: { list: { type: 'boolean', default: false } }, allowPositionals: true })
const unknown = positionals.filter((name) => !runs.some((run) => run.name === name))
if (values.list) {
  for (const run of runs) console.log(`${run.name.padEnd(10)} ${commandOf(run)}`)
} else if (unknown.length > 0) {
  console.error(`there is no bench ${unknown.join(', ')}; there are ${runs.map(({ name }) => name).join(', ')}`)
  process.exitCode = 2
} else {
  const chosen = runs.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const failed = await runAll(chosen)
  console.log(`\n${aimsTable(readResults(), chosen.map(({ name }) => name))}\n\ndocs/performance.md is written`)
  for (const what of failed) console.error(what)
  process.exitCode = failed.length > 0 ? 1 : 0
}

/** @returns of each that failed, what was wrong */
async function runAll(chosen: readonly Run[]): Promise<readonly string[]> {
  const { cpu, cores, memoryGb, node } = thisMachine()
  console.log(`${cores} cores of ${cpu}, ${memoryGb} GB, Node ${node}, load ${presentLoad()}`)
  const failed: string[] = []
  for (const run of chosen) {
    const { name, script, args, needs, figuresIn } = run
    const file = needs === undefined ? undefined : process.env[needs.variable]
    if (needs !== undefined && file === undefined) {
      console.log(`\n${name}: left out, as ${needs.variable} does not say where ${needs.file} is`)
      continue
    }
    console.log(`\n${name}: ${commandOf(run)}`)
    const given = needs === undefined || file === undefined ? args : [...args, needs.option, file]
    const result = await runBench(['npm', 'run', '--silent', script, '--', ...given])
    keepResult(name, { ...result, figures: { ...result.figures, ...figuresIn?.(result.output) } })
    writePerformance()
    if (result.failed !== undefined) failed.push(`${name}: ${result.failed}`)
  }
  return failed
}

/**
 * Runs the benches one after the other, keeps what each has measured, and writes docs/performance.md of it.
 *
 *   npm run bench                     all of them: an hour or so, after `npm run build`, on a machine that does nothing else
 *   npm run bench -- turn sizes       some of them; what others have measured before stays
 *   npm run bench -- --list           their names
 *
 * Exit status 1: one of them has failed or was left out. What a search finds is measured on a file of others, which LOCOMO names.
 */
import { readArguments } from './begin/begin.ts'
import { flag } from './begin/options.ts'
import { haveOwnFolder } from './begin/own-folder.ts'
import { presentLoad, thisMachine } from './report/machine.ts'
import { aimsTable } from './report/render.ts'
import { readResults } from './report/results.ts'
import { runAll } from './report/run-all.ts'
import { commandOf, runs } from './report/runs.ts'

const { values, names } = readArguments(import.meta.url, { list: flag }, runs.map(({ name }) => name))
if (values.list) {
  for (const run of runs) console.log(`${run.name.padEnd(10)} ${commandOf(run)}`)
} else {
  haveOwnFolder()
  const { cpu, cores, memoryGb, node } = thisMachine()
  console.log(`${cores} cores of ${cpu}, ${memoryGb} GB, Node ${node}, load ${presentLoad()}`)
  const { whole, failed } = await runAll(runs.filter(({ name }) => names.length === 0 || names.includes(name)))
  // Of what was measured now: figures of an earlier run would pass for those of this one.
  if (whole.length > 0) console.log(`\n${aimsTable(readResults(), whole)}\n\ndocs/performance.md is written`)
  for (const what of failed) console.error(what)
  process.exitCode = failed.length > 0 ? 1 : 0
}

import { writePerformance } from '../../scripts/performance-doc.ts'
import { keepResult } from './results.ts'
import { runBench } from './run-bench.ts'
import { commandOf, type Run } from './runs.ts'

export interface Outcome {
  /** The names of the runs that came to their end, and were kept. */
  readonly whole: readonly string[]
  /** Of each of the others, why it did not. */
  readonly failed: readonly string[]
}

/** One after the other; docs/performance.md is written after each of them. */
export async function runAll(chosen: readonly Run[]): Promise<Outcome> {
  const whole: string[] = []
  const failed: string[] = []
  for (const run of chosen) {
    const { name, script, args, needs, figuresIn } = run
    const file = needs === undefined ? undefined : process.env[needs.variable]
    if (needs !== undefined && file === undefined) {
      const why = `${name}: left out, as ${needs.variable} does not say where ${needs.file} is`
      console.log(`\n${why}`)
      failed.push(why)
      continue
    }
    console.log(`\n${name}: ${commandOf(run)}`)
    const given = needs === undefined || file === undefined ? args : [...args, needs.option, file]
    const result = await runBench(['npm', 'run', '--silent', script, '--', ...given])
    const isKept = keepResult(name, { ...result, figures: { ...result.figures, ...figuresIn?.(result.output) } })
    writePerformance()
    if (result.failed === undefined) whole.push(name)
    else failed.push(`${name}: ${result.failed}${isKept ? '' : '; what an earlier run has measured stays'}`)
  }
  return { whole, failed }
}

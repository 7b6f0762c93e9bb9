/**
 * Gives each reader of documents files that are broken off, changed at random places or wrongly named, for as long as it is told. They are read
 * in this thread, without the bounds on time and memory that a worker sets. It names each file that was not read well, and the seed that makes it again.
 *
 *   npm run fuzz:documents -- [--minutes 5] [--seed 1] [--only pdf]
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { changesOf } from '../test/fuzz/readers/changed.ts'
import { expectedOf, problemWith } from '../test/fuzz/readers/outcome.ts'
import { samples } from '../test/fuzz/readers/samples.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, only: { type: 'string' } } })
const chosen = samples.filter(({ extension }) => values.only === undefined || values.only === extension)
if (chosen.length === 0) throw new Error(`--only takes ${samples.map(({ extension }) => extension).join(', ')}`)
const end = performance.now() + Number(values.minutes) * 60_000
const perRound = 20

// A promise that a library left behind. In a worker the thread ends with it, and the document is refused as damaged: here the file is only read on.
process.on('unhandledRejection', () => undefined)

const problems = new Map<string, number>()
let files = 0
let slowest = { ms: 0, what: '' }
for (let seed = Number(values.seed); performance.now() < end; seed += 1) {
  for (const sample of chosen) {
    for (const file of fc.sample(changesOf(sample), { numRuns: perRound, seed })) {
      const begin = performance.now()
      const problem = await problemWith(file, expectedOf(sample, file.bytes))
      const ms = performance.now() - begin
      files += 1
      if (ms > slowest.ms) slowest = { ms, what: `${file.name} that ${file.how}` }
      if (problem === undefined) continue
      const kind = `${sample.extension}: ${problem}`
      const before = problems.get(kind) ?? 0
      problems.set(kind, before + 1)
      if (before < 3) console.log(`${kind} (${file.how}; --seed ${seed} --only ${sample.extension})`)
    }
  }
}
console.log(`${files} files; the slowest took ${Math.round(slowest.ms)} ms: ${slowest.what.slice(0, 200)}`)
for (const [kind, times] of problems) console.log(`${times} times ${kind}`)
process.exitCode = problems.size > 0 ? 1 : 0

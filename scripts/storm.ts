/**
 * Many agents under many faults at once, then an audit of everything. Exit status 1 for any finding.
 *
 *   npm run storm -- --minutes 30 --agents 50 --seed 7
 *
 * The seed gives the schedule of faults, what is said to each agent, what the model does about it, and how each request to the
 * model fares. What a fault meets, which of two processes is first, and how far one got, is not the seed's.
 *
 *   --minutes 5          how long it lasts; after it everything has eight minutes to be answered
 *   --agents 10          and --workers 3
 *   --seed 7             default: any, and it is printed
 *   --stores embedded    or servers
 *   --pause 4            seconds between two faults, on the average
 *   --keep               leaves what it was about where it is, to be looked at
 */
import { availableParallelism } from 'node:os'
import { readArguments } from '../bench/begin/begin.ts'
import { aboveZero, flag, oneOf, whole } from '../bench/begin/options.ts'
import { runStorm } from '../test/faults/storm/run-storm.ts'
import { workflowCode } from '../test/support/workflow-code.ts'

const { values } = readArguments(import.meta.url, {
  minutes: aboveZero(5),
  agents: whole(10),
  workers: whole(3),
  seed: whole(undefined),
  stores: oneOf(['embedded', 'servers'], 'embedded'),
  pause: aboveZero(4),
  keep: flag,
})
const { minutes, agents, workers, stores, pause, seed = Math.floor(Math.random() * 1_000_000) + 1 } = values

console.log(`seed ${seed}: ${minutes} minutes, ${agents} agents, ${workers} workers, ${stores} stores, ${availableParallelism()} cores, Node ${process.version}`)
const startedAt = Date.now()
const { counts, findings } = await runStorm({ seed, minutes, agents, workers, stores, pauseMs: pause * 1_000, keep: values.keep, workflowCode: await workflowCode(), say: console.log })
console.log(JSON.stringify(counts, undefined, 2))
console.log(`${Math.round((Date.now() - startedAt) / 1_000)} s in all; seed ${seed}; ${findings.length} findings`)
for (const finding of findings) console.log(`- ${finding}`)
process.exit(findings.length === 0 ? 0 : 1)

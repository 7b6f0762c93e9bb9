/**
 * Many agents under many faults at once, then an audit of everything. Exit status 1 for any finding.
 *
 *   npm run storm -- --minutes 30 --agents 50 --seed 7
 *
 * The seed gives the schedule of faults, what is said to each agent, what the model does about it, and how each request to the
 * model fares. What a fault meets, which of two processes is first, and how far one got, is not the seed's.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { runStorm } from '../test/faults/storm/run-storm.ts'
import { workflowCode } from '../test/support/workflow-code.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    agents: { type: 'string', default: '10' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string' },
    stores: { type: 'string', default: 'embedded' },
    /** Seconds between two faults, on the average. */
    pause: { type: 'string', default: '4' },
    /** Leaves what it was about where it is, to be looked at. */
    keep: { type: 'boolean', default: false },
  },
})
const { stores } = values
if (stores !== 'embedded' && stores !== 'servers') throw new Error('--stores is embedded or servers')
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed)
const [minutes, agents, workers, pause] = [values.minutes, values.agents, values.workers, values.pause].map(Number) as [number, number, number, number]
if ([seed, minutes, agents, workers, pause].some((number) => !(number > 0))) throw new Error('--minutes, --agents, --workers, --seed and --pause are numbers above 0')

console.log(`seed ${seed}: ${minutes} minutes, ${agents} agents, ${workers} workers, ${stores} stores, ${availableParallelism()} cores, Node ${process.version}`)
const startedAt = Date.now()
const { counts, findings } = await runStorm({ seed, minutes, agents, workers, stores, pauseMs: pause * 1_000, keep: values.keep, workflowCode: await workflowCode(), say: console.log })
console.log(JSON.stringify(counts, undefined, 2))
console.log(`${Math.round((Date.now() - startedAt) / 1_000)} s in all; seed ${seed}; ${findings.length} findings`)
for (const finding of findings) console.log(`- ${finding}`)
process.exit(findings.length === 0 ? 0 : 1)

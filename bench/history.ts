/**
 * What a turn costs in Temporal: events and bytes of history, for a turn of one inference and one `send_message`, in a small and
 * in a large window. Counted from real histories; fails above the bound.
 *
 *   npm run bench:history
 */
import { workflowIdOf } from '../src/protocol/ids.ts'
import { say, scriptedModel } from '../src/testing.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { runsOf } from '../test/replay/runs-of.ts'
import { beginBench } from './begin/begin.ts'
import { startBench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { turnsOf, type TurnCost } from './turn-cost.ts'

beginBench(import.meta.url, {})
const bound = { events: 13, bytes: 3_500 }
const turns = 20
const windows = [4_000, 100_000]

const filler = 'We spoke about the harbour, the weather and the boats that came in. '
let exceeded = false
let most: TurnCost = { events: 0, bytes: 0 }
const server = await startTemporal()
console.log('| window | context tokens | events per turn | bytes per turn |\n|--:|--:|--:|--:|')
for (const contextWindow of windows) {
  const model = scriptedModel([], { afterwards: say('Noted.') })
  const bench = await startBench({ server, model })
  try {
    const id = bench.agentId
    await bench.client.create({ id, model: 'scripted', contextWindow })
    // Fill the large window first, so that what is measured is a turn with a large context.
    const fill = contextWindow > 10_000 ? 60 : 0
    for (let index = 0; index < fill; index += 1) await bench.client.send(id, filler.repeat(60))
    for (let index = 0; index < turns; index += 1) await bench.client.send(id, `Message ${index}: how are you?`)
    const { pressure } = await bench.client.state(id)
    // Of the latest runs: each is a few turns long.
    const costs = (await runsOf(bench.temporal, workflowIdOf(id))).flatMap(({ events }) => turnsOf(events ?? [])).slice(-10)
    if (costs.length < 10) throw new Error(`${costs.length} whole turns are in the histories, too few to count by`)
    const { events, bytes } = median(costs)
    most = { events: Math.max(most.events, events), bytes: Math.max(most.bytes, bytes) }
    exceeded ||= events > bound.events || bytes > bound.bytes
    console.log(`| ${contextWindow} | ${pressure.tokens} | ${events} | ${bytes} |`)
  } finally {
    await bench.close()
  }
}
await server.stop()
figure('history.events', most.events)
figure('history.bytes', most.bytes / 1_000)
console.log(`bound: ${bound.events} events, ${bound.bytes} bytes: ${exceeded ? 'exceeded' : 'kept'}`)
process.exitCode = exceeded ? 1 : 0

function median(costs: readonly TurnCost[]): TurnCost {
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  return { events: middle(costs.map(({ events }) => events)), bytes: middle(costs.map(({ bytes }) => bytes)) }
}

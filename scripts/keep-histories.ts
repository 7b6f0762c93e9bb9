/**
 * Plays the conversations of `test/replay/kept` against a real server and keeps their histories, for the tests that replay them.
 * Run it once for each version that is released, and commit what it writes; histories of earlier versions stay.
 *
 *   npm run histories:keep
 *   npm run histories:keep -- timers       one conversation alone
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { startBench, type Bench } from '../bench/bench-agents.ts'
import { workflowIdOf } from '../src/protocol/ids.ts'
import type { StoredMessage } from '../src/protocol/messages.ts'
import { keptConversations, toolNamesFor } from '../test/replay/kept/conversations.ts'
import { until, type KeptConversation } from '../test/replay/kept/kept-conversation.ts'
import { historyAsJson } from '../test/replay/kept/history-json.ts'
import { historiesFolder, writeKept, type KeptHistory } from '../test/replay/kept/kept-history.ts'
import { runsOf } from '../test/replay/runs-of.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { allOfRecall } from '../test/workflows/long-conversation/calls-and-results.ts'

const folder = join(historiesFolder, packageJson.version)
mkdirSync(folder, { recursive: true })
const server = await startTemporal()
try {
  const wanted = process.argv.slice(2)
  for (const conversation of keptConversations.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const { model, tools } = conversation
    const bench = await startBench({ server, model: model(), ...(tools && { tools }) })
    try {
      const kept = await play(conversation, bench)
      const bytes = writeKept(join(folder, conversation.name), kept)
      console.log(`${conversation.name}: ${kept.runs.length} runs, ${kept.runs.reduce((sum, { events }) => sum + events.length, 0)} events, ${bytes} bytes`)
    } finally {
      await bench.close()
    }
  }
} finally {
  await server.stop()
}

async function play(conversation: KeptConversation, { client, temporal, agentId }: Bench): Promise<KeptHistory> {
  const { contextWindow, agent } = conversation
  await client.create({ id: agentId, tools: toolNamesFor(conversation), ...agent, ...(contextWindow !== undefined && { contextWindow }) })
  await conversation.play({ client, agentId })
  await until({ client, agentId }, 'idle')
  const workflowId = workflowIdOf(agentId)
  const runs = await runsOf(temporal, workflowId)
  const recall = await allOfRecall(client, agentId)
  return { workflowId, said: [...new Set(recall.flatMap(wordsIn))], runs: runs.map((run) => anonymous(historyAsJson(run)) as KeptHistory['runs'][number]) }
}

function wordsIn({ text, reply, calls = [] }: StoredMessage): readonly string[] {
  return [text, reply ?? '', ...calls.map((call) => call.arguments)].filter((part) => part !== '')
}

/** Without the names of the machine and its processes, and without its paths. A replay does not look at these. */
function anonymous(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^\d+@.*$/, 'kept')
  if (Array.isArray(value)) return value.map(anonymous)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, key === 'identity' ? 'kept' : key === 'stackTrace' ? '' : anonymous(field)]))
}

/**
 * A tool that runs in this program, not in a worker: the agent's turn waits for it, however long it takes. Needs a Temporal server,
 * a worker (any: it needs no code of the tool) and a model that can call tools.
 *
 *   OPENAI_API_KEY=… npx tsx examples/client-tools.ts
 */
// #region tool
import { z } from 'zod'
import { connect, defineClientTool, readConfig } from 'perdure'

const thermometer = defineClientTool({
  name: 'read_thermometer',
  description: 'The temperature in a room of the house.',
  schema: z.object({ room: z.string().describe('Which room.') }),
  // After this long the model reads that nobody gave a result, and goes on.
  answerWithinMs: 60_000,
  // A caller that dies in here is replaced by the next one: hand `op` on as the idempotency key where there is an effect.
  run: async ({ room }, { op }) => `It is 21 degrees in the ${room} (${op}).`,
})
// #endregion

// #region serve
const config = readConfig(process.env)
const connection = await connect(config)
const { client } = connection
const { name: model, contextWindow } = config.model

await client.create({ id: 'janitor', model, contextWindow, clientTools: [thermometer.definition] })
const leaving = new AbortController()
const serving = client.serveTools('janitor', [thermometer], { signal: leaving.signal })
const turn = await client.send('janitor', 'Is the kitchen warm?', { until: 'end' })
console.log(turn.end, turn.replyTexts)

leaving.abort()
await serving
await connection.close()
// #endregion

/**
 * A worker with a tool of its own, and an agent that may use it. Needs a Temporal server (`npm run perdure -- stack up`
 * starts one) and a model that can call tools.
 *
 *   OPENAI_API_KEY=… PERDURE_TASK_QUEUE=dice npx tsx examples/custom-tool.ts
 */
// #region tool
import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { defineTool } from 'perdure'

const rollDice = defineTool({
  name: 'roll_dice',
  description: 'Rolls dice and gives the numbers. Use it for whatever is left to chance.',
  schema: z.object({ dice: z.int().min(1).max(10).describe('How many dice.') }),
  // A roll can't be taken back: after a crash it is not repeated, and the model is told that its outcome is unknown.
  policy: { placement: 'activity', idempotent: false, timeoutMs: 5_000 },
  run: async ({ dice }) => Array.from({ length: dice }, () => randomInt(1, 7)).join(' and '),
})
// #endregion

// #region worker
import { NativeConnection } from '@temporalio/worker'
import { connect, readConfig } from 'perdure'
import { createWorker, openAIEmbedder, openAIModel } from 'perdure/worker'

const config = readConfig(process.env)
const { name, contextWindow, apiKey = '', baseUrl, embeddingModel, embeddingDimensions } = config.model
const endpoint = { apiKey, ...(baseUrl !== undefined && { baseURL: baseUrl }) }
const { address = 'localhost:7233', namespace } = config.temporal

const perdure = await connect(config)
const { client, stores } = perdure
const connection = await NativeConnection.connect({ address })
const worker = await createWorker({
  connection,
  namespace,
  taskQueue: config.taskQueue,
  stores,
  model: openAIModel(endpoint),
  embedder: openAIEmbedder({ ...endpoint, model: embeddingModel, dimensions: embeddingDimensions }),
  tools: [rollDice],
})

await worker.runUntil(async () => {
  await client.create({ id: 'croupier', model: name, contextWindow, tools: ['send_message', 'roll_dice'] })
  const turn = await client.send('croupier', 'Roll two dice for me, please.')
  console.log(turn.end, turn.replyTexts)
})
await perdure.close()
await connection.close()
// #endregion

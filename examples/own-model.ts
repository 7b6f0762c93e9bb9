/**
 * A worker with a model and an embedder of its own, and what a program does about errors. Needs a Temporal server only;
 * `npm run perdure -- stack up` starts one.
 *
 *   PERDURE_TASK_QUEUE=parrots npx tsx examples/own-model.ts
 */
// #region model
import { randomUUID } from 'node:crypto'
import { ModelError, type ChatModel, type Embedder } from 'perdure/worker'

/** Any model will do that answers with calls of tools. This one says what it has heard last. */
const parrot: ChatModel = {
  complete: async ({ messages }, signal) => {
    signal.throwIfAborted()
    const heard = messages.findLast(({ role }) => role === 'user')
    // The kind decides what becomes of the turn: whether it is tried again, waits, or parks until a person helps.
    if (heard === undefined) throw new ModelError('bad-request', 'there is nothing to repeat')
    const message = `You said: ${heard.content}`
    return {
      text: 'I repeat it.',
      toolCalls: [{ id: randomUUID(), name: 'send_message', arguments: JSON.stringify({ message }) }],
      finishReason: 'tool-calls',
    }
  },
}

/** Counts letters, so that texts of the same words are near each other. */
const letters: Embedder = {
  model: 'letters',
  dimensions: 26,
  embed: async (texts) => texts.map((text) => Array.from({ length: 26 }, (_, index) => 1 + text.toLowerCase().split(String.fromCharCode(97 + index)).length)),
}
// #endregion

// #region worker
import { NativeConnection } from '@temporalio/worker'
import { connect, PerdureError, readConfig } from 'perdure'
import { createWorker } from 'perdure/worker'

const config = readConfig(process.env)
const { address = 'localhost:7233', namespace } = config.temporal
const perdure = await connect(config)
const { client, stores } = perdure
const connection = await NativeConnection.connect({ address })
const worker = await createWorker({ connection, namespace, taskQueue: config.taskQueue, stores, model: parrot, embedder: letters })

await worker.runUntil(async () => {
  await client.create({ id: 'polly', model: 'parrot' })
  const turn = await client.send('polly', 'Pieces of eight!')
  console.log(turn.end, turn.replyTexts)

  try {
    await client.send('nobody', 'Hello?')
  } catch (error) {
    if (!PerdureError.isInstance(error)) throw error
    console.log(error.code, error.message)
  }
})
await perdure.close()
await connection.close()
// #endregion

/**
 * A test of an agent without a language model: a script answers in its place, and keeps every request for you to look at. Needs
 * a Temporal server only; `npm run perdure -- stack up` starts one.
 *
 *   npx tsx examples/scripted-model.ts
 */
// #region test
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { createClient, openStores } from 'perdure'
import { call, say, scriptedModel, simulatedEmbedder } from 'perdure/testing'
import { createWorker } from 'perdure/worker'

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233'
const folder = await mkdtemp(join(tmpdir(), 'agent-test-'))
const stores = await openStores({ kind: 'embedded', file: join(folder, 'memory.db') })
const model = scriptedModel([
  call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { thoughts: 'Worth keeping.', heartbeat: true }),
  say('Nice to meet you, Ada.'),
])

const taskQueue = `test-${randomUUID()}`
const connection = await NativeConnection.connect({ address })
const worker = await createWorker({ connection, taskQueue, stores, model, embedder: simulatedEmbedder() })
const clientConnection = await Connection.connect({ address })
const client = createClient({ temporal: new Client({ connection: clientConnection }), taskQueue, stores })

await worker.runUntil(async () => {
  const id = `agent-${randomUUID()}`
  await client.create({ id, model: 'scripted' })

  const turn = await client.send(id, 'Hello, I am Ada.')
  assert.equal(turn.end, 'completed')
  assert.deepEqual(turn.replyTexts, ['Nice to meet you, Ada.'])

  const human = (await client.blocks(id)).find(({ label }) => label === 'human')
  assert.equal(human?.value, 'Name: Ada')

  // What the model saw at its second step: the memory that it had just written.
  assert.match(model.requests[1]?.messages.map(({ content }) => content).join('\n') ?? '', /Name: Ada/)
  model.assertDone()
  await client.delete(id)
})
console.log('passed')
// #endregion
await stores.close()
await clientConnection.close()
await connection.close()
await rm(folder, { recursive: true })

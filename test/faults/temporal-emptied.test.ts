import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { expect, inject, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { createWorker } from '../../src/worker/create-worker.ts'
import { ensureSearchAttributes } from '../../src/worker/search-attributes.ts'
import { startTemporal } from '../servers/temporal.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const agentCount = 50
const messageCount = 3

/** Its server keeps everything in memory: started again, it knows of no agent, and of no search attribute. */
test('a Temporal database that is emptied under fifty agents in the middle of turns loses nothing: within a minute each message has its one turn and its answer [recover:from-stores mailbox:durable]', { timeout: 300_000 }, async () => {
  const [temporal, folder] = await Promise.all([startTemporal({ own: true }), temporaryFolder()])
  const stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
  const [connection, native] = await Promise.all([connectTemporal(temporal), NativeConnection.connect({ address: temporal.address })])
  await ensureSearchAttributes(connection, temporal.namespace)
  const taskQueue = `emptied-${randomUUID()}`
  // Each turn writes into a block, thinks, and answers.
  const model = scriptedModel([], {
    afterwards: async ({ messages }) => {
      await sleep(300)
      return messages.at(-1)?.role === 'tool' ? say('Noted.') : call('core_memory_append', { label: 'human', content: `after ${messages.length} messages` }, { heartbeat: true })
    },
  })
  const worker = await createWorker({ connection: native, taskQueue, stores, model, embedder: simulatedEmbedder(), workflowBundle: { code: inject('workflowCode') } })
  const running = worker.run()
  const client = createClient({ temporal: new Client({ connection, namespace: temporal.namespace }), taskQueue, stores, patienceMs: 120_000 })
  try {
    const agents = Array.from({ length: agentCount }, (_, index) => `a-${index}`)
    const ids = Array.from({ length: messageCount }, (_, index) => `m-${index}`)
    await Promise.all(agents.map((id) => client.create({ id, model: 'scripted', blocks: [{ label: 'human', limit: 1_000 }] })))
    await Promise.all(agents.map(async (id) => {
      for (const eventId of ids) await client.post(id, `this is ${eventId}`, { eventId })
    }))
    const emptiedAt = Date.now()
    await temporal.kill()
    await temporal.restart()
    const outcomes = await Promise.all(agents.flatMap((id) => ids.map((eventId) => client.outcome(id, eventId, { until: 'end' }))))
    expect(Date.now() - emptiedAt).toBeLessThan(120_000)
    expect(outcomes.map(({ end, replyTexts }) => `${end} ${replyTexts.join()}`)).toEqual(outcomes.map(() => 'completed Noted.'))
    for (const id of agents) {
      const messages = await client.messages(id, { limit: 1_000 })
      expect(messages.flatMap(({ eventId }) => eventId ?? [])).toEqual(ids)
      expect(messages.filter(({ reply }) => reply !== undefined)).toHaveLength(messageCount)
      expect((await client.blockHistory(id, 'human')).filter(({ version }) => version > 1)).toHaveLength(messageCount)
      expect(await stores.memory.events.pending(id, 10)).toEqual([])
    }
  } finally {
    worker.shutdown()
    await running
    await stores.close()
    await connection.close()
    await native.close()
    await temporal.stop()
    await folder.remove()
  }
})

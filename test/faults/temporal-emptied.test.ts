import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { onOwnTemporal } from './support/own-temporal.ts'

const agentCount = 50
const messageCount = 3

/** Its server keeps everything in memory: started again, it knows of no agent, and of no search attribute. */
test('a Temporal database that is emptied under fifty agents in the middle of turns loses nothing: within a minute each message has its one turn and its answer [recover:from-stores mailbox:durable]', { timeout: 300_000 }, async () => {
  // Each turn writes into a block, thinks, and answers.
  const model = scriptedModel([], {
    afterwards: async ({ messages }) => {
      await sleep(300)
      return messages.at(-1)?.role === 'tool' ? say('Noted.') : call('core_memory_append', { label: 'human', content: `after ${messages.length} messages` }, { heartbeat: true })
    },
  })
  const { temporal, client, stores, close } = await onOwnTemporal({ model })
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
    await close()
  }
})

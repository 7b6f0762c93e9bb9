import { afterEach, describe, expect, test } from 'vitest'
import { call, hang, say, scriptedModel, type ScriptedModel } from '../../../src/testing.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { gate } from '../../support/gate.ts'

let agents: Agents
afterEach(() => agents.close())

async function withModel(model: ScriptedModel, changes: object = {}): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted', ...changes })
}

const waitingEvents = async (): Promise<readonly string[]> => (await agents.client.state(agents.agentId)).mailbox.map(({ eventId }) => eventId)

/** Does all of the work, so many at a time. */
async function atOnce<Item>(lanes: number, items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = [...items]
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Of a poll, on a machine that has much else to do. */
const soon = { timeout: 20_000 }

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `m${index + 1}`)

describe('an agent that has been sent more updates than Temporal lets one run take', () => {
  test('while it was idle takes more, as its runs end in time [updates:bounded pressure:continue-as-new]', async () => {
    await withModel(scriptedModel([say('Still here.')]))
    const { client, agentId } = agents
    await atOnce(40, numbered(2_100), () => client.resume(agentId))
    expect(await client.send(agentId, 'Hello?')).toMatchObject({ end: 'completed', replyTexts: ['Still here.'] })
    expect((await client.state(agentId)).counters.continuedAsNew).toBeGreaterThanOrEqual(6)
  }, 300_000)

  test('while it waited for an answer takes more [updates:bounded turn:approval]', async () => {
    await withModel(scriptedModel([call('archival_memory_insert', { content: 'Parked.' })], { afterwards: say('Done.') }), { approval: ['archival_memory_insert'] })
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Note it down', { eventId: 'note' })).toMatchObject({ end: 'parked', reason: 'approval' })
    await atOnce(40, numbered(400), () => client.resume(agentId))
    expect((await client.state(agentId)).counters.continuedAsNew).toBeGreaterThanOrEqual(1)
    const [waiting] = await client.waiting(agentId)
    await client.approve(agentId, waiting?.op ?? '')
    expect(await client.outcome(agentId, 'note', { until: 'end' })).toMatchObject({ end: 'completed' })
  }, 120_000)

  test('during one long step keeps all messages in their order, takes a cancel, and goes on [updates:bounded mailbox:durable mailbox:fifo turn:cancel]', async () => {
    const open = gate()
    let answered = 0
    const model = scriptedModel([hang()], {
      afterwards: async () => {
        answered += 1
        if (answered > 20) await open.opened
        return say('Got it.')
      },
    })
    await withModel(model)
    const { client, agentId } = agents
    await client.post(agentId, 'Think for long', { eventId: 'long' })
    await expect.poll(() => model.requests.length, soon).toBe(1)
    const ids = numbered(2_100)
    await atOnce(40, ids.slice(0, -3), (eventId) => client.post(agentId, 'Are you there?', { eventId }))
    for (const eventId of ids.slice(-3)) await client.post(agentId, 'And one more.', { eventId })
    const waiting = await waitingEvents()
    expect(waiting.toSorted()).toEqual(ids.toSorted())
    expect(waiting.slice(-3)).toEqual(ids.slice(-3))
    expect(await client.cancel(agentId)).toBe(true)
    expect(await client.outcome(agentId, 'long', { until: 'end' })).toMatchObject({ end: 'cancelled' })
    const turns: number[] = []
    for (const eventId of waiting.slice(0, 20)) turns.push((await client.outcome(agentId, eventId)).turn)
    expect(turns).toEqual(turns.map((_, index) => index + 2))
    await expect.poll(waitingEvents, soon).toEqual(waiting.slice(21))
    expect((await client.state(agentId)).counters).toMatchObject({ refusedSignals: 0 })
    open.open()
  }, 300_000)
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { handlerNames } from '../../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
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

  test('or signals, while it was idle, that left it nothing to do, goes on in a new run in time [updates:bounded pressure:continue-as-new]', async () => {
    await withModel(scriptedModel([], { afterwards: say('Still here.') }))
    const { client, agentId, temporal } = agents
    await client.send(agentId, 'Hello', { eventId: 'one' })
    const workflow = temporal.workflow.getHandle(workflowIdOf(agentId))
    await atOnce(20, numbered(300), () => workflow.signal(handlerNames.eventSignal, { id: 'one', kind: 'user-message', bytes: 5 }))
    await atOnce(20, numbered(300), () => workflow.signal('nobody-hears-this', 'x'))
    // A run is not left within its first second, in which a quick machine may have given all of them.
    await expect.poll(async () => (await client.state(agentId)).counters.continuedAsNew, soon).toBeGreaterThanOrEqual(1)
    expect(await client.send(agentId, 'Hello?')).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['Still here.'] })
  }, 120_000)

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

describe('an agent that is asked again and again to go on in a new run', () => {
  const asks: Readonly<Record<string, () => Promise<unknown>>> = {
    'by a signal': () => agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).signal(handlerNames.renewSignal),
    "by cancelling its workflow": () => agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).cancel(),
  }

  test.each(Object.entries(asks))('comes to its messages all the same: %s [updates:bounded mailbox:durable]', async (how, ask) => {
    await withModel(scriptedModel([], { afterwards: say('Still here.') }))
    const { client, agentId } = agents
    await client.send(agentId, 'Hello')
    let asking = true
    const asked = (async () => {
      while (asking) {
        await ask().catch(() => undefined)
        await sleep(30)
      }
    })()
    try {
      await client.signal(agentId, 'Are you there?', { eventId: 'one' })
      // A cancel may meet the turn itself.
      expect(await client.outcome(agentId, 'one', { until: 'end', signal: AbortSignal.timeout(60_000) })).toMatchObject({ turn: 2, end: how.includes('cancel') ? (expect.stringMatching(/completed|cancelled/) as string) : 'completed' })
    } finally {
      asking = false
      await asked
    }
    expect(await client.send(agentId, 'And now?')).toMatchObject({ turn: 3, end: 'completed', replyTexts: ['Still here.'] })
  }, 120_000)

  test('and has nothing to do goes on in one for each time, and no more [updates:bounded pressure:continue-as-new]', async () => {
    await withModel(scriptedModel([], { afterwards: say('Still here.') }))
    const { client, agentId, temporal } = agents
    await client.send(agentId, 'Hello')
    await agents.withoutWorker(async () => {
      await temporal.workflow.getHandle(workflowIdOf(agentId)).signal(handlerNames.renewSignal)
    })
    const renewed = async () => (await client.state(agentId)).counters.continuedAsNew
    await expect.poll(renewed, soon).toBe(1)
    await sleep(2_000)
    expect(await renewed()).toBe(1)
    const { events } = await temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory()
    expect(events?.length).toBeLessThan(12)
  }, 60_000)
})

test('an agent to which commands are given as quickly as Temporal takes them comes to its messages all the same [updates:bounded mailbox:durable]', async () => {
  await withModel(scriptedModel([], { afterwards: say('Still here.') }))
  const { client, agentId, temporal } = agents
  await client.send(agentId, 'Hello')
  let giving = true
  let answered = 0
  // Whoever is not kept waiting gives the next one at once.
  const given = Array.from({ length: 12 }, async (_, lane) => {
    for (let count = 0; giving; count += 1) {
      const request = { id: `${lane}-${count}`, command: { type: 'save', name: 'often' } }
      await temporal.workflow.getHandle(workflowIdOf(agentId)).executeUpdate(handlerNames.command, { args: [request] }).catch(() => undefined)
      answered += 1
    }
  })
  const moreAnswered = (): Promise<void> => {
    const before = answered
    return vi.waitUntil(() => answered > before + given.length, { timeout: 60_000, interval: 20 }).then(() => undefined)
  }
  try {
    await moreAnswered()
    await client.signal(agentId, 'Are you there?', { eventId: 'one' })
    expect(await client.outcome(agentId, 'one', { until: 'end', signal: AbortSignal.timeout(60_000) })).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['Still here.'] })
    // They still come.
    await moreAnswered()
  } finally {
    giving = false
    await Promise.all(given)
  }
}, 240_000)

import { afterEach, describe, expect, test } from 'vitest'
import { PerdureError } from '../../../src/protocol/errors.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import { ModelError } from '../../../src/model/model-error.ts'
import { call, fail, say, scriptedModel } from '../../../src/testing.ts'
import { gate } from '../../support/gate.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { storesWith } from '../../support/stores-with.ts'

let agents: Agents
afterEach(() => agents.close())

const timeout = 120_000
const patience = { timeout: 60_000, interval: 100 }

const statusOf = async (): Promise<string> => (await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).describe()).status.name

describe('a command that can never work', { timeout }, () => {
  test('is answered with its error, has changed nothing, and the agent goes on [errors:final]', async () => {
    agents = await startAgents({ model: scriptedModel([], { afterwards: say('Here.') }) })
    const { client, agentId } = agents
    const ids = [`${agentId}-one`, `${agentId}-two`] as const
    const blocks = (limit: number) => [{ label: 'human', limit: 100 }, { label: 'team', blockId: `team-of-${agentId}`, limit }]
    await client.create({ id: ids[0], model: 'scripted', blocks: blocks(20) })
    await client.create({ id: ids[1], model: 'scripted', blocks: blocks(200) })
    await client.editBlock(ids[0], 'human', 'as it was')
    await client.editBlock(ids[1], 'team', 'w'.repeat(50))
    await client.command(ids[0], { type: 'save', name: 'long' })
    // What is so already is no write.
    await client.command(ids[0], { type: 'load', name: 'long' })
    await client.editBlock(ids[1], 'team', 'short')
    await client.editBlock(ids[0], 'human', 'as it is')
    await expect(client.command(ids[0], { type: 'load', name: 'long' })).rejects.toMatchObject({ code: 'block-too-large', message: expect.stringContaining('20 characters') as string })
    expect((await client.blocks(ids[0])).map(({ value }) => value)).toEqual(['as it is', 'short'])
    expect(await client.send(ids[0], 'Still there?')).toMatchObject({ end: 'completed', replyTexts: ['Here.'] })
    await client.delete(ids[0])
  })

  test('nor is a bug tried for ever: it is answered after a few attempts [errors:final workflow:unfailing]', async () => {
    let tries = 0
    const stores = await storesWith(({ checkpoints }) => ({
      checkpoints: {
        ...checkpoints,
        put: () => {
          tries += 1
          return Promise.reject(new TypeError('x is not a function'))
        },
      },
    }))
    agents = await startAgents({ model: scriptedModel([say('Here.')]), stores })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await expect(client.command(agentId, { type: 'save', name: 'now' })).rejects.toMatchObject({ code: 'activity-failed', message: 'x is not a function' })
    expect(tries).toBe(7)
    expect(await client.send(agentId, 'Still there?')).toMatchObject({ end: 'completed', replyTexts: ['Here.'] })
  })
})

describe('commands that fail for good', { timeout }, () => {
  test('are answered so to each who has waited for the end of a turn, held or not [errors:final]', async () => {
    const stores = await storesWith(({ checkpoints }) => ({
      checkpoints: { ...checkpoints, put: () => Promise.reject(new PerdureError('block-too-large', 'no checkpoint is as large as this')) },
    }))
    const [thinking, thought] = [gate(), gate()]
    const model = scriptedModel([], {
      afterwards: async () => {
        thinking.open()
        await thought.opened
        return say('Here.')
      },
    })
    agents = await startAgents({ model, stores })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'Think hard')
    await thinking.opened
    const names = ['a', 'b', 'c', 'd', 'e']
    const saved = Promise.allSettled(names.map((name) => client.command(agentId, { type: 'save', name })))
    await expect.poll(async () => (await client.state(agentId)).commands, patience).toHaveLength(names.length)
    thought.open()
    expect(await saved).toEqual(names.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'block-too-large' }) as PerdureError })))
    expect(await client.send(agentId, 'Still there?')).toMatchObject({ end: 'completed', replyTexts: ['Here.'] })
  })
})

describe('a worker with other stores', { timeout }, () => {
  const parkedSo = { reason: 'wrong-stores', detail: expect.stringMatching(/is not in the stores of this worker \(libSQL file .*other/) as string, retryAt: expect.any(Number) as number }

  test('says so to a command, and the agent keeps its mailbox and goes on by itself where its stores are [workflow:unfailing]', async () => {
    agents = await startAgents({ model: scriptedModel([say('One.'), say('Two.')]) })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.send(agentId, 'First')
    await agents.withOtherStores(async () => {
      await expect(client.command(agentId, { type: 'save', name: 'now' })).rejects.toMatchObject({ code: 'wrong-stores' })
      await expect.poll(async () => (await client.state(agentId)).parked, patience).toMatchObject(parkedSo)
      await client.post(agentId, 'Second', { eventId: 'two' })
      expect((await client.state(agentId)).mailbox).toHaveLength(1)
    })
    expect(await client.outcome(agentId, 'two', { until: 'end' })).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['Two.'] })
    await client.command(agentId, { type: 'save', name: 'now' })
    expect(await statusOf()).toBe('RUNNING')
  })

  test('does not end the turn that it is asked to cancel: another worker does [workflow:unfailing turn:cancel]', async () => {
    agents = await startAgents({ model: scriptedModel([fail(new ModelError('refused', 'no credit')), say('Two.')]) })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    expect(await client.send(agentId, 'First', { eventId: 'one' })).toMatchObject({ end: 'parked', reason: 'model-refused' })
    await agents.withOtherStores(async (other) => {
      expect(await client.cancel(agentId)).toBe(true)
      await expect.poll(async () => (await client.state(agentId)).parked, patience).toMatchObject(parkedSo)
      expect(await other.memory.turns.byEvent(agentId, 'one')).toBeUndefined()
    })
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ end: 'cancelled' })
    expect(await client.send(agentId, 'Second')).toMatchObject({ end: 'completed', replyTexts: ['Two.'] })
  })

  test('does not take an agent for deleted that it does not know: its deletion goes on where its stores are [workflow:unfailing agent:generations]', async () => {
    agents = await startAgents({ model: scriptedModel([say('One.')]) })
    const { client, agentId, stores } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.send(agentId, 'First')
    await agents.withOtherStores(async () => {
      await expect(client.delete(agentId)).rejects.toMatchObject({ code: 'wrong-stores' })
      expect(await stores.memory.messages.count(agentId)).toBeGreaterThan(0)
    })
    await expect.poll(async () => (await stores.memory.agents.beingDeleted()).length, patience).toBe(0)
    expect(await stores.memory.messages.count(agentId)).toBe(0)
  })

  test('does not take an agent for archived that it does not know [workflow:unfailing]', async () => {
    agents = await startAgents({ model: scriptedModel([say('One.')]) })
    const { client, agentId } = agents
    await agents.withOtherStores(async () => {
      await client.create({ id: agentId, model: 'scripted' })
      await client.post(agentId, 'First', { eventId: 'one' })
      await expect.poll(async () => (await client.state(agentId)).parked, patience).toMatchObject(parkedSo)
      await expect(client.command(agentId, { type: 'save', name: 'now' })).rejects.toMatchObject({ code: 'agent-parked' })
    })
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['One.'] })
    expect(await statusOf()).toBe('RUNNING')
  })
})

describe("a turn's end that can't be recorded", { timeout }, () => {
  test('is recorded when the store is back: nothing of the turn is done again [workflow:unfailing mailbox:durable]', async () => {
    let away = true
    let tries = 0
    const unlessAway = <Result>(work: () => Promise<Result>): Promise<Result> => {
      tries += 1
      return away ? Promise.reject(new PerdureError('server-unavailable', 'the store does not answer')) : work()
    }
    const stores = await storesWith(({ turns }) => ({
      turns: { ...turns, put: (...given) => unlessAway(() => turns.put(...given)), endWith: (...given) => unlessAway(() => turns.endWith(...given)) },
    }))
    const triedAgain = async (times: number): Promise<void> => {
      const before = tries
      await expect.poll(() => tries, patience).toBeGreaterThanOrEqual(before + times)
    }
    const model = scriptedModel([[call('core_memory_append', { label: 'human', content: 'Ada' }), say('One.')], say('Two.')])
    agents = await startAgents({ model, stores })
    const { client, agentId, temporal } = agents
    await client.create({ id: agentId, model: 'scripted' })
    const { length: before } = (await temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory()).events ?? []
    await client.post(agentId, 'First', { eventId: 'one' })
    await client.post(agentId, 'Second', { eventId: 'two' })
    await expect.poll(async () => (await client.state(agentId)).parked, patience).toMatchObject({ reason: 'store-away', detail: 'the store does not answer' })
    // A worker looks at an agent that has had something to do for long. As long as a look takes its task stands at the history's end, and then it is gone.
    const events = async (): Promise<number> =>
      ((await temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory()).events ?? []).findLastIndex((event) => !event.workflowTaskScheduledEventAttributes && !event.workflowTaskStartedEventAttributes) + 1
    await triedAgain(1)
    const parkedAt = await events()
    expect(parkedAt - before).toBeLessThan(50)
    await triedAgain(2)
    expect(await events()).toBe(parkedAt)
    away = false
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['One.'], figures: { steps: 1 } })
    expect(await client.outcome(agentId, 'two', { until: 'end' })).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['Two.'] })
    expect(model.requests).toHaveLength(2)
    expect((await client.blocks(agentId)).find(({ label }) => label === 'human')?.value).toBe('Ada')
  })
})

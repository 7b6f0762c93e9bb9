import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from '@temporalio/worker'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { runsOf } from '../replay/runs-of.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { untilContinuedAsNew } from '../support/continued-as-new.ts'
import { gate } from '../support/gate.ts'
import { historyText } from '../support/history-text.ts'

let agents: Agents
afterEach(() => agents.close())

const patience = { timeout: 30_000, interval: 50 }

async function withModel(model: ScriptedModel): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
}

const always = () => scriptedModel([], { afterwards: say('Noted.') })

/** What recall memory has of timers, in order. */
async function firings(): Promise<readonly StoredMessage[]> {
  return (await agents.client.messages(agents.agentId)).filter(({ kind }) => kind === 'timer')
}

describe('a timer', () => {
  test('wakes an idle agent once, with its name, its due time and its text [event:timers]', async () => {
    const model = always()
    await withModel(model)
    const { client, agentId } = agents
    const { status, timer } = await client.schedule(agentId, { id: 'plants', text: 'Water the plants.', afterMs: 5_000 })
    expect({ status, timers: await client.timers(agentId) }).toMatchObject({ status: 'scheduled', timers: [{ id: 'plants', text: 'Water the plants.' }] })
    await expect.poll(async () => (await client.state(agentId)).counters.turns, patience).toBe(1)
    const [fired, ...more] = await firings()
    expect(more).toEqual([])
    expect(fired).toMatchObject({
      role: 'system',
      eventId: `timer:plants:${timer.dueAt}`,
      text: `timer plants, due at ${timer.dueAt.replace(/\.\d+Z$/, 'Z')}: Water the plants.`,
    })
    expect(Date.parse(fired?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(timer.dueAt))
    expect(model.requests[0]?.messages.at(-1)?.content).toContain('Water the plants.')
    expect(await client.timers(agentId)).toEqual([])
  })

  test('repeats as often as was asked, at due times that do not drift, and its text is in no history [event:timers history:references]', async () => {
    await withModel(always())
    const { client, agentId, temporal } = agents
    const { timer } = await client.schedule(agentId, { id: 'beat', text: 'Think about the orchard.', afterMs: 200, everyMs: 1_000, times: 3 })
    expect(timer.left).toBe(3)
    await expect.poll(async () => (await client.timers(agentId)).length, patience).toBe(0)
    await expect.poll(async () => (await client.state(agentId)).status, patience).toBe('idle')
    const first = Date.parse(timer.dueAt)
    const due = (await firings()).map(({ eventId }) => Date.parse(eventId?.slice('timer:beat:'.length) ?? '') - first)
    // On a machine that is held up, a firing stands for those before it; its due time is one of the three all the same.
    expect([0, 1_000, 2_000]).toEqual(expect.arrayContaining(due))
    expect(due.at(-1)).toBe(2_000)
    const text = historyText(await runsOf(temporal, workflowIdOf(agentId)))
    expect(text).toContain('timer:beat:')
    expect(text).not.toContain('orchard')
  })

  test('waits its turn while the agent is busy, and keeps its place [event:timers mailbox:fifo]', async () => {
    const open = gate()
    const model = scriptedModel([
      async () => {
        await open.opened
        return say('Done.')
      },
    ], { afterwards: say('Noted.') })
    await withModel(model)
    const { client, agentId } = agents
    const first = client.send(agentId, 'Take your time.')
    await expect.poll(() => model.requests.length, patience).toBe(1)
    const { timer } = await client.schedule(agentId, { id: 'tea', text: 'The tea is ready.', afterMs: 50 })
    await expect.poll(() => Date.now() > Date.parse(timer.dueAt) + 200, patience).toBe(true)
    const { position } = await client.post(agentId, 'And then this.', { eventId: 'after' })
    expect(position).toBe(2)
    expect((await client.state(agentId)).mailbox.map(({ kind }) => kind)).toEqual(['timer', 'user-message'])
    open.open()
    expect((await first).replyTexts).toEqual(['Done.'])
    await client.outcome(agentId, 'after')
    const events = (await client.messages(agentId)).filter(({ eventId }) => eventId !== undefined)
    expect(events.map(({ kind, text }) => (kind === 'timer' ? 'tea' : text))).toEqual(['Take your time.', 'tea', 'And then this.'])
  })

  test('is carried when the agent continues as new, and fires in the new run without a message [event:timers pressure:continue-as-new]', async () => {
    await withModel(always())
    const { client, agentId, temporal } = agents
    await client.schedule(agentId, { id: 'later', text: 'Still there?', afterMs: 3_600_000 })
    await client.schedule(agentId, { id: 'far', text: 'in a year', at: new Date(Date.now() + 3e10) })
    await client.schedule(agentId, { id: 'far', text: 'in another year', at: new Date(Date.now() + 6e10), replace: true })
    await untilContinuedAsNew(client, agentId)
    expect((await client.timers(agentId)).map(({ id }) => id)).toEqual(['later', 'far'])
    await client.schedule(agentId, { id: 'later', text: 'Still there?', at: new Date(), replace: true })
    await expect.poll(async () => (await firings()).map(({ text }) => text), patience).toEqual([expect.stringContaining('Still there?')])
    expect((await runsOf(temporal, workflowIdOf(agentId))).length).toBeGreaterThan(1)
  })

  test('is one of a hundred: each that is due has its turn, in the order of due times, and the others stay [event:timers]', { timeout: 180_000 }, async () => {
    await withModel(always())
    const { client, agentId } = agents
    const ids = Array.from({ length: 100 }, (_, index) => `t-${String(index).padStart(3, '0')}`)
    // Enough for several turns each of which leaves others due behind it.
    const due = ids.slice(0, 20)
    /** Some at once, and the latest first. */
    const schedule = async (some: readonly string[], from: number): Promise<void> => {
      for (let end = some.length; end > 0; end -= 5) {
        await Promise.all(some.slice(end - 5, end).map((id) => client.schedule(agentId, { id, text: `This is ${id}.`, at: new Date(from + some.indexOf(id)) })))
      }
    }
    const begun = Date.now()
    await schedule(ids.slice(due.length), begun + 3_600_000)
    // All have to be there before the first is due, on a slow machine too: these have eight times what a quarter of the others took.
    await schedule(due, Date.now() + 2_000 + 2 * (Date.now() - begun))
    expect(await client.timers(agentId)).toHaveLength(100)
    await expect.poll(async () => (await client.state(agentId)).counters.turns, { timeout: 150_000, interval: 200 }).toBe(due.length)
    expect((await firings()).map(({ text }) => text.split(',')[0])).toEqual(due.map((id) => `timer ${id}`))
    expect(await client.timers(agentId)).toHaveLength(ids.length - due.length)
  })
})

describe('the same timer again', () => {
  test('is unchanged; with another text a conflict, or replaced; cancelled it never fires [event:timers]', async () => {
    await withModel(always())
    const { client, agentId } = agents
    const daily = { id: 'daily', text: 'Good morning.', afterMs: 3_600_000, everyMs: 86_400_000 }
    expect((await client.schedule(agentId, daily)).status).toBe('scheduled')
    expect((await client.schedule(agentId, daily)).status).toBe('unchanged')
    await expect(client.schedule(agentId, { ...daily, text: 'Good evening.' })).rejects.toMatchObject({ code: 'timer-conflict' })
    expect((await client.schedule(agentId, { ...daily, text: 'Good evening.', replace: true })).status).toBe('replaced')
    expect((await client.timers(agentId)).map(({ text }) => text)).toEqual(['Good evening.'])
    await client.schedule(agentId, { id: 'soon', text: 'Never said.', afterMs: 5_000 })
    expect([await client.unschedule(agentId, 'soon'), await client.unschedule(agentId, 'soon')]).toEqual([true, false])
    await client.schedule(agentId, { id: 'mark', text: 'Said.', afterMs: 5_300 })
    await expect.poll(async () => (await firings()).length, patience).toBe(1)
    expect((await firings())[0]?.text).toContain('Said.')
  })

  test('for a time that it had already fires no second time, and one that is past fires at once [event:timers mailbox:dedupe]', async () => {
    const model = always()
    await withModel(model)
    const { client, agentId } = agents
    const past = { id: 'past', text: 'That was yesterday.', at: new Date(Date.now() - 86_400_000) }
    await client.schedule(agentId, past)
    await expect.poll(async () => (await firings()).length, patience).toBe(1)
    await client.schedule(agentId, past)
    await client.send(agentId, 'Anything else?')
    expect(await firings()).toHaveLength(1)
    expect(model.requests).toHaveLength(2)
  })

  test('is refused before it reaches history [event:timers]', async () => {
    await withModel(always())
    const { client, agentId, temporal } = agents
    await expect(client.schedule(agentId, { id: 'Not Usable', text: 'x', afterMs: 1 })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.schedule(agentId, { id: 'x', text: 'x' })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.schedule(agentId, { id: 'x', text: 'x', at: 'tomorrow' })).rejects.toThrow('ISO 8601')
    const update = { args: [{ id: 'x', at: 1e300, bytes: 1, text: 'x' }] as [unknown] }
    await expect(temporal.workflow.getHandle(workflowIdOf(agentId)).executeUpdate<unknown, [unknown]>('schedule', update)).rejects.toThrow()
    expect(historyText(await runsOf(temporal, workflowIdOf(agentId)))).not.toMatch(/"name":"schedule"/)
  })
})

describe('a firing of a timer', () => {
  test('can not be taken away by a message under its id, whichever way that comes [event:timers mailbox:dedupe]', async () => {
    await withModel(always())
    const { client, agentId, temporal } = agents
    const { timer } = await client.schedule(agentId, { id: 'tea', text: 'The tea is ready.', afterMs: 4_000 })
    const taken = `timer:tea:${timer.dueAt}`
    for (const way of ['send', 'post', 'signal'] as const) {
      await expect(client[way](agentId, 'Never mind the tea.', { eventId: taken })).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('choose another') as string })
    }
    const handle = temporal.workflow.getHandle(workflowIdOf(agentId))
    const event = { id: taken, kind: 'user-message', bytes: 5, text: 'never' }
    await expect(handle.executeUpdate<unknown, [unknown]>('event', { args: [{ event, wait: 'accepted' }] })).rejects.toMatchObject({ cause: { type: 'invalid-argument' } })
    await handle.signal('eventSignal', event)
    await expect.poll(async () => (await firings()).map(({ text }) => text), patience).toEqual([expect.stringContaining('The tea is ready.')])
    // The message is in recall before its turn has ended.
    await expect.poll(async () => (await client.state(agentId)).counters, patience).toMatchObject({ turns: 1, refusedSignals: 1 })
  })

  test('that is set while the agent still reads its stores leaves a history that replays [event:timers history:replay]', async () => {
    await withModel(always())
    const { client, agentId, temporal } = agents
    const ids = Array.from({ length: 6 }, (_, index) => `${agentId}-${index}`)
    let scheduled: Promise<unknown> = Promise.resolve()
    await agents.withoutWorker(async () => {
      for (const id of ids) await client.create({ id, model: 'scripted' })
      scheduled = Promise.all(ids.map((id) => client.schedule(id, { id: 'plants', text: 'Water the plants.', afterMs: 600_000 })))
      // A first task that was asked for with an update in it, as none is stored before a worker takes it.
      await sleep(500)
    })
    await scheduled
    for (const id of ids) {
      const [run] = await runsOf(temporal, workflowIdOf(id))
      await Worker.runReplayHistory({ workflowBundle: { code: inject('workflowCode') } }, run, workflowIdOf(id))
    }
  })
})

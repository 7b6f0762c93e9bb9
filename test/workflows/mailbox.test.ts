import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import { afterEach, describe, expect, inject, test, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { runsOf } from '../replay/runs-of.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { untilContinuedAsNew } from '../support/continued-as-new.ts'
import { gate } from '../support/gate.ts'
import { takenOver } from '../support/taken-over.ts'

let agents: Agents
afterEach(() => agents.close())

async function withModel(model: ScriptedModel): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
}

/** Answers each message with its own text, so that answers can be told apart. */
const echo = () =>
  scriptedModel([], {
    afterwards: ({ messages }) => {
      const event = messages.findLast(({ role }) => role === 'user')
      return say(`to ${(JSON.parse(event?.content ?? '{}') as { message?: string }).message ?? ''}`)
    },
  })

const admitted = (answer: Promise<unknown>): Promise<boolean> => answer.then(
  () => true,
  () => false,
)

describe('the mailbox', () => {
  test('takes messages during a turn and handles them in order, one turn each [mailbox:fifo]', async () => {
    const open = gate()
    const model = scriptedModel([
      async () => {
        await open.opened
        return say('one')
      },
      say('two'),
      say('three'),
    ])
    await withModel(model)
    const first = agents.client.send(agents.agentId, 'first')
    await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(1)
    const second = await agents.client.post(agents.agentId, 'second')
    const third = await agents.client.post(agents.agentId, 'third')
    expect([second.position, third.position]).toEqual([1, 2])
    open.open()
    expect((await first).replyTexts).toEqual(['one'])
    expect((await agents.client.outcome(agents.agentId, second.eventId)).replyTexts).toEqual(['two'])
    const last = await agents.client.outcome(agents.agentId, third.eventId)
    expect(last.replyTexts).toEqual(['three'])
    const { latencyMs, waitedMs = 0 } = last.figures
    expect(waitedMs).toBeGreaterThan(0)
    expect(waitedMs).toBeLessThanOrEqual(latencyMs)
    const said = (await agents.client.messages(agents.agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)
    expect(said).toEqual(['first', 'second', 'third'])
  })

  test('answers eight senders at once, each with its own turn [mailbox:fifo]', async () => {
    await withModel(echo())
    const texts = Array.from({ length: 8 }, (_, index) => `message ${index}`)
    const results = await Promise.all(texts.map((text) => agents.client.send(agents.agentId, text)))
    expect(results.map(({ replyTexts }) => replyTexts)).toEqual(texts.map((text) => [`to ${text}`]))
    expect(new Set(results.map(({ turn }) => turn)).size).toBe(8)
  })

  test('holds up no message of a burst for a new run, which Temporal begins a second later where the run before it was short [mailbox:fifo pressure:continue-as-new]', async () => {
    await withModel(echo())
    const { client, temporal, agentId } = agents
    for (let index = 0; index < 3; index += 1) await untilContinuedAsNew(client, agentId)
    const [, ...later] = await runsOf(temporal, workflowIdOf(agentId))
    expect(later.length).toBeGreaterThanOrEqual(1)
    const heldUp = later.map(({ events }) => events?.[0]?.workflowExecutionStartedEventAttributes?.firstWorkflowTaskBackoff?.nanos ?? 0).filter((nanos) => nanos > 0)
    expect(heldUp).toEqual([])
  })

  test('takes a signal, with which an agent may even be started, and keeps its outcome [event:user-signal]', async () => {
    await withModel(echo())
    await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).terminate('so that the signal has to start it')
    const { eventId } = await agents.client.signal(agents.agentId, 'by signal')
    expect(await agents.client.outcome(agents.agentId, eventId)).toMatchObject({ end: 'completed', replyTexts: ['to by signal'] })
  })

  test('takes what came before a first task in its order, signals before the updates that the task brings [mailbox:fifo]', async () => {
    await withModel(echo())
    const { temporal, agentId, client } = agents
    const workflowId = workflowIdOf(agentId)
    const handle = temporal.workflow.getHandle(workflowId)
    await handle.terminate('so that a new run begins')
    const updated: Promise<unknown>[] = []
    await agents.withoutWorker(async () => {
      await client.signal(agentId, 'first', { eventId: 'first' })
      await client.signal(agentId, 'second', { eventId: 'second' })
      const event = { id: 'third', kind: 'user-message', bytes: 5, text: 'third' }
      updated.push(handle.executeUpdate('event', { args: [{ event, wait: 'turn' }], updateId: 'third' }))
      const { namespace } = temporal.options
      await vi.waitUntil(() => admitted(temporal.workflowService.pollWorkflowExecutionUpdate({ namespace, updateRef: { workflowExecution: { workflowId }, updateId: 'third' } })), { timeout: 20_000 })
    })
    await Promise.all(updated)
    const history = await handle.fetchHistory()
    const events = history.events ?? []
    const firstTask = events.slice(0, events.findIndex(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes != null))
    expect(firstTask.filter(({ workflowExecutionUpdateAcceptedEventAttributes }) => workflowExecutionUpdateAcceptedEventAttributes != null)).toHaveLength(1)
    expect((await client.messages(agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(['first', 'second', 'third'])
    await Worker.runReplayHistory({ workflowBundle: { code: inject('workflowCode') } }, history, workflowId)
  })

  test('has the order in which messages were sent where one was given again and a first task brings them in another one, also on a replay by a worker that took over [mailbox:fifo history:replay]', async () => {
    await withModel(echo())
    const { temporal, agentId, client, stores } = agents
    const workflowId = workflowIdOf(agentId)
    const handle = temporal.workflow.getHandle(workflowId)
    await handle.terminate('so that a new run begins').catch(() => undefined)
    let first: Promise<unknown> | undefined
    await agents.withoutWorker(async () => {
      // Somebody has sent it before, and did not hear of it.
      await stores.memory.events.deposit({ agentId, eventId: 'first', kind: 'user-message', text: 'first', sentAt: new Date().toISOString() }, agents.taskQueue)
      first = client.send(agentId, 'first', { eventId: 'first' })
      await vi.waitUntil(() => admitted(handle.describe()), { timeout: 20_000 })
      await client.signal(agentId, 'second', { eventId: 'second' })
    })
    await first
    await client.outcome(agentId, 'second')
    expect((await client.messages(agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(['first', 'second'])
    const history = await handle.fetchHistory()
    const workflowBundle = { code: inject('workflowCode') }
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId)
    await Worker.runReplayHistory({ workflowBundle }, takenOver(history), workflowId)
  })

  test('counts a malformed signal, and lives on [event:user-signal]', async () => {
    await withModel(echo())
    const handle = agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))
    await handle.signal('eventSignal', { nonsense: true })
    await handle.signal('eventSignal', { id: 'raw', kind: 'user-message', bytes: 4, text: 'bare' })
    expect(await agents.client.outcome(agents.agentId, 'raw')).toMatchObject({ replyTexts: ['to bare'] })
    expect((await agents.client.state(agents.agentId)).counters.refusedSignals).toBe(1)
  })
})

describe('a sender that waits no longer', () => {
  test('leaves the turn alone, and has its answer later under the same id [client:sdk mailbox:dedupe]', async () => {
    const open = gate()
    const model = scriptedModel([
      async () => {
        await open.opened
        return say('Sorry for the wait.')
      },
    ])
    await withModel(model)
    const stop = new AbortController()
    const refused = expect(agents.client.send(agents.agentId, 'quick!', { eventId: 'quick', signal: stop.signal })).rejects.toThrow('enough')
    await expect.poll(() => model.requests.length).toBe(1)
    stop.abort(new Error('enough'))
    await refused
    open.open()
    expect(await agents.client.send(agents.agentId, 'quick!', { eventId: 'quick' })).toMatchObject({ end: 'completed', replyTexts: ['Sorry for the wait.'] })
    expect(model.requests).toHaveLength(1)
  })
})

describe('a message sent again under its id', () => {
  test('is the same message: same turn, same answer [mailbox:dedupe]', async () => {
    const model = scriptedModel([say('once')])
    await withModel(model)
    const eventId = randomUUID()
    const first = await agents.client.send(agents.agentId, 'hello', { eventId })
    expect(await agents.client.send(agents.agentId, 'hello', { eventId })).toEqual({ ...first, repeated: true })
    expect(model.requests).toHaveLength(1)
  })

  test('is the same also where the workflow has forgotten it and started anew [mailbox:dedupe]', async () => {
    const model = scriptedModel([say('once')])
    await withModel(model)
    const eventId = randomUUID()
    const first = await agents.client.send(agents.agentId, 'hello', { eventId })
    await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).terminate('its memory goes with it')
    expect(await agents.client.send(agents.agentId, 'hello', { eventId })).toEqual({ ...first, repeated: true })
    expect(model.requests).toHaveLength(1)
  })

  test('at once, and accepted, stays pending when the other one is told that nobody has accepted it [mailbox:dedupe recover:from-stores]', async () => {
    const open = gate()
    await withModel(scriptedModel([], { afterwards: async () => open.opened.then(() => say('here I am')) }))
    const { temporal, stores, taskQueue, agentId, client } = agents
    const hasty = createClient({ temporal, taskQueue, stores, patienceMs: 500 })
    const pending = async () => (await stores.memory.events.pending(agentId, 10)).map(({ eventId }) => eventId)
    let patient: Promise<unknown> | undefined
    await agents.withoutWorker(async () => {
      const refused = hasty.post(agentId, 'hello', { eventId: 'twice' })
      await expect.poll(pending, { timeout: 20_000 }).toEqual(['twice'])
      patient = client.post(agentId, 'hello', { eventId: 'twice' })
      await expect(refused).rejects.toMatchObject({ code: 'no-worker' })
      expect(await pending()).toEqual([])
    })
    await patient
    expect(await pending()).toEqual(['twice'])
    open.open()
    expect(await client.outcome(agentId, 'twice')).toMatchObject({ end: 'completed' })
  }, 60_000)

  test('with another text is a conflict [mailbox:dedupe]', async () => {
    await withModel(echo())
    await agents.client.send(agents.agentId, 'hello', { eventId: 'fixed' })
    await expect(agents.client.send(agents.agentId, 'goodbye', { eventId: 'fixed' })).rejects.toMatchObject({ code: 'event-conflict' })
  })
})

describe('events', () => {
  test('of every kind wake the agent and are recorded with their time [event:kinds]', async () => {
    const model = echo()
    await withModel(model)
    for (const kind of ['system-message', 'login', 'upload', 'heartbeat', 'memory-pressure'] as const) {
      await agents.client.send(agents.agentId, `about ${kind}`, { kind })
      const event = JSON.parse(model.requests.at(-1)?.messages.at(-1)?.content ?? '{}') as { type: string; time: string }
      expect(event.type).toBe(kind.replaceAll('-', '_'))
      expect(event.time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/)
    }
  })

  test('that are empty or too large are refused before they reach history [event:user-update]', async () => {
    await withModel(echo())
    await expect(agents.client.send(agents.agentId, '  ')).rejects.toMatchObject({ code: 'message-empty' })
    await expect(agents.client.send(agents.agentId, 'x'.repeat(70_000))).rejects.toMatchObject({ code: 'message-too-large' })
    const update = agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).executeUpdate('event', { args: [{ event: { id: 'x', kind: 'user-message', bytes: 0 }, wait: 'turn' }] })
    await expect(update).rejects.toThrow()
    expect(await agents.client.messages(agents.agentId)).toEqual([])
  })
})

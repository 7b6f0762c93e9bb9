import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import { handlerNames, type EventAnswer } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, fail, hang, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'

let agents: Agents
afterEach(() => agents.close())

async function withModel(model: ScriptedModel, changes: object = {}): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted', ...changes })
}

/** The first answer comes when the gate is opened; then each message is answered with its own text. */
function gatedEcho(opened: Promise<void>): ScriptedModel {
  const first = async () => {
    await opened
    return say('at last')
  }
  return scriptedModel([first], {
    afterwards: ({ messages }) => {
      const event = messages.findLast(({ role }) => role === 'user')
      return say(`to ${(JSON.parse(event?.content ?? '{}') as { message?: string }).message ?? ''}`)
    },
  })
}

const waitingEvents = async (): Promise<readonly string[]> => (await agents.client.state(agents.agentId)).mailbox.map(({ eventId }) => eventId)

/** Of a poll, on a machine that has much else to do. */
const soon = { timeout: 20_000 }

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `m${index + 1}`)

describe('senders that wait for a turn', () => {
  test.each([15, 50])('are %i at once, and each has its own [updates:bounded mailbox:fifo]', async (count) => {
    const open = gate()
    await withModel(gatedEcho(open.opened))
    const texts = numbered(count)
    const sent = Promise.all(texts.map((text) => agents.client.send(agents.agentId, text, { eventId: text })))
    await expect.poll(async () => (await waitingEvents()).length, soon).toBe(count - 1)
    open.open()
    const answers = (await sent).map(({ replyTexts }) => replyTexts[0])
    expect(answers.filter((answer) => answer === 'at last')).toHaveLength(1)
    expect(answers.filter((answer, index) => answer === `to ${texts[index] ?? ''}`)).toHaveLength(count - 1)
  }, 60_000)

  test('for its end, ten of them, keep neither an approval nor a cancel out [updates:bounded turn:approval turn:cancel]', async () => {
    const model = scriptedModel([call('archival_memory_insert', { content: 'Ten wait.' }, { heartbeat: true }), hang()], { afterwards: say('Yes?') })
    await withModel(model, { approval: ['archival_memory_insert'] })
    const { client, agentId } = agents
    const sent = Promise.all(numbered(10).map((eventId) => client.send(agentId, eventId, { eventId, until: 'end' })))
    await expect.poll(async () => (await client.waiting(agentId)).length, soon).toBe(1)
    await expect.poll(async () => (await waitingEvents()).length, soon).toBe(9)
    const [waiting] = await client.waiting(agentId)
    expect(await client.approve(agentId, waiting?.op ?? '')).toEqual({ already: false })
    await expect.poll(() => model.requests.length, soon).toBe(2)
    expect(await client.cancel(agentId)).toBe(true)
    const ends = (await sent).map(({ end }) => end)
    expect(ends.filter((end) => end === 'cancelled')).toHaveLength(1)
    expect(ends.filter((end) => end === 'completed')).toHaveLength(9)
  }, 60_000)

  test('without a store are held three at a time; the others are told where to look, and find it there [updates:bounded event:user-update]', async () => {
    const open = gate()
    await withModel(gatedEcho(open.opened))
    const handle = agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))
    const ask = (eventId: string) => handle.executeUpdate<EventAnswer, [unknown]>(handlerNames.event, { args: [{ event: { id: eventId, kind: 'user-message', bytes: 2, text: eventId }, wait: 'turn' }] })
    const look = (eventId: string) => handle.query<EventAnswer | null, [string]>(handlerNames.eventAnswer, eventId)
    const held = Promise.all(numbered(3).map(ask))
    await expect.poll(async () => (await waitingEvents()).length, soon).toBe(2)
    expect(await ask('m4')).toMatchObject({ status: 'queued', position: 3, detail: expect.stringContaining(handlerNames.eventAnswer) as string })
    expect(await look('m4')).toMatchObject({ status: 'queued', position: 3 })
    open.open()
    expect((await held).map(({ status }) => status)).toEqual(['ended', 'ended', 'ended'])
    await expect.poll(() => look('m4'), soon).toMatchObject({ status: 'ended', outcome: { end: 'completed' } })
    expect(await look('m5')).toBeNull()
  })

  test('learn that the turn before theirs is parked [updates:bounded turn:park-resume]', async () => {
    const open = gate()
    const model = scriptedModel([
      async () => {
        await open.opened
        return fail(new ModelError('refused', 'the key is not valid', { status: 401 }))
      },
    ])
    await withModel(model)
    const first = agents.client.send(agents.agentId, 'first')
    await expect.poll(() => model.requests.length, soon).toBe(1)
    const second = agents.client.send(agents.agentId, 'second')
    await expect.poll(waitingEvents, soon).toHaveLength(1)
    open.open()
    expect(await first).toMatchObject({ end: 'parked', turn: 1, reason: 'model-refused' })
    expect(await second).toMatchObject({ end: 'parked', turn: 0, reason: 'model-refused' })
  })

  test('have their turn also where the workflow is ended by somebody meanwhile [updates:bounded mailbox:durable]', async () => {
    const model = scriptedModel([hang()], { afterwards: say('Here I am.') })
    await withModel(model)
    const { client, agentId, temporal } = agents
    await client.post(agentId, 'first')
    await expect.poll(() => model.requests.length, soon).toBe(1)
    const second = client.send(agentId, 'second')
    await expect.poll(waitingEvents, soon).toHaveLength(1)
    await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('somebody pressed the wrong button')
    expect(await second).toMatchObject({ end: 'completed', replyTexts: ['Here I am.'] })
  }, 30_000)

  test('are accepted also where somebody ends each workflow that is started for them, until a worker comes [updates:bounded mailbox:durable]', async () => {
    const model = scriptedModel([], { afterwards: say('Here I am.') })
    await withModel(model)
    const { client, agentId, temporal } = agents
    let sent: Promise<unknown> = Promise.resolve()
    await agents.withoutWorker(async () => {
      sent = client.send(agentId, 'first')
      sent.catch(() => undefined)
      // Temporal mends one end by itself, and tells of the next one in words of its own.
      const ended = new Set<string>()
      while (ended.size < 5) {
        const { runId, status } = await temporal.workflow.getHandle(workflowIdOf(agentId)).describe()
        // The update waits for its worker by then.
        await sleep(300)
        if (status.name !== 'RUNNING') continue
        await temporal.workflow.getHandle(workflowIdOf(agentId), runId).terminate('somebody pressed the wrong button')
        ended.add(runId)
      }
    })
    expect(await sent).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Here I am.'] })
  }, 60_000)

  test('learn that their agent is deleted [updates:bounded turn:named-end]', async () => {
    const open = gate()
    const model = gatedEcho(open.opened)
    await withModel(model)
    const { client, agentId } = agents
    await client.post(agentId, 'first')
    await expect.poll(() => model.requests.length, soon).toBe(1)
    const refused = expect(client.send(agentId, 'second')).rejects.toMatchObject({ code: 'agent-unknown' })
    await expect.poll(waitingEvents, soon).toHaveLength(1)
    const deleted = client.delete(agentId)
    await refused
    open.open()
    await deleted
  }, 30_000)
})

describe('commands that wait for the gap between two turns', () => {
  test('are twelve at once, keep no cancel out, and all have their answer [updates:bounded]', async () => {
    const model = scriptedModel([hang()], { afterwards: say('Yes?') })
    await withModel(model)
    const { client, agentId } = agents
    await client.post(agentId, 'Think hard')
    await expect.poll(() => model.requests.length, soon).toBe(1)
    const saved = Promise.all(numbered(12).map((name) => client.command(agentId, { type: 'save', name })))
    await expect.poll(async () => (await client.state(agentId)).commands.length, soon).toBe(12)
    expect(await client.cancel(agentId)).toBe(true)
    expect((await saved).map(({ status }) => status)).toEqual(numbered(12).map(() => 'done'))
  }, 60_000)
})

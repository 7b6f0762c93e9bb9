import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { statusAttribute } from '../../src/protocol/search-attributes.ts'
import { call, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { postedUntilContinuedAsNew } from '../support/continued-as-new.ts'

let agents: Agents
afterEach(() => agents.close())

let paid: string[] = []
const pay = defineTool({
  name: 'pay',
  description: 'pays a bill',
  schema: z.object({ bill: z.string(), euros: z.number().positive() }),
  policy: { placement: 'activity', idempotent: false, approval: true },
  run: async ({ bill, euros }) => {
    paid.push(`${bill} ${euros}`)
    return `paid ${euros} for ${bill}`
  },
})

async function withModel(model: ScriptedModel, more: Partial<AgentInput> = {}): Promise<void> {
  paid = []
  agents = await startAgents({ model, tools: [pay] })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message', 'core_memory_append', 'pay'], ...more })
}

const rent = () => call('pay', { bill: 'rent', euros: 500 }, { heartbeat: true })

/** The one call that waits. */
async function theCall() {
  const waiting = await agents.client.waiting(agents.agentId)
  expect(waiting).toHaveLength(1)
  const [found] = waiting
  if (found === undefined) throw new Error('no call waits')
  return found
}

/** Every call in recall has one result, right after it and in order. */
async function expectPairs(): Promise<void> {
  const messages = await agents.client.messages(agents.agentId)
  for (const [index, { role, calls = [] }] of messages.entries()) {
    if (role !== 'assistant') continue
    expect(messages.slice(index + 1, index + 1 + calls.length).map(({ callId }) => callId)).toEqual(calls.map(({ id }) => id))
  }
}

const results = async (): Promise<readonly string[]> =>
  (await agents.client.messages(agents.agentId)).filter(({ role, toolName }) => role === 'tool' && toolName !== 'send_message').map(({ text }) => text)

describe('a call that needs approval', () => {
  test('parks the turn, which names it, before anything of its step has run [turn:approval turn:named-end query:state]', async () => {
    const model = scriptedModel([[call('send_message', { message: 'Paying now.' }), rent()], say('Done.')])
    await withModel(model)
    const result = await agents.client.send(agents.agentId, 'Pay the rent', { eventId: 'e1' })
    expect(result).toMatchObject({ end: 'parked', reason: 'approval', turn: 1, replyTexts: [], waiting: [{ name: 'pay', for: 'approval' }] })
    const waiting = await theCall()
    expect(waiting).toMatchObject({ op: `${agents.agentId}/1/1/1`, name: 'pay', for: 'approval', arguments: { bill: 'rent', euros: 500 }, eventId: 'e1' })
    expect(Date.parse(waiting.until) - Date.parse(waiting.since)).toBe(7 * 86_400_000)
    expect(await agents.client.state(agents.agentId)).toMatchObject({ status: 'parked', waiting: [{ op: waiting.op }] })
    const description = await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).describe()
    expect(description.typedSearchAttributes.get(statusAttribute)).toBe('parked')
    expect(paid).toEqual([])
    expect(await agents.client.messages(agents.agentId)).toHaveLength(2)

    expect(await agents.client.approve(agents.agentId, waiting.op, { by: 'Ada' })).toEqual({ already: false })
    expect(await agents.client.outcome(agents.agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Paying now.', 'Done.'] })
    expect(paid).toEqual(['rent 500'])
    expect(model.requests).toHaveLength(2)
    expect(await agents.client.waiting(agents.agentId)).toEqual([])
    await expectPairs()
  })

  test('that is refused is not run, and the model reads by whom and why [turn:approval step:failed-tool-continues]', async () => {
    const model = scriptedModel([rent(), say('I will not pay it then.')])
    await withModel(model)
    const turn = agents.client.send(agents.agentId, 'Pay the rent', { until: 'end' })
    await expect.poll(() => agents.client.waiting(agents.agentId), { timeout: 20_000 }).toHaveLength(1)
    await agents.client.refuse(agents.agentId, (await theCall()).op, { reason: 'it is paid already', by: 'Ada' })
    expect(await turn).toMatchObject({ end: 'completed', replyTexts: ['I will not pay it then.'] })
    expect(paid).toEqual([])
    expect(await results()).toEqual(['refused by Ada: it is paid already. It was not run.'])
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('it is paid already')
    await expectPairs()
  })

  test('that is edited runs with the arguments of the person, of which the model is told [turn:approval]', async () => {
    const model = scriptedModel([rent(), say('Paid less.')])
    await withModel(model)
    await agents.client.send(agents.agentId, 'Pay the rent', { eventId: 'e1' })
    const { op } = await theCall()
    const { client, agentId } = agents
    await expect(client.approve(agentId, op, { arguments: { bill: 'rent', euros: -1 } })).rejects.toMatchObject({ code: 'tool-arguments' })
    expect(await theCall()).toMatchObject({ op })
    await client.approve(agentId, op, { arguments: { bill: 'rent', euros: 450 }, by: 'Ada' })
    expect(await agents.client.outcome(agents.agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed' })
    expect(paid).toEqual(['rent 450'])
    expect(await results()).toEqual(['Ada changed the arguments of this call to {"bill":"rent","euros":450} before it was run.\npaid 450 for rent'])
    expect((await agents.client.messages(agents.agentId))[1]?.calls?.[0]?.arguments).toContain('500')
  })

  test('that is edited by a name that the tool does not have goes on waiting; the model\'s own unknown names stay out of the person\'s way [turn:approval]', async () => {
    await withModel(scriptedModel([call('pay', { bill: 'rent', euros: 500, currency: 'EUR' }, { heartbeat: true }), say('Done.')]))
    await agents.client.send(agents.agentId, 'Pay the rent', { eventId: 'e1' })
    const { op, arguments: written } = await theCall()
    const { client, agentId } = agents
    const misspelt = { ...written, euro: 450 }
    await expect(client.approve(agentId, op, { arguments: misspelt })).rejects.toMatchObject({
      code: 'tool-arguments',
      message: expect.stringMatching(/pay do not fit:\n- euro: the tool has no such argument; did you mean euros\?\nExpected: /) as string,
    })
    await expect(client.approve(agentId, op, { arguments: { ...written, euros: 450, toString: 'x' } })).rejects.toMatchObject({ code: 'tool-arguments' })
    expect(await theCall()).toMatchObject({ op })
    expect(paid).toEqual([])
    await client.approve(agentId, op, { arguments: { ...written, euros: 450 } })
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed' })
    expect(paid).toEqual(['rent 450'])
  })

  test('takes the first answer; the same again changes nothing, another one is a conflict [turn:approval]', async () => {
    await withModel(scriptedModel([rent(), say('Done.')]))
    await agents.client.send(agents.agentId, 'Pay the rent', { eventId: 'e1' })
    const { op } = await theCall()
    const { client, agentId } = agents
    await expect(client.approve(agentId, `${agentId}/1/1/7`)).rejects.toMatchObject({ code: 'call-unknown' })
    await expect(client.answerCall(agentId, op, { text: 'paid it myself' })).rejects.toMatchObject({ code: 'call-unknown' })
    expect(await client.approve(agentId, op)).toEqual({ already: false })
    await client.outcome(agentId, 'e1', { until: 'end' })
    expect(await client.approve(agentId, op)).toEqual({ already: true })
    await expect(client.refuse(agentId, op)).rejects.toMatchObject({ code: 'call-answered' })
    expect(paid).toEqual(['rent 500'])
  })

  test('of several persons at once gets one answer [turn:approval step:at-most-once]', async () => {
    await withModel(scriptedModel([rent(), say('Done.')]))
    await agents.client.send(agents.agentId, 'Pay the rent', { eventId: 'e1' })
    const { op } = await theCall()
    const { client, agentId } = agents
    const answers = await Promise.allSettled([client.approve(agentId, op), client.refuse(agentId, op), client.approve(agentId, op), client.refuse(agentId, op)])
    expect(answers.filter((answer) => answer.status === 'fulfilled' && !answer.value.already)).toHaveLength(1)
    await client.outcome(agentId, 'e1', { until: 'end' })
    expect(await results()).toHaveLength(1)
    await expectPairs()
  })

  test('that nobody answers in time says so, and the turn goes on [turn:approval turn:named-end]', async () => {
    const model = scriptedModel([rent(), say('Nobody let me.')])
    await withModel(model, { answerWithinMs: 1_000 })
    expect(await agents.client.send(agents.agentId, 'Pay the rent', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Nobody let me.'] })
    expect(await results()).toEqual(['nobody approved this call within 1 second; it was not run'])
    await expect(agents.client.approve(agents.agentId, `${agents.agentId}/1/1/0`)).rejects.toMatchObject({ code: 'call-answered' })
    expect(paid).toEqual([])
  })

  test('can be one of the built-in tools, by the definition of the agent [turn:approval]', async () => {
    await withModel(scriptedModel([call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true }), say('Noted.')]), { approval: ['core_memory_append'] })
    const { client, agentId } = agents
    await client.send(agentId, 'I like tea', { eventId: 'e1' })
    const human = async () => (await client.blocks(agentId)).find(({ label }) => label === 'human')?.value
    expect(await human()).toBe('')
    await client.approve(agentId, (await theCall()).op)
    await client.outcome(agentId, 'e1', { until: 'end' })
    expect(await human()).toBe('Likes tea')
  })

  test('waits with others of its step: each has its own answer, and results stand in the order asked for [turn:approval step:parallel-calls step:pairing]', async () => {
    const bills = ['rent', 'water', 'light'].map((bill) => call('pay', { bill, euros: 5 }, { heartbeat: true }))
    await withModel(scriptedModel([bills, say('Done.')]))
    const { client, agentId } = agents
    await client.send(agentId, 'Pay all bills', { eventId: 'e1' })
    const [first, second, third] = await client.waiting(agentId)
    await client.approve(agentId, third?.op ?? '')
    await client.refuse(agentId, first?.op ?? '')
    expect((await client.waiting(agentId)).map(({ op }) => op)).toEqual([second?.op])
    expect(await client.state(agentId)).toMatchObject({ status: 'parked', parked: { calls: [{ op: second?.op }] } })
    expect(paid).toEqual([])
    await client.approve(agentId, second?.op ?? '')
    await client.outcome(agentId, 'e1', { until: 'end' })
    expect(await results()).toEqual(['refused by a person. It was not run.', 'paid 5 for water', 'paid 5 for light'])
    await expectPairs()
  })
})

describe('an agent that waits for approval', () => {
  test('is cancelled like any other, and each of the calls has its one result [turn:approval turn:cancel step:pairing]', async () => {
    const model = scriptedModel([[rent(), call('core_memory_append', { label: 'human', content: 'Pays rent' })], say('Yes?')])
    await withModel(model)
    const { client, agentId } = agents
    await client.send(agentId, 'Pay the rent', { eventId: 'e1' })
    const { op } = await theCall()
    expect(await client.cancel(agentId)).toBe(true)
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'cancelled' })
    expect(await results()).toEqual(Array(2).fill('cancelled by the user before it was run'))
    await expect(client.approve(agentId, op)).rejects.toMatchObject({ code: 'call-unknown' })
    expect(await client.send(agentId, 'Hello?')).toMatchObject({ end: 'completed', replyTexts: ['Yes?'] })
    expect(paid).toEqual([])
    await expectPairs()
  })

  test('is not let on by a resume, and refuses commands as every parked turn does [turn:approval turn:park-resume]', async () => {
    await withModel(scriptedModel([rent(), say('Done.')]))
    const { client, agentId } = agents
    await client.send(agentId, 'Pay the rent')
    expect(await client.resume(agentId)).toBe(false)
    await expect(client.command(agentId, { type: 'pop' })).rejects.toMatchObject({ code: 'agent-parked' })
    expect(await client.state(agentId)).toMatchObject({ status: 'parked', parked: { reason: 'approval' } })
  })

  test('takes messages by the hundred, continues as new with what waits, and handles all of them in order [turn:approval mailbox:fifo pressure:continue-as-new]', async () => {
    const model = scriptedModel([rent()], { afterwards: ({ messages }) => say(`Heard ${String(messages.at(-1)?.content).match(/number \d+/)?.[0] ?? 'it'}`) })
    await withModel(model, { contextWindow: 200_000 })
    const { client, agentId } = agents
    await client.send(agentId, 'Pay the rent', { eventId: 'e1' })
    const { op } = await theCall()
    const ids = await postedUntilContinuedAsNew(client, agentId, { least: 130, textOf: (index) => `number ${index}` })
    const { counters, mailbox } = await client.state(agentId)
    expect(counters.continuedAsNew).toBeGreaterThan(0)
    expect(mailbox.map(({ eventId }) => eventId)).toEqual(ids)
    expect(await theCall()).toMatchObject({ op, arguments: { bill: 'rent' } })
    await client.approve(agentId, op)
    expect(await client.outcome(agentId, 'm129', { until: 'end' })).toMatchObject({ end: 'completed' })
    const turns = await Promise.all(ids.map((id) => client.outcome(agentId, id)))
    expect(turns.map(({ turn }) => turn)).toEqual(ids.map((_, index) => index + 2))
    expect(paid).toEqual(['rent 500'])
    expect(model.requests).toHaveLength(132)
  })

  test('makes no history while it waits, and holds no arguments, reasons or names in it [turn:approval history:references]', async () => {
    await withModel(scriptedModel([rent(), say('Done.')]))
    const { client, agentId, temporal } = agents
    await client.send(agentId, 'Pay the rent', { eventId: 'e1' })
    const handle = temporal.workflow.getHandle(workflowIdOf(agentId))
    const events = async () => (await handle.fetchHistory()).events ?? []
    // Its record is stored shortly before the task that parks it ends.
    expect(await client.state(agentId)).toMatchObject({ status: 'parked' })
    const before = (await events()).length
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await events()).toHaveLength(before)
    const { op } = await theCall()
    await client.approve(agentId, op, { arguments: { bill: 'sorbet', euros: 3 }, by: 'Zarathustra' })
    await client.outcome(agentId, 'e1', { until: 'end' })
    const text = JSON.stringify(await events(), (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value))
    for (const word of ['sorbet', 'Zarathustra', 'rent']) expect(text).not.toContain(word)
  })
})

test('a definition that names an unknown tool for approval is refused [turn:approval]', async () => {
  agents = await startAgents({ model: scriptedModel([]) })
  const create = agents.client.create({ id: agents.agentId, approval: ['send_mesage'] })
  await expect(create).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('send_mesage') as string })
})

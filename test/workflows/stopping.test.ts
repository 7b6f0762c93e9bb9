import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ModelRequest } from '../../src/model/model.ts'
import { ModelError } from '../../src/model/model-error.ts'
import type { ScriptedOutcome } from '../../src/model/scripted-steps.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, fail, hang, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'
import { shownStatuses } from '../support/shown-statuses.ts'

let agents: Agents
afterEach(() => agents.close())

let toolStarted = false
const endless = defineTool({
  name: 'endless',
  description: 'waits for ever',
  schema: z.object({}),
  policy: { placement: 'activity', idempotent: true },
  run: (_, { signal }) => {
    toolStarted = true
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
    })
  },
})

async function withModel(model: ScriptedModel): Promise<void> {
  agents = await startAgents({ model, tools: [endless] })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message', 'core_memory_append', 'endless'] })
}

/** Every call in recall has one result, right after it and in order. */
async function expectPairs(): Promise<void> {
  const messages = await agents.client.messages(agents.agentId)
  for (const [index, { role, calls = [] }] of messages.entries()) {
    if (role !== 'assistant') continue
    expect(messages.slice(index + 1, index + 1 + calls.length).map(({ callId }) => callId)).toEqual(calls.map(({ id }) => id))
  }
}

describe('a cancel', () => {
  test('reaches the running inference and ends the turn [turn:cancel turn:named-end]', async () => {
    const model = scriptedModel([hang(), say('Back again.')])
    await withModel(model)
    const turn = agents.client.send(agents.agentId, 'Think hard')
    await expect.poll(() => model.requests.length).toBe(1)
    expect(await agents.client.cancel(agents.agentId)).toBe(true)
    expect(await turn).toMatchObject({ end: 'cancelled' })
    expect(await agents.client.send(agents.agentId, 'Hello?')).toMatchObject({ end: 'completed', replyTexts: ['Back again.'] })
    // No inference has had it: it is out of the context, and in recall.
    expect(model.requests[1]?.messages.map(({ content }) => content).join()).not.toContain('Think hard')
    expect((await agents.client.messages(agents.agentId))[0]).toMatchObject({ text: 'Think hard', popped: true })
  })

  test('reaches the running tool, keeps what was finished and gives every call its result [turn:cancel step:pairing]', async () => {
    toolStarted = false
    const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'Is patient' }, { heartbeat: true }), call('endless', {}, { heartbeat: true }), say('Yes?')])
    await withModel(model)
    const turn = agents.client.send(agents.agentId, 'Wait for ever')
    await expect.poll(() => toolStarted).toBe(true)
    await agents.client.cancel(agents.agentId)
    expect(await turn).toMatchObject({ end: 'cancelled', figures: { steps: 2 } })
    expect((await agents.client.blocks(agents.agentId)).find(({ label }) => label === 'human')?.value).toBe('Is patient')
    expect(await agents.client.send(agents.agentId, 'Are you there?')).toMatchObject({ replyTexts: ['Yes?'] })
    await expectPairs()
  })

  test('that comes while the context is summarised is followed in the next run of the workflow [turn:cancel pressure:continue-as-new]', async () => {
    const open = gate()
    let summarising = false
    const model = scriptedModel([say('One.'), say('Two.'), fail(new ModelError('context-overflow', 'too long')), say('Here.')], {
      withoutTools: async () => {
        summarising = true
        await open.opened
        return think('They said one and two.')
      },
    })
    await withModel(model)
    await agents.client.send(agents.agentId, 'one')
    await agents.client.send(agents.agentId, 'two')
    const turn = agents.client.send(agents.agentId, 'three')
    await expect.poll(() => summarising).toBe(true)
    expect(await agents.client.cancel(agents.agentId)).toBe(true)
    open.open()
    expect(await turn).toMatchObject({ end: 'cancelled' })
    expect((await agents.client.state(agents.agentId)).counters.continuedAsNew).toBe(1)
    expect(await agents.client.send(agents.agentId, 'four')).toMatchObject({ end: 'completed', replyTexts: ['Here.'] })
  })

  test('of an idle agent does nothing [turn:cancel]', async () => {
    await withModel(scriptedModel([say('Hi')]))
    expect(await agents.client.cancel(agents.agentId)).toBe(false)
    expect(await agents.client.send(agents.agentId, 'Hi')).toMatchObject({ end: 'completed' })
  })
})

describe('a model that refuses', () => {
  test('parks the agent with the reason, keeps its mailbox, and lets it go on when asked [turn:park-resume]', async () => {
    const model = scriptedModel([fail(new ModelError('refused', 'the key is not valid', { status: 401 })), say('Here I am.'), say('And again.')])
    await withModel(model)
    const eventId = randomUUID()
    expect(await agents.client.send(agents.agentId, 'Hello', { eventId })).toMatchObject({ end: 'parked', reason: 'model-refused', detail: 'the key is not valid' })
    const second = await agents.client.post(agents.agentId, 'Still there?')
    expect(second).toMatchObject({ position: 1, parked: { reason: 'model-refused' } })
    expect(await agents.client.state(agents.agentId)).toMatchObject({ status: 'parked', mailbox: [{ eventId: second.eventId }] })
    expect(model.requests).toHaveLength(1)

    expect(await agents.client.resume(agents.agentId)).toBe(true)
    expect(await agents.client.send(agents.agentId, 'Hello', { eventId })).toMatchObject({ end: 'completed', replyTexts: ['Here I am.'] })
    expect((await agents.client.outcome(agents.agentId, second.eventId)).replyTexts).toEqual(['And again.'])
  })

  test('can be cancelled out of, and the next message gets its turn [turn:park-resume turn:cancel]', async () => {
    const model = scriptedModel([fail(new ModelError('refused', 'the key is not valid', { status: 401 })), say('New turn.')])
    await withModel(model)
    await agents.client.send(agents.agentId, 'Hello')
    await agents.client.cancel(agents.agentId)
    expect(await agents.client.send(agents.agentId, 'Something else')).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['New turn.'] })
  })
})

describe('a message that a content filter refuses', () => {
  const textsIn = (request: ModelRequest): string => JSON.stringify(request.messages)
  const filtered = new ModelError('filtered', 'the prompt triggers the policy', { status: 400 })
  /** Refuses each prompt that has such a word. */
  const refusing = (word: string, answer: (request: ModelRequest) => ScriptedOutcome = () => say('Fine.')): ScriptedModel =>
    scriptedModel([], { afterwards: (request) => (textsIn(request).includes(word) ? fail(filtered) : answer(request)) })

  test('ends its turn by name, and leaves the context: the next message is answered, also by a workflow that begins anew [context:no-poison turn:named-end]', async () => {
    const model = refusing('zorkmid')
    await withModel(model)
    const { client, agentId } = agents
    await client.send(agentId, 'Good morning')
    expect(await client.send(agentId, 'Tell me of the zorkmid')).toMatchObject({ end: 'stopped', reason: 'content-filtered', detail: expect.stringMatching(/left the context.*other words.*triggers the policy/) as string })
    expect(await client.cancel(agentId)).toBe(false)
    expect(await client.send(agentId, 'What a fine day')).toMatchObject({ end: 'completed', replyTexts: ['Fine.'] })
    expect(textsIn(model.requests.at(-1) as ModelRequest)).toContain('Good morning')
    expect((await client.messages(agentId)).find(({ text }) => text.includes('zorkmid'))).toMatchObject({ role: 'user', popped: true })
    await agents.temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('as if its history was lost')
    expect(await client.send(agentId, 'And tomorrow?')).toMatchObject({ end: 'completed' })
    expect(textsIn(model.requests.at(-1) as ModelRequest)).toContain('Good morning')
  })

  test('for what one of its tools found leaves with its turn [context:no-poison]', async () => {
    const model = refusing('zorkmid', (request) => (textsIn(request).includes('look it up') ? call('core_memory_append', { label: 'nothing of that name', content: 'zorkmid' }, { heartbeat: true }) : say('Fine.')))
    await withModel(model)
    expect(await agents.client.send(agents.agentId, 'Please look it up')).toMatchObject({ end: 'stopped', reason: 'content-filtered', figures: { steps: 1 } })
    expect(await agents.client.send(agents.agentId, 'What a fine day')).toMatchObject({ end: 'completed' })
    await expectPairs()
  })

  test('for what the exchange before has brought takes that along, at the second refusal [context:no-poison]', async () => {
    const model = refusing('zorkmid', (request) => say(textsIn(request).includes('Surprise me') ? 'A zorkmid!' : 'Fine.'))
    await withModel(model)
    await agents.client.send(agents.agentId, 'Surprise me')
    const ends = [await agents.client.send(agents.agentId, 'one'), await agents.client.send(agents.agentId, 'two'), await agents.client.send(agents.agentId, 'three')]
    expect(ends.map(({ end }) => end)).toEqual(['stopped', 'stopped', 'completed'])
  })
})

describe('a model that fails for a while', () => {
  test('is asked again after as long as it said, and by nobody before [model:retry]', async () => {
    const times: number[] = []
    const model = scriptedModel([
      () => {
        times.push(Date.now())
        return fail(new ModelError('rate-limited', 'slow down', { status: 429, retryAfterMs: 2_500 }))
      },
      () => {
        times.push(Date.now())
        return say('Thank you for waiting.')
      },
    ])
    await withModel(model)
    expect(await agents.client.send(agents.agentId, 'Hello')).toMatchObject({ end: 'completed', replyTexts: ['Thank you for waiting.'] })
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(2_400)
  })

  test('is asked again after a server error, and the message is handled once [model:retry]', async () => {
    const model = scriptedModel([fail(new ModelError('server-error', 'oops', { status: 500 })), say('Better now.')])
    await withModel(model)
    expect(await agents.client.send(agents.agentId, 'Hello')).toMatchObject({ end: 'completed', figures: { steps: 1 } })
    expect((await agents.client.messages(agents.agentId)).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
  })

  test('parks the agent when it stays away, which then goes on by itself [turn:park-resume]', async () => {
    let away = true
    const model = scriptedModel([], { afterwards: () => (away ? fail(new ModelError('unreachable', 'connection refused')) : say('The line is back.')) })
    await withModel(model)
    const eventId = randomUUID()
    expect(await agents.client.send(agents.agentId, 'Hello', { eventId })).toMatchObject({ end: 'parked', reason: 'model-unreachable' })
    const { parked } = await agents.client.state(agents.agentId)
    expect(parked?.retryAt).toBeGreaterThan(parked?.since ?? Infinity)
    away = false
    await expect.poll(async () => (await agents.client.send(agents.agentId, 'Hello', { eventId })).replyTexts, { timeout: 40_000 }).toEqual(['The line is back.'])
    expect(await shownStatuses(agents.temporal, agents.agentId)).toEqual(['live', 'parked', 'live'])
  })
})

describe('a turn that is cancelled while it is parked', () => {
  test('has its event in recall, and every call its result [turn:cancel recall:never-deleted step:pairing]', async () => {
    await withModel(scriptedModel([fail(new ModelError('refused', 'no key')), say('Back again.')]))
    const { client, agentId } = agents
    const parked = await client.send(agentId, 'Are you there?')
    expect(parked.end).toBe('parked')
    expect(await client.cancel(agentId)).toBe(true)
    expect((await client.outcome(agentId, parked.eventId, { until: 'end' })).end).toBe('cancelled')
    expect((await client.send(agentId, 'And now?')).replyTexts).toEqual(['Back again.'])
    const said = (await client.messages(agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)
    expect(said).toEqual(['Are you there?', 'And now?'])
    await expectPairs()
  })
})

describe('a tool that is cancelled', () => {
  test('after it has begun is told to the model as that, though it may be repeated; one that has not begun as not run [turn:cancel step:at-most-once]', async () => {
    toolStarted = false
    const model = scriptedModel([[call('endless', {}), call('core_memory_append', { label: 'human', content: 'Ada' })], say('Yes?')])
    await withModel(model)
    const { client, agentId } = agents
    const turn = client.send(agentId, 'Wait for ever')
    await expect.poll(() => toolStarted, { timeout: 20_000 }).toBe(true)
    await client.cancel(agentId)
    expect(await turn).toMatchObject({ end: 'cancelled' })
    const results = (await client.messages(agentId)).filter(({ role }) => role === 'tool').map(({ text }) => text)
    expect(results).toEqual([expect.stringContaining('cancelled by the user while it ran: its effect may or may not have happened'), 'cancelled by the user before it was run'])
    expect((await client.blocks(agentId)).find(({ label }) => label === 'human')?.value).toBe('')
    await expectPairs()
  })
})

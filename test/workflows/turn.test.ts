import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { call, rawCall, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

/** Answers after as many milliseconds as it is told to, so that results would come out of order if order were by arrival. */
const slowEcho = defineTool({
  name: 'slow_echo',
  description: 'says it again, later',
  schema: z.object({ text: z.string(), after: z.number() }),
  policy: { placement: 'activity', idempotent: true },
  run: async ({ text, after }) => {
    await new Promise((resolve) => setTimeout(resolve, after))
    return `echo ${text}`
  },
})

const failing = defineTool({
  name: 'failing',
  description: 'never works',
  schema: z.object({}),
  policy: { placement: 'activity', idempotent: true, attempts: 1 },
  run: () => Promise.reject(new Error('the printer is on fire')),
})

async function withScript(...steps: Parameters<typeof scriptedModel>[0]): Promise<ScriptedModel> {
  const model = scriptedModel(steps)
  agents = await startAgents({ model, tools: [slowEcho, failing] })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message', 'core_memory_append', 'slow_echo', 'failing'] })
  return model
}

const lastMessage = (model: ScriptedModel, request: number): string => model.requests[request]?.messages.at(-1)?.content ?? ''

describe('a turn', () => {
  test('begins with a message and ends with the reply [event:user-update agent:one-workflow turn:named-end]', async () => {
    const model = await withScript(say('Hello Ada.'))
    const result = await agents.client.send(agents.agentId, 'Hi, I am Ada.')
    expect(result).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Hello Ada.'], figures: { steps: 1 } })
    model.assertDone()
  })

  test('goes on as long as calls ask for a heartbeat, and sees its own edits [step:heartbeat core:append-replace]', async () => {
    const model = await withScript(
      call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }),
      say('I will remember.'),
    )
    const result = await agents.client.send(agents.agentId, 'I am Ada.')
    expect(result).toMatchObject({ end: 'completed', replyTexts: ['I will remember.'], figures: { steps: 2 } })
    expect((await agents.client.blocks(agents.agentId)).find(({ label }) => label === 'human')?.value).toBe('Name: Ada')
    expect(model.requests[1]?.messages[0]?.content).toContain('Name: Ada')
  })

  test('keeps inner thoughts out of what the user gets, and with their step in recall [step:inner-thoughts step:tools-only]', async () => {
    await withScript(think('I wonder who this is.'), say('Hello.'))
    const result = await agents.client.send(agents.agentId, 'Hi')
    expect(result.replyTexts).toEqual(['Hello.'])
    const thoughts = (await agents.client.messages(agents.agentId)).filter(({ role }) => role === 'assistant').map(({ text }) => text)
    expect(thoughts[0]).toBe('I wonder who this is.')
  })

  test('runs several calls of one step and records their results in the order asked for [step:parallel-calls step:pairing tools:custom]', async () => {
    const model = await withScript(
      [
        call('slow_echo', { text: 'first', after: 300 }, { heartbeat: true }),
        call('core_memory_append', { label: 'human', content: 'Likes echoes' }),
        call('slow_echo', { text: 'third', after: 0 }),
      ],
      say('Done.'),
    )
    await agents.client.send(agents.agentId, 'Echo, please')
    const results = model.requests[1]?.messages.filter(({ role }) => role === 'tool').map(({ content }) => content) ?? []
    expect(results).toHaveLength(3)
    expect(results[0]).toContain('echo first')
    expect(results[2]).toContain('echo third')
  })

  test('goes on after a tool that failed, with the error as its result [step:failed-tool-continues]', async () => {
    const model = await withScript(call('failing'), say('The printer is on fire.'))
    const result = await agents.client.send(agents.agentId, 'Print this')
    expect(result).toMatchObject({ end: 'completed', figures: { steps: 2 } })
    expect(lastMessage(model, 1)).toContain('the printer is on fire')
  })
})

describe('a malformed call', () => {
  test.each([
    ['to an unknown tool', call('send_mesage', { message: 'hi' }), /send_message/],
    ['without JSON', rawCall('send_message', '{"message": "hi'), /JSON/],
    ['against the schema', call('send_message', { text: 'hi' }), /message/],
  ])('%s gets its error as result, and another step [step:malformed-call]', async (_, malformed, error) => {
    const model = await withScript(malformed, say('Now right.'))
    const result = await agents.client.send(agents.agentId, 'Hi')
    expect(result).toMatchObject({ end: 'completed', replyTexts: ['Now right.'] })
    expect(lastMessage(model, 1)).toMatch(error)
  })

  test('that is made again and again ends the turn and says why [step:malformed-call turn:named-end]', async () => {
    await withScript(call('nonsense', { n: 1 }), call('nonsense', { n: 2 }), call('nonsense', { n: 3 }), say('Still here.'))
    const result = await agents.client.send(agents.agentId, 'Hi')
    expect(result).toMatchObject({ end: 'stopped', reason: 'malformed-calls' })
    expect(await agents.client.send(agents.agentId, 'And now?')).toMatchObject({ end: 'completed', replyTexts: ['Still here.'] })
  })
})

describe('a turn that would not end', () => {
  test('is stopped at its budget of steps [turn:named-end]', async () => {
    const model = scriptedModel([], { afterwards: (request) => call('core_memory_append', { label: 'human', content: `note ${request.messages.length}` }, { heartbeat: true }) })
    agents = await startAgents({ model })
    await agents.client.create({ id: agents.agentId, model: 'scripted', budget: { steps: 4 } })
    expect(await agents.client.send(agents.agentId, 'Go')).toMatchObject({ end: 'stopped', reason: 'step-budget', figures: { steps: 4 } })
  })

  test('is stopped when it repeats the same call with the same result [turn:named-end]', async () => {
    const model = scriptedModel([], { afterwards: call('conversation_search', { query: 'harbour' }, { heartbeat: true }) })
    agents = await startAgents({ model })
    await agents.client.create({ id: agents.agentId, model: 'scripted' })
    expect(await agents.client.send(agents.agentId, 'Go')).toMatchObject({ end: 'stopped', reason: 'repeated-call' })
  })
})

import { afterEach, describe, expect, test } from 'vitest'
import OpenAI from 'openai'
import type { Served } from '../../src/server/serve.ts'
import { call, say, scriptedModel, think, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { served } from '../support/served.ts'

let agents: Agents
let server: Served | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
  await agents.close()
})

async function begin(steps: readonly ScriptedStep[], approval: readonly string[] = []): Promise<{ readonly openai: OpenAI; readonly model: string }> {
  agents = await startAgents({ model: scriptedModel(steps) })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message'], approval: [...approval] })
  server = await served(agents.client, { onError: (error) => console.error(error) })
  return { openai: new OpenAI({ baseURL: `${server.url}/openai/v1`, apiKey: 'none', maxRetries: 0 }), model: agents.agentId }
}

type Messages = OpenAI.ChatCompletionMessageParam[]
const hello: Messages = [
  { role: 'system', content: 'You are helpful.' },
  { role: 'user', content: 'Who are you?' },
  { role: 'assistant', content: 'Nobody.' },
  { role: 'user', content: 'Hi,' },
  { role: 'user', content: [{ type: 'text', text: 'I am Ada.' }] },
]
const saidTo = async (): Promise<readonly string[]> => (await agents.client.messages(agents.agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)

describe('the official openai package', () => {
  test('finds agents as models, and gets the answer to what the user has said last, as one event [openai:compatible]', async () => {
    const { openai, model } = await begin([say('Hello Ada.')])
    expect(await openai.models.retrieve(model)).toMatchObject({ id: model, object: 'model' })
    const listed: string[] = []
    for await (const { id } of openai.models.list()) listed.push(id)
    expect(listed).toContain(model)
    const answer = await openai.chat.completions.create({ model, messages: hello })
    expect(answer).toMatchObject({ object: 'chat.completion', model, choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Hello Ada.' } }] })
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(0)
    expect(await saidTo()).toEqual(['Hi,\n\nI am Ada.'])
  })

  test('gets it as a stream, which says the same, with usage at its end [openai:compatible live:text]', async () => {
    const reply = 'Hello Ada, this is a reply of some length.'
    const { openai, model } = await begin([say(reply)])
    let content = ''
    const reasons: (string | null)[] = []
    let usage: OpenAI.CompletionUsage | null | undefined
    for await (const chunk of await openai.chat.completions.create({ model, messages: hello, stream: true, stream_options: { include_usage: true } })) {
      content += chunk.choices[0]?.delta.content ?? ''
      if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason)
      usage = chunk.usage ?? usage
    }
    expect([content, reasons]).toEqual([reply, ['stop']])
    expect(usage?.total_tokens).toBeGreaterThan(0)
  })

  test('asks aside by the model\'s name, and for tasks of a front end: what is asked leaves no trace [openai:asides openai:compatible]', async () => {
    const { openai, model } = await begin([say('Hello Ada.'), think('{"title":"Greetings"}'), think('Half an ans'), think('Aside, aside.')])
    await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] })
    const before = await agents.client.messages(model)
    const task = '### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.'
    const titled = await openai.chat.completions.create({ model, messages: [{ role: 'user', content: task }], max_completion_tokens: 50 })
    expect(titled).toMatchObject({ model, choices: [{ finish_reason: 'stop', message: { content: '{"title":"Greetings"}' } }] })
    expect(titled.usage?.total_tokens).toBeGreaterThan(0)
    let streamed = ''
    for await (const chunk of await openai.chat.completions.create({ model: `${model}:aside`, messages: hello, stream: true })) streamed += chunk.choices[0]?.delta.content ?? ''
    expect(streamed).toBe('Half an ans')
    expect((await openai.responses.create({ model: `${model}:aside`, instructions: 'Be short.', input: 'And now?' })).output_text).toBe('Aside, aside.')
    expect(await openai.models.retrieve(`${model}:aside`)).toMatchObject({ id: `${model}:aside` })
    expect(await agents.client.messages(model)).toEqual(before)
    await expect(openai.chat.completions.create({ model: 'nobody:aside', messages: hello })).rejects.toMatchObject({ status: 404 })
  })

  test.each([['agent', 'Hello Ada.', 1], ['refuse', /400 .*PERDURE_OPENAI_TASKS/, 0]] as const)('has tasks of a front end taken as the server is told: %s [openai:asides]', async (frontEndTasks, answer, turns) => {
    const { model } = await begin([say('Hello Ada.')])
    const told = await served(agents.client, { frontEndTasks })
    try {
      const openai = new OpenAI({ baseURL: `${told.url}/openai/v1`, apiKey: 'none', maxRetries: 0 })
      const asking = openai.chat.completions.create({ model, messages: [{ role: 'user', content: '### Task:\nSuggest 3-5 relevant follow-up questions' }] })
      if (typeof answer === 'string') expect((await asking).choices[0]?.message.content).toBe(answer)
      else await expect(asking).rejects.toThrow(answer)
      expect(await saidTo()).toHaveLength(turns)
    } finally {
      await told.close()
    }
  })

  test('that tries again gets the same turn, streamed or not, and a new message is another one [openai:compatible mailbox:dedupe]', async () => {
    const { openai, model } = await begin([say('Once.'), say('Twice.'), say('By key.')])
    const contentOf = async (messages: Messages, options = {}): Promise<unknown> => (await openai.chat.completions.create({ model, messages }, options)).choices[0]?.message.content
    expect(await Promise.all([contentOf(hello), contentOf(hello)])).toEqual(['Once.', 'Once.'])
    let streamed = ''
    for await (const chunk of await openai.chat.completions.create({ model, messages: hello, stream: true })) streamed += chunk.choices[0]?.delta.content ?? ''
    expect(streamed).toBe('Once.')
    const next: Messages = [...hello, { role: 'assistant', content: 'Once.' }, { role: 'user', content: 'And?' }]
    expect(await contentOf(next)).toBe('Twice.')
    const keyed = { headers: { 'idempotency-key': 'third' } }
    expect([await contentOf(next, keyed), await contentOf(next, keyed)]).toEqual(['By key.', 'By key.'])
    expect(await saidTo()).toEqual(['Hi,\n\nI am Ada.', 'And?', 'And?'])
  })

  test('brings tools that the agent calls, and goes on with the same turn by their results [openai:compatible]', async () => {
    const { openai, model } = await begin([call('get_weather', { city: 'Porto' }, { heartbeat: true }), call('get_weather', { city: 'Faro' }, { heartbeat: true }), say('It is sunny.'), say('You are welcome.')])
    const tools: OpenAI.ChatCompletionTool[] = [{ type: 'function', function: { name: 'getWeather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } }]
    const messages: Messages = [{ role: 'user', content: 'The weather in Porto?' }]
    const first = (await openai.chat.completions.create({ model, messages, tools })).choices[0]
    expect(first).toMatchObject({ finish_reason: 'tool_calls', message: { content: null, tool_calls: [{ type: 'function', function: { name: 'getWeather', arguments: '{"city":"Porto"}' } }] } })
    const resultOf = (choice: typeof first): Messages => (choice === undefined ? [] : [choice.message, { role: 'tool', tool_call_id: choice.message.tool_calls?.[0]?.id ?? '', content: 'sunny' }])
    // Another chat is told that the agent stands still, and is given no call that is not its own.
    const other = (await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Thank you.' }], tools })).choices[0]
    expect(other).toMatchObject({ finish_reason: 'stop', message: { content: expect.stringMatching(/^\[The agent stands still in an earlier turn/) as string } })
    // The tools need not be brought again.
    const second = (await openai.chat.completions.create({ model, messages: [...messages, ...resultOf(first)] })).choices[0]
    expect(second).toMatchObject({ finish_reason: 'tool_calls', message: { tool_calls: [{ function: { name: 'getWeather', arguments: '{"city":"Faro"}' } }] } })
    const results = [...messages, ...resultOf(first), ...resultOf(second)]
    for (const again of [1, 2]) {
      const answer = (await openai.chat.completions.create({ model, messages: results, tools })).choices[0]
      expect([again, answer]).toMatchObject([again, { finish_reason: 'stop', message: { content: 'It is sunny.' } }])
    }
    // Asked again it is the same message, which has had its turn.
    const thanked = (await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Thank you.' }], tools })).choices[0]
    expect(thanked?.message.content).toBe('You are welcome.')
    expect(await agents.client.state(model)).toMatchObject({ status: 'idle', counters: { turns: 2 } })
  })

  test('gets responses, streamed and not, goes on after an earlier one, and runs its own tools [openai:compatible]', async () => {
    const { openai, model } = await begin([say('Hello Ada.'), say('Hello again.'), call('weather', { city: 'Porto' }, { heartbeat: true }), say('It is sunny.')])
    const first = await openai.responses.create({ model, input: 'Hello' })
    expect(first).toMatchObject({ object: 'response', status: 'completed', output_text: 'Hello Ada.' })
    expect((await openai.responses.create({ model, input: 'Hello' })).id).toBe(first.id)
    let text = ''
    const types: string[] = []
    for await (const event of await openai.responses.create({ model, input: [{ role: 'user', content: 'Hello' }], previous_response_id: first.id, stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta
      else types.push(event.type)
    }
    expect(text).toBe('Hello again.')
    expect(types).toEqual(['created', 'in_progress', 'output_item.added', 'content_part.added', 'output_text.done', 'content_part.done', 'output_item.done', 'completed'].map((type) => `response.${type}`))
    const tools: OpenAI.Responses.Tool[] = [{ type: 'function', name: 'weather', description: 'The weather of a city.', parameters: { type: 'object', properties: { city: { type: 'string' } } }, strict: false }]
    const asked = await openai.responses.create({ model, input: 'The weather?', tools })
    const [made] = asked.output.filter((item) => item.type === 'function_call')
    expect(made).toMatchObject({ name: 'weather', arguments: '{"city":"Porto"}' })
    const done = await openai.responses.create({ model, input: [{ type: 'function_call_output', call_id: made?.call_id ?? '', output: 'sunny' }], previous_response_id: asked.id, tools })
    expect(done.output_text).toBe('It is sunny.')
    expect(done.usage?.total_tokens).toBeGreaterThan(0)
    await expect(openai.responses.create({ model, input: 'x', previous_response_id: `resp_${Buffer.from('["other","e",0]').toString('base64url')}` })).rejects.toMatchObject({ status: 400 })
  })

  test('is told that the agent waits for a person, and does not hang [openai:compatible turn:approval]', async () => {
    const { openai, model } = await begin([say('Hello.')], ['send_message'])
    const answer = await openai.chat.completions.create({ model, messages: hello })
    expect(answer.choices[0]?.message.content).toMatch(/^\[The agent stands still \(approval\)/)
  })

  test('gets errors that it knows, and none of these leaves a trace [openai:compatible]', async () => {
    const { openai, model } = await begin([])
    const ask = (body: object): Promise<unknown> => openai.chat.completions.create({ model, messages: hello, ...body } as OpenAI.ChatCompletionCreateParamsNonStreaming)
    await expect(ask({ model: 'nobody' })).rejects.toMatchObject({ status: 404, code: 'agent-unknown', type: 'invalid_request_error' })
    await expect(ask({ messages: [] })).rejects.toMatchObject({ status: 400, code: 'invalid-argument' })
    await expect(ask({ messages: [{ role: 'assistant', content: 'Hi' }] })).rejects.toMatchObject({ status: 400, code: 'invalid-argument' })
    await expect(ask({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] })).rejects.toMatchObject({ status: 400 })
    await expect(ask({ messages: [{ role: 'tool', tool_call_id: 'call_x', content: '' }] })).rejects.toMatchObject({ status: 400 })
    await expect(openai.models.retrieve('nobody')).rejects.toMatchObject({ status: 404 })
    expect(await saidTo()).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import { clientToolInput } from '../../src/definition/define-waiting.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { broughtTools, givenName } from '../../src/server/openai/brought-tools.ts'
import { callIdOf, placeOfCall } from '../../src/server/openai/call-id.ts'
import { newsOf, textOf } from '../../src/server/openai/chat-request.ts'
import { isFrontEndTask } from '../../src/server/openai/front-end-task.ts'
import { messagesOf, responsesBody } from '../../src/server/openai/responses-request.ts'
import { httpOf } from '../support/http.ts'

/** No request of these may reach an agent. */
const client = new Proxy({}, { get: (_, name) => () => Promise.reject(new Error(`${String(name)} was called`)) }) as PerdureClient
const http = httpOf(client)
const json = { 'content-type': 'application/json' }
const user = { role: 'user', content: 'Hi' }

describe('of OpenAI\'s protocol', () => {
  test.each([
    ['no body', '/chat/completions', undefined, json, [400, 'invalid-argument']],
    ['no messages', '/chat/completions', { model: 'ada', messages: [] }, json, [400, 'invalid-argument']],
    ['a role that is none', '/chat/completions', { model: 'ada', messages: [{ role: 'king', content: 'Hi' }] }, json, [400, 'invalid-argument']],
    ['two answers at once', '/chat/completions', { model: 'ada', messages: [user], n: 2 }, json, [400, 'invalid-argument']],
    ['nothing after the last answer', '/chat/completions', { model: 'ada', messages: [user, { role: 'assistant', content: 'Hello' }] }, json, [400, 'invalid-argument']],
    ['an image', '/chat/completions', { model: 'ada', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, json, [400, 'invalid-argument']],
    ['a result of a call that is none', '/chat/completions', { model: 'ada', messages: [{ role: 'tool', tool_call_id: 'call_1', content: '' }] }, json, [400, 'invalid-argument']],
    ['an answer as JSON', '/chat/completions', { model: 'ada', messages: [user], response_format: { type: 'json_object' } }, json, [400, 'invalid-argument']],
    ['a tool that has to be called', '/chat/completions', { model: 'ada', messages: [user], tool_choice: 'required' }, json, [400, 'invalid-argument']],
    ['a certain tool that has to be called', '/responses', { model: 'ada', input: 'Hi', tool_choice: { type: 'function', name: 'weather' } }, json, [400, 'invalid-argument']],
    ['a response as JSON', '/responses', { model: 'ada', input: 'Hi', text: { format: { type: 'json_schema', name: 'x', schema: {} } } }, json, [400, 'invalid-argument']],
    ['a body of another type', '/responses', { model: 'ada', input: 'Hi' }, { 'content-type': 'text/plain' }, [415, 'media-type']],
    ['a tool that is no function', '/responses', { model: 'ada', input: 'Hi', tools: [{ type: 'web_search' }] }, json, [400, 'invalid-argument']],
    ['an answer in the background', '/responses', { model: 'ada', input: 'Hi', background: true }, json, [400, 'invalid-argument']],
    ['a response that follows an aside', '/responses', { model: 'ada:aside', input: 'Hi', previous_response_id: 'resp_x' }, json, [400, 'invalid-argument']],
    ['another path', '/embeddings', { model: 'ada', input: 'Hi' }, json, [404, 'not-found']],
  ] as const)('%s is an error in its form, and reaches no agent [openai:compatible]', async (_, path, body, headers, [status, code]) => {
    const response = await http.fetch(`/openai/v1${path}`, { method: 'POST', headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code, type: 'invalid_request_error', param: null, message: expect.any(String) as string } })
  })

  test('what may have several forms is told what is wrong with the one that it comes closest to [openai:compatible]', async () => {
    for (const [path, body, message] of [
      ['/responses', { model: 'ada', input: [{ role: 'user', content: 'Hi' }, { type: 'custom_tool_call_output', call_id: 'x', output: 'y' }] }, /input\.1\.type: .*function_call_output/],
      ['/responses', { model: 'ada', input: [{ role: 'king', content: 'Hi' }] }, /input\.0\.role: .*user/],
      ['/chat/completions', { model: 'ada', messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }, /messages\.0\.content\.0\.type: .*string/],
    ] as const) {
      const response = await http.fetch(`/openai/v1${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) })
      expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(message) as string } })
    }
  })

  test('what the user has said after the last answer is one event, and the rest is not read [openai:compatible]', () => {
    const history = [{ role: 'system', content: 'Be kind.' }, user, { role: 'assistant', content: 'Hello' }]
    expect(newsOf([...history, { role: 'system', content: 'x' }, { role: 'user', content: 'One.' }, { role: 'user', content: [{ type: 'text', text: 'Two' }, { type: 'text', text: '.' }] }])).toEqual({ texts: [{ text: 'One.', end: 5 }, { text: 'Two.', end: 6 }], results: [] })
    const call = { op: 'ada/1/2/0', eventId: 'e', names: {} }
    const id = callIdOf(call)
    expect(newsOf([user, { role: 'assistant' }, { role: 'tool', tool_call_id: id, content: 'sunny' }])).toEqual({ texts: [], results: [{ ...call, text: 'sunny' }] })
    expect(id).toMatch(/^call_[\w-]+$/)
    for (const other of ['call_', 'call_e30', 'toolu_1', ...['[1,2]', '["a","e",[]]', '["a","e",{"b":1}]'].map((text) => `call_${Buffer.from(text).toString('base64url')}`)]) expect(placeOfCall(other)).toBeUndefined()
  })

  test('a tool has a name and a description that an agent can have, and its own name again in the answer [openai:compatible]', () => {
    const given = [{ name: 'getWeather' }, { name: 'get-weather', description: '' }, { name: 'get_time', description: 'The time.', parameters: { type: 'object' } }, { name: '天气' }, { name: '3d.Print' }, { name: 'A'.repeat(80) }, { name: 'constructor' }]
    const { tools, names } = broughtTools(given, 'auto')
    expect(tools.map(({ name, description }) => [name, description])).toEqual([
      ['get_weather', 'getWeather'],
      [expect.stringMatching(/^get_weather_[0-9a-f]{8}$/), 'get-weather'],
      ['get_time', 'The time.'],
      ['tool', '天气'],
      ['tool_3d_print', '3d.Print'],
      ['a'.repeat(64), 'A'.repeat(80)],
      ['constructor', 'constructor'],
    ])
    expect(tools.map(({ name }) => givenName(names, name))).toEqual(given.map(({ name }) => name))
    for (const tool of tools) expect(clientToolInput.parse(tool)).toEqual(tool)
    expect(broughtTools(given, 'none')).toEqual({ tools: [], names: {} })
    const call = { op: 'ada/1/2/0', eventId: 'e', names }
    expect(placeOfCall(callIdOf(call))).toEqual(call)
  })

  test('an address that was typed with a slash at its end is the same [openai:compatible]', async () => {
    const asked = httpOf({ list: () => Promise.resolve({ agents: [] }) } as unknown as PerdureClient)
    for (const path of ['/openai/v1/models', '/openai/v1/models/', '/openai/v1//models', '/openai/v1//models/?limit=5']) expect((await asked.fetch(path)).status, path).toBe(200)
    for (const path of ['/openai/v1', '/openai/v1/', '/openai/v1//x']) expect(await (await asked.fetch(path)).json(), path).toMatchObject({ error: { code: 'not-found' } })
    for (const path of ['/api/v1//agents', '/api/v1/agents/', '//openai/v1/models']) expect(await (await asked.fetch(path)).json(), path).toMatchObject({ code: 'not-found' })
  })

  test('what another model has done before in a conversation is not read, in whatever form, and as news it is refused [openai:compatible]', async () => {
    const said = (input: readonly unknown[]) => messagesOf(responsesBody.parse({ model: 'ada', input }))
    const before = [{ role: 'user', content: 'Hi' }, { type: 'web_search_call', id: 'ws_1' }, { type: 'tool_search_output', output: [] }, { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }]
    const chat = said([...before, { role: 'user', content: 'Now?' }])
    expect(newsOf(chat)).toEqual({ texts: [{ text: 'Now?', end: 5 }], results: [] })
    expect(textOf(chat[3] ?? { role: '' })).toBe('No.')
    expect(() => said([...before, { type: 'mcp_approval_response' }, { role: 'user', content: 'Now?' }])).toThrow('input.4.type')
    const response = await http.fetch('/openai/v1/responses', { method: 'POST', headers: json, body: JSON.stringify({ model: 'ada', input: [...before, { type: 'mcp_approval_response' }] }) })
    expect(response.status).toBe(400)
  })

  test('a message whose answer was not kept is left out of the next response, also where instructions come with it [openai:compatible]', async () => {
    const posted: { readonly text: string; readonly eventId: string }[] = []
    const asked = httpOf({
      get: () => Promise.resolve({ definition: { id: 'ada' } }),
      searchRecall: () => Promise.resolve({ messages: posted.map(({ eventId }) => ({ eventId })) }),
      state: () => Promise.resolve({ mailbox: [] }),
      watch: () => (async function* () {})(),
      post: (_: string, text: string, { eventId }: { readonly eventId: string }) => {
        posted.push({ text, eventId })
        return Promise.reject(new PerdureError('no-worker', 'none'))
      },
    } as unknown as PerdureClient)
    for (const [at, said] of [['noon', ['One.']], ['one', ['One.', 'Two.']]] as const) {
      const body = { model: 'ada', instructions: `It is ${at}.`, input: said.map((content) => ({ role: 'user', content })) }
      await asked.fetch('/openai/v1/responses', { method: 'POST', headers: json, body: JSON.stringify(body) })
    }
    expect(posted.map(({ text }) => text)).toEqual(['One.', 'Two.'])
  })

  test('models are the agents that live, however many are archived before them [openai:compatible]', async () => {
    const agent = (id: string, archivedAt?: string) => ({ definition: { id }, createdAt: '2026-01-01T00:00:00Z', archivedAt })
    const pages: Readonly<Record<string, object>> = {
      '': { agents: Array.from({ length: 1_000 }, (_, index) => agent(`a${index}`, '2026-02-01T00:00:00Z')), next: 'a999' },
      a999: { agents: [agent('ben'), agent('eve', '2026-02-01T00:00:00Z')] },
    }
    const list = ({ after = '' }: { readonly after?: string }) => Promise.resolve(pages[after])
    const response = await httpOf({ list } as unknown as PerdureClient).fetch('/openai/v1/models')
    expect(await response.json()).toMatchObject({ object: 'list', data: [{ id: 'ben' }] })
  })

  test('a response that was not whole says so, streamed or not [openai:compatible openai:asides]', async () => {
    const usage = { promptTokens: 1, cachedTokens: 0, completionTokens: 1 }
    const reasons = { cut: 'max_output_tokens', filtered: 'content_filter' }
    for (const [ended, reason] of Object.entries(reasons)) {
      const aside = () => Promise.resolve({ text: 'Half an ans', model: 'm', usage, ended })
      const asking = httpOf({ aside, get: () => Promise.resolve({ definition: { id: 'ada' } }) } as unknown as PerdureClient)
      const ask = (stream: boolean) => asking.fetch('/openai/v1/responses', { method: 'POST', headers: json, body: JSON.stringify({ model: 'ada:aside', input: 'Hi', stream }) })
      const told = { status: 'incomplete', incomplete_details: { reason }, output: [{ status: 'incomplete', content: [{ text: 'Half an ans' }] }] }
      expect(await (await ask(false)).json()).toMatchObject(told)
      const last = (await (await ask(true)).text()).trimEnd().split('\n\n').at(-1) ?? ''
      expect(last).toMatch(/^event: response\.incomplete\n/)
      expect(JSON.parse(last.slice(last.indexOf('data: ') + 6))).toMatchObject({ type: 'response.incomplete', response: told })
    }
  })

  test('a stream that breaks off says why, in the form of its protocol [openai:compatible]', async () => {
    const aside = () => Promise.reject(new PerdureError('model-unreachable', 'the model is away'))
    const asking = httpOf({ aside, get: () => Promise.resolve({ definition: { id: 'ada' } }) } as unknown as PerdureClient)
    const ask = async (path: string, body: object) => {
      const response = await asking.fetch(path, { method: 'POST', headers: json, body: JSON.stringify({ model: 'ada:aside', stream: true, ...body }) })
      return (await response.text()).trimEnd().split('\n\n').at(-1) ?? ''
    }
    const error = { code: 'model-unreachable', message: 'the model is away', param: null, type: 'server_error' }
    expect(await ask('/openai/v1/chat/completions', { messages: [user] })).toBe(`data: ${JSON.stringify({ error: { message: error.message, type: error.type, param: null, code: error.code } })}`)
    const last = await ask('/openai/v1/responses', { input: 'Hi' })
    expect(last).toMatch(/^event: error\n/)
    expect(JSON.parse(last.slice(last.indexOf('data: ') + 6))).toEqual({ ...error, type: 'error', error, sequence_number: 2 })
  })

  test('tasks of a front end are known, and questions with what it has found are let through [openai:compatible]', () => {
    for (const task of [
      'Generate a concise title summarizing the chat history.',
      'Generate 1-3 broad tags categorizing the main themes of the chat history',
      'Generate a detailed prompt for am image generation task',
      'Suggest 3-5 relevant follow-up questions or prompts',
      'Analyze the chat history to determine the necessity of generating search queries',
      'You are an autocompletion system. Continue the text',
    ]) expect(isFrontEndTask(`\n### Task:\n${task}`)).toBe(true)
    expect(isFrontEndTask('Your task is to reflect the speaker\'s likely facial expression through a fitting emoji. Interpret')).toBe(true)
    expect(isFrontEndTask('Provide a concise, 5-word-or-less title for the conversation')).toBe(true)
    for (const question of ['### Task:\nRespond to the user query using the provided context, incorporating inline citations', '### Task: mend my code']) expect(isFrontEndTask(question)).toBe(false)
  })
})

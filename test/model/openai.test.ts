import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { ModelRequest } from '../../src/model/model.ts'
import { openAIModel } from '../../src/model/openai.ts'
import { readChatAnswer } from '../../src/model/openai/chat-answer.ts'
import { chatRequest } from '../../src/model/openai/chat-request.ts'
import { jsonObject } from '../../src/protocol/json.ts'
import { builtinTools } from '../../src/tools/builtin.ts'
import { parseCall } from '../../src/tools/parse-call.ts'
import { toolRegistry } from '../../src/tools/registry.ts'

const never = new AbortController().signal
const request: ModelRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }], tools: [], maxOutputTokens: 9 }
const answer = (message: Record<string, unknown>, rest: Record<string, unknown> = {}): unknown => ({
  choices: [{ message, finish_reason: 'stop' }],
  ...rest,
})
const anyTools = toolRegistry(builtinTools)

describe('an answer', () => {
  test('is read without usage, content, ids and with arguments as an object [model:any]', () => {
    const body = answer({
      content: null,
      tool_calls: [{ function: { name: 'search', arguments: { query: 'x' } } }, { id: '', function: { name: 'stop' } }],
    })
    const reply = readChatAnswer(body, 5)
    expect(reply).toMatchObject({
      text: '',
      finishReason: 'tool-calls',
      toolCalls: [
        { name: 'search', arguments: '{"query":"x"}' },
        { name: 'stop', arguments: '{}' },
      ],
    })
    expect(reply.usage).toBeUndefined()
  })

  test.each(['length', 'content_filter'])('that ends by %s at a call without arguments leaves that call malformed, and no other [model:any step:malformed-call]', (finish) => {
    const read = (calls: readonly unknown[], reason: string) =>
      readChatAnswer({ choices: [{ message: { tool_calls: calls }, finish_reason: reason }] }, 1).toolCalls.map((call) => parseCall(call, anyTools, ['list_documents']).ok)
    const [bare, empty, blank] = [{ function: { name: 'list_documents' } }, { function: { name: 'list_documents', arguments: '' } }, { function: { name: 'list_documents', arguments: ' ' } }]
    for (const last of [bare, empty, blank]) {
      expect(read([bare, last], finish)).toEqual([true, false])
      expect(read([bare, last], 'tool_calls')).toEqual([true, true])
    }
    expect(read([{ function: { name: 'list_documents', arguments: '{}' } }, { function: { name: 'list_documents', arguments: {} } }], finish)).toEqual([true, true])
    const legacy = { choices: [{ message: { function_call: { name: 'list_documents', arguments: '' } }, finish_reason: finish }] }
    expect(readChatAnswer(legacy, 1).toolCalls.map(({ arguments: written }) => jsonObject(written))).toEqual([undefined])
  })

  test('gets made-up ids that are the same for the same answer, and different along a conversation [model:any]', () => {
    const same = { function: { name: 'a', arguments: '{}' } }
    const body = answer({ tool_calls: [same, same, { id: 'x', ...same }, { id: 'x', ...same }] })
    const ids = readChatAnswer(body, 5).toolCalls.map((made) => made.id)
    expect(new Set(ids).size).toBe(4)
    expect(ids[2]).toBe('x')
    expect(readChatAnswer(body, 5).toolCalls.map((made) => made.id)).toEqual(ids)
    expect(readChatAnswer(body, 7).toolCalls[0]?.id).not.toBe(ids[0])
  })

  test('in several choices is one: the first text, and the calls of all [model:any]', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'search', arguments: '{"query":"x"}' } })
    const choices = [
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'I look.' } },
      { index: 1, finish_reason: 'tool_calls', message: { role: 'assistant', content: null, tool_calls: [call('a')] } },
      { index: 2, finish_reason: 'tool_calls', message: { role: 'assistant', content: 'I look again.', tool_calls: [call('b')] } },
    ]
    const read = { text: 'I look.', finishReason: 'tool-calls', toolCalls: [{ id: 'a' }, { id: 'b' }] }
    expect(readChatAnswer({ choices }, 1)).toMatchObject(read)
    expect(readChatAnswer({ choices: choices.toReversed() }, 1)).toMatchObject({ ...read, text: 'I look again.', toolCalls: [{ id: 'b' }, { id: 'a' }] })
    expect(readChatAnswer({ choices: [...choices, { index: 3, finish_reason: 'length', message: { content: null } }] }, 1).finishReason).toBe('length')
    expect(() => readChatAnswer({ choices: [...choices, { index: 3, error: { message: 'Rate limit reached', code: 429 } }] }, 1)).toThrow(expect.objectContaining({ kind: 'rate-limited' }))
  })

  test('keeps reasoning as inner thoughts beside calls, and out of a text that is the answer [model:any]', () => {
    const calls = [{ id: '1', function: { name: 'a', arguments: '{}' } }]
    expect(readChatAnswer(answer({ content: '', reasoning_content: 'I should ask', tool_calls: calls }), 1).text).toBe('I should ask')
    expect(readChatAnswer(answer({ content: '<think>hm</think>\nThe summary', reasoning: 'hm' }), 1).text).toBe('The summary')
    expect(readChatAnswer(answer({ content: '', reasoning: 'hm' }), 1).text).toBe('')
  })

  test('is read as text in parts, as JSON of another content type, and with its usage [model:any]', () => {
    const body = answer(
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { usage: { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } } },
    )
    expect(readChatAnswer(JSON.stringify(body), 1)).toEqual({
      text: 'ab',
      toolCalls: [],
      finishReason: 'stop',
      usage: { promptTokens: 9, cachedTokens: 4, completionTokens: 2 },
    })
    expect(readChatAnswer(answer({ content: 'a' }, { usage: { prompt_tokens: 0, completion_tokens: 0 } }), 1).usage).toBeUndefined()
  })

  test.each<[who: string, usage: Record<string, unknown>, read: object | undefined]>([
    ['thoughts are in what was written (OpenAI)', { prompt_tokens: 30, completion_tokens: 104, total_tokens: 134, completion_tokens_details: { reasoning_tokens: 100 } }, { promptTokens: 30, completionTokens: 104 }],
    ['thoughts are counted apart (xAI)', { prompt_tokens: 10_120, completion_tokens: 1_499, total_tokens: 14_428, completion_tokens_details: { reasoning_tokens: 2_809 } }, { promptTokens: 10_120, completionTokens: 4_308 }],
    ['thoughts are in the total alone (Gemini)', { prompt_tokens: 20, completion_tokens: 424, total_tokens: 1_016 }, { promptTokens: 20, completionTokens: 996 }],
    ['nothing but thoughts was written', { prompt_tokens: 21, completion_tokens: 0, total_tokens: 81, completion_tokens_details: { reasoning_tokens: 60 } }, { promptTokens: 21, completionTokens: 60 }],
    ['the total has what was cached, and the prompt has not', { prompt_tokens: 5, completion_tokens: 4, total_tokens: 1_009, prompt_tokens_details: { cached_tokens: 1_000 } }, { promptTokens: 5, cachedTokens: 5, completionTokens: 4 }],
    ['the total has tokens of a cache', { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_600, prompt_tokens_details: { cached_tokens: 500 } }, { promptTokens: 1_000, cachedTokens: 500, completionTokens: 100 }],
    ['the total has what was written to a cache', { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_900, cache_creation_input_tokens: 800 }, { promptTokens: 1_000, completionTokens: 100 }],
    ['the total is none', { prompt_tokens: 5, completion_tokens: 4, total_tokens: 0 }, { promptTokens: 5, completionTokens: 4 }],
    ['more was cached than the prompt has', { prompt_tokens: 5, completion_tokens: 4, prompt_cache_hit_tokens: 9 }, { promptTokens: 5, cachedTokens: 5 }],
    ['the numbers are none', { prompt_tokens: -3, completion_tokens: Number.NaN }, undefined],
  ])('counts what is paid where %s [model:any, cost]', (_, usage, read) => {
    const reply = readChatAnswer(answer({ content: 'a' }, { usage }), 1)
    if (read === undefined) expect(reply.usage).toBeUndefined()
    else expect(reply.usage).toMatchObject(read)
  })

  test.each([
    ['one part', { type: 'text', text: 'a' }], ['texts', ['a', '']], ['texts within records', [{ type: 'text', text: { value: 'a', annotations: [] } }]], ['a refusal', [{ type: 'refusal', refusal: 'a' }]],
    ['thoughts in parts before it (Databricks)', [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] }, { type: 'text', text: 'a' }]],
  ])('is read as %s in place of a text [model:any]', (_, content) => {
    expect(readChatAnswer(answer({ content }), 1).text).toBe('a')
  })

  test('is read where a proxy gives it as a piece, or as a text alone [model:any]', () => {
    for (const given of [{ delta: { role: 'assistant', content: 'a' } }, { text: 'a' }]) expect(readChatAnswer({ choices: [{ ...given, finish_reason: 'stop' }] }, 1)).toEqual({ text: 'a', toolCalls: [], finishReason: 'stop' })
  })

  test('has the arguments of a call that stand under the name of another protocol: without them it would run with none [model:any]', () => {
    for (const name of ['input', 'parameters', 'args']) {
      for (const call of [{ id: 'a', function: { name: 'search', [name]: { q: 'tea' } } }, { id: 'a', name: 'search', [name]: { q: 'tea' } }]) {
        expect(readChatAnswer(answer({ content: null, tool_calls: [call] }), 1).toolCalls).toMatchObject([{ name: 'search', arguments: '{"q":"tea"}' }])
      }
    }
  })

  test('keeps what its endpoint wants back with it, but nothing that is nested too deeply to be sent [model:any]', () => {
    const given = (details: unknown) => readChatAnswer(answer({ content: 'a', reasoning_details: details }), 1)
    expect(given([{ type: 'reasoning.text', signature: 's' }]).givenWithMessage).toBe('{"reasoning_details":[{"type":"reasoning.text","signature":"s"}]}')
    expect(given(JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`))).toEqual({ text: 'a', toolCalls: [], finishReason: 'stop' })
  })

  test("that is none is the server's error, and says what was wrong [model:retry]", () => {
    for (const body of ['<html>hello</html>', {}, { choices: [] }, null, answer({ tool_calls: [{ function: {} }] })]) {
      expect(() => readChatAnswer(body, 1)).toThrow(expect.objectContaining({ kind: 'server-error' }))
    }
    expect(() => readChatAnswer('<html>hello</html>', 1)).toThrow(/<html>hello.*base URL/)
  })

  test('that holds the failure of a provider behind it is that failure [model:retry]', () => {
    expect(() => readChatAnswer({ error: { message: 'slow down', code: 429 } }, 1)).toThrow(expect.objectContaining({ kind: 'rate-limited' }))
    for (const body of [{ error: { message: 'too long', code: 'context_length_exceeded' } }, { error: 'prompt is too long: 5 tokens' }, { object: 'error', message: 'prompt is too long: 5 tokens', code: 400 }]) {
      expect(() => readChatAnswer(body, 1)).toThrow(expect.objectContaining({ kind: 'context-overflow' }))
    }
    for (const body of [{ choices: null, base_resp: { status_code: 1008, status_msg: 'out of order' } }, { error_code: 17, error_msg: 'out of order' }, { code: 1113, message: 'out of order' }, { success: false, errors: [{ code: 7003, message: 'out of order' }], result: null }, [{ error: { message: 'out of order' } }], { status: '449', msg: 'out of order' }]) {
      expect(() => readChatAnswer(body, 1)).toThrow(/^the model's endpoint failed[^:]*: out of order$/)
    }
    const deep = `{"error":{"message":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`
    expect(() => readChatAnswer(deep, 1)).toThrow(expect.objectContaining({ kind: 'server-error' }))
    expect(readChatAnswer(answer({ content: 'a' }, { error: null }), 1).text).toBe('a')
  })
})

describe('a request', () => {
  const settings = { toolChoice: 'required', outputLimitField: 'max_tokens', callIds: 'any', calls: 'together', afterResults: 'anything', noText: 'null', reasoning: 'left-out', system: 'role', stream: 'counted', mostOutputTokens: 8_192, signatures: 'as-given', streamsOnly: false, leftOut: [] } as const

  test('names tools and a choice only where there are tools [model:any]', () => {
    expect(chatRequest(request, settings, 'here')).toEqual({ model: 'm', messages: [{ role: 'user', content: 'hi' }], max_tokens: 9 })
    const withTools = chatRequest(
      { ...request, tools: [{ name: 'a', description: 'b', parameters: { type: 'object' } }] },
      { ...settings, outputLimitField: 'max_completion_tokens' },
      'here',
    )
    expect(withTools).toMatchObject({ tool_choice: 'required', max_completion_tokens: 9, tools: [{ type: 'function', function: { name: 'a' } }] })
  })

  test('wraps the malformed arguments of an earlier call, which endpoints would choke on at every request [model:any]', () => {
    const messages = [{ role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'a', arguments: '{"b": ' }] }] as const
    expect(chatRequest({ ...request, messages }, settings, 'here').messages).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: '1', type: 'function', function: { name: 'a', arguments: '{"malformed_arguments":"{\\"b\\": "}' } }],
      },
    ])
  })
})

describe('an endpoint', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })

  async function answering(status: number, body: string, headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<string> {
    server = createServer((_request, response) => {
      response.writeHead(status, headers)
      response.end(body)
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  }

  test.each([
    ['{"object":"error","message":"This model\'s maximum context length is 4096 tokens"}'],
    ['{"detail":"prompt is too long: 5000 tokens"}'],
    ['{"error":"prompt too long; exceeded max context length by 4 tokens"}'],
    ['{"error":{"code":400,"type":"exceed_context_size_error","message":"too big"}}'],
    ['the request exceeds the available context size'],
  ])('is understood whatever the shape of its errors: %s [model:any]', async (body) => {
    const baseURL = await answering(400, body)
    await expect(openAIModel({ baseURL, apiKey: 'k' }).complete(request, never)).rejects.toMatchObject({ kind: 'context-overflow', status: 400 })
  })

  test('that gives back the key does not get it into the error', async () => {
    const baseURL = await answering(401, '{"error":{"message":"no such key: my-very-own-secret"}}')
    const failure = openAIModel({ baseURL, apiKey: 'my-very-own-secret' }).complete(request, never)
    await expect(failure).rejects.toThrow('no such key: [redacted]')
  })

  test('that answers with a page instead of an answer is told from a model [model:any]', async () => {
    const baseURL = await answering(200, '<html>welcome</html>', { 'content-type': 'text/html' })
    await expect(openAIModel({ baseURL, apiKey: 'k' }).complete(request, never)).rejects.toThrow(/welcome.*base URL/)
  })

  test('that fails with a web page says no more of it than its title [model:retry]', async () => {
    const baseURL = await answering(502, '<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>', { 'content-type': 'text/html' })
    const failure = openAIModel({ baseURL, apiKey: 'k' }).complete(request, never)
    await expect(failure).rejects.toThrow(/a web page, not an API's answer: 502 Bad Gateway$/)
  })

  test('that breaks off in the middle of its answer is unreachable, not a bug [model:retry]', async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"choices":', () => response.destroy())
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    await expect(openAIModel({ baseURL, apiKey: 'k' }).complete(request, never)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('must have an address', () => {
    expect(() => openAIModel({ baseURL: 'localhost:11434', apiKey: 'k' })).toThrow('no address')
  })
})

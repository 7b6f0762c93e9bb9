import { afterEach, describe, expect, test } from 'vitest'
import type { ModelReply, ModelRequest } from '../../src/model/model.ts'
import { openAIModel } from '../../src/model/openai.ts'
import { withToolFormat, type ToolFormat } from '../../src/model/tool-format.ts'
import { completion, eventStream, imitateEndpoint, type GivenAnswer, type ImitatedEndpoint, type SeenRequest } from '../support/imitated-endpoint.ts'

/*
 * What real servers were seen to answer, in the words of their users' reports, served over HTTP. The servers themselves are not part
 * of the tests.
 */
const never = new AbortController().signal
const request: ModelRequest = {
  model: 'm',
  messages: [
    { role: 'system', content: 'You are Ada.' },
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'call_0123', name: 'search', arguments: '{"query":"x"}' }] },
    { role: 'tool', toolCallId: 'call_0123', content: 'nothing' },
    { role: 'user', content: 'and?' },
  ],
  tools: [{ name: 'search', description: 'looks', parameters: { type: 'object', properties: { query: { type: 'string' } } } }],
  maxOutputTokens: 50,
}
const call = '{"name": "search", "arguments": {"query": "y"}}'

let endpoint: ImitatedEndpoint | undefined
afterEach(() => endpoint?.close())

async function imitated(answer: (request: SeenRequest, number: number) => GivenAnswer | undefined, format: ToolFormat = 'auto') {
  endpoint = await imitateEndpoint(answer)
  return { endpoint, model: withToolFormat(openAIModel({ baseURL: endpoint.url, apiKey: 'k' }), format) }
}
const offersTools = ({ body }: SeenRequest): boolean => body.tools !== undefined
const failed = (status: number, body: unknown): GivenAnswer => ({ status, body })
const openAIError = (message: string, rest: Record<string, unknown> = {}): unknown => ({ error: { message, type: 'invalid_request_error', param: null, code: null, ...rest } })

describe('an endpoint that refuses tools', () => {
  const refusals: readonly [who: string, status: number, body: unknown][] = [
    ['Ollama', 400, openAIError('registry.ollama.ai/library/gemma3:4b does not support tools', { type: 'api_error' })],
    ['Ollama, in its older form', 400, { error: 'codellama:latest does not support tools' }],
    ['vLLM', 400, { object: 'error', message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', type: 'BadRequestError', param: null, code: 400 }],
    ['llama.cpp', 500, { error: { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' } }],
    ['llama.cpp of 2024', 500, { code: 500, message: 'Unsupported param: tools', type: 'server_error' }],
    ['OpenRouter', 404, { error: { message: 'No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing', code: 404 } }],
    ['Groq', 400, { error: { message: '`tool calling` is not supported with this model', type: 'invalid_request_error' } }],
    ['DeepSeek', 400, openAIError('deepseek-reasoner does not support Function Calling', { code: 'invalid_request_error' })],
    ['Azure', 404, openAIError('Unrecognized request argument supplied: tools')],
    ["OpenAI's o1-mini", 400, openAIError("Unsupported parameter: 'tools' is not supported with this model.", { code: 'unsupported_parameter', param: 'tools' })],
    ['Bedrock', 400, { message: "This model doesn't support tool use." }],
    ['LiteLLM', 400, openAIError("litellm.UnsupportedParamsError: ollama does not support parameters: {'tools': [{'type': 'function', 'function': {'name': 'search'}}], 'tool_choice': 'auto'}, for model=x. To drop these, set `litellm.drop_params=True`")],
    ['a proxy, in the body of an answer and without a code', 200, { error: { message: 'The model does not support tools' } }],
    ["NVIDIA's NIM", 400, openAIError('Tool use has not been enabled, because it is unsupported by the model')],
    ['a gateway', 400, openAIError("The 'tools' parameter is not supported by this model")],
    ['a template without tool results', 400, openAIError('Conversation roles must alternate user/assistant/user/assistant/...', { type: 'BadRequestError', code: 400 })],
  ]

  test.each(refusals)('is asked in text, at once and from then on: %s [model:any]', async (_, status, body) => {
    const { endpoint, model } = await imitated((seen) => (offersTools(seen) ? failed(status, body) : completion({ content: `I look.\n${call}` })))
    const expected = { text: 'I look.', finishReason: 'tool-calls', toolCalls: [{ name: 'search', arguments: '{"query": "y"}' }] }
    expect(model.toolsTokens?.('m', request.tools)).toBeUndefined()
    expect(await model.complete(request, never)).toMatchObject(expected)
    expect(await model.complete(request, never)).toMatchObject(expected)
    expect(endpoint.requests.map(offersTools)).toEqual([true, false, false])
    expect(JSON.stringify(endpoint.requests[2]?.body)).not.toMatch(/tool_call_id|"tool_calls"|"role":"tool"/)
    expect(model.toolsTokens?.('m', request.tools)).toBeGreaterThan(50)
    expect(model.toolsTokens?.('another', request.tools)).toBeUndefined()
  })

  test('is an error that names the setting where tool calls are asked for [model:any, model:retry]', async () => {
    const { endpoint, model } = await imitated(() => failed(500, { error: { code: 500, message: 'tools param requires --jinja flag' } }), 'native')
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'bad-request', message: expect.stringContaining('PERDURE_TOOL_FORMAT') as string })
    expect(endpoint.requests).toHaveLength(1)
  })

  test('is never offered any where text is asked for [model:any]', async () => {
    const { endpoint, model } = await imitated(() => completion({ content: call }), 'text')
    expect((await model.complete(request, never)).toolCalls).toHaveLength(1)
    expect(endpoint.requests.map(offersTools)).toEqual([false])
  })

  test.each([
    ['a refused key', 401, openAIError('this key does not support tools'), 'refused'],
    ['a rate limit', 429, openAIError('tool calling is not supported at this rate'), 'rate-limited'],
    ['a refused key, in a list (Gemini)', 400, [{ error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' } }], 'refused'],
    ['a refused key, by a number of its own (MiniMax)', 200, { choices: null, base_resp: { status_code: 1004, status_msg: "login fail: Please carry the API secret key in the 'Authorization' field" } }, 'refused'],
    ['an empty credit, by a number of its own (MiniMax)', 200, { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'refused'],
    ['a parameter, by a number of its own (MiniMax)', 200, { choices: null, base_resp: { status_code: 2013, status_msg: 'invalid params, unknown model' } }, 'bad-request'],
    ['no such path, of LM Studio', 200, { error: 'Unexpected endpoint or method. (POST /chat/completions)' }, 'wrong-address'],
    ['an unknown model', 404, openAIError('The model `m` does not exist', { code: 'model_not_found' }), 'bad-request'],
    ['a failure', 500, openAIError('internal error'), 'server-error'],
    ['an overflow', 400, openAIError("This model's maximum context length is 4096 tokens, tools included"), 'context-overflow'],
  ])('is told from %s [model:any, model:retry]', async (_, status, body, kind) => {
    const { endpoint, model } = await imitated(() => failed(status, body))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind })
    expect(endpoint.requests).toHaveLength(1)
  })
})

describe('an endpoint with rules of its own', () => {
  const rules: readonly [what: string, refuses: (body: SeenRequest['body']) => boolean, status: number, body: unknown][] = [
    ['the newer name of the output limit (Azure, reasoning models)', (body) => 'max_tokens' in body, 400, openAIError("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { param: 'max_tokens', code: 'unsupported_parameter' })],
    ['no tool_choice of this kind (OpenRouter)', (body) => 'tool_choice' in body, 404, { error: { message: "No endpoints found that support the provided 'tool_choice' value. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing", code: 404 } }],
    ['no tool_choice while it thinks (DeepSeek)', (body) => 'tool_choice' in body, 400, openAIError('Thinking mode does not support this tool_choice')],
    ['the reasoning beside a call (DeepSeek)', (body) => !JSON.stringify(body.messages).includes('"reasoning_content":'), 400, openAIError('Missing `reasoning_content` field in the assistant message at message index 2.')],
    ['the reasoning beside a call (Kimi)', (body) => !JSON.stringify(body.messages).includes('"reasoning_content":'), 400, openAIError('thinking is enabled but reasoning_content is missing in assistant tool call message at index 2')],
    ['ids of nine characters (Mistral)', (body) => /"id":"(?![a-zA-Z0-9]{9}")/.test(JSON.stringify(body.messages)), 400, { object: 'error', message: 'Tool call id was call_0123 but must be a-z, A-Z, 0-9, with a length of 9.', type: 'invalid_function_call', param: null, code: '3280' }],
    ['no user after a tool (Mistral)', (body) => /"role":"tool"[^}]*\},\{"role":"user"/.test(JSON.stringify(body.messages)), 400, { object: 'error', message: "Unexpected role 'user' after role 'tool'", type: 'invalid_request_message_order', param: null, code: '3230' }],
    ['a text beside calls', (body) => JSON.stringify(body.messages).includes('"content":null'), 400, openAIError("Invalid type for 'messages[2].content': expected a string, but got null instead.")],
    ['a text beside calls (FastAPI)', (body) => JSON.stringify(body.messages).includes('"content":null'), 422, { detail: [{ type: 'string_type', loc: ['body', 'messages', 2, 'content'], msg: 'Input should be a valid string', input: null }] }],
    ['no developer instruction (Gemma at Google)', (body) => JSON.stringify(body.messages).includes('"role":"system"'), 400, [{ error: { code: 400, message: 'Developer instruction is not enabled for models/gemma-3-27b-it', status: 'INVALID_ARGUMENT' } }]],
    ['no system message (MiniMax)', (body) => JSON.stringify(body.messages).includes('"role":"system"'), 400, openAIError('invalid params, chat content has invalid message role: system (2013)')],
    ['no system message (Gemma)', (body) => JSON.stringify(body.messages).includes('"role":"system"'), 400, openAIError('System role not supported System role not supported', { type: 'BadRequestError' })],
  ]

  test.each(rules)('gets requests by them once it has named them: %s [model:any]', async (_, refuses, status, body) => {
    const { endpoint, model } = await imitated((seen) => (refuses(seen.body) ? failed(status, body) : completion({ content: 'well' })))
    expect((await model.complete(request, never)).text).toBe('well')
    expect((await model.complete(request, never)).text).toBe('well')
    expect(endpoint.requests.map((seen) => refuses(seen.body))).toEqual([true, false, false])
    expect(JSON.stringify(endpoint.requests[2]?.body.messages)).toContain('You are Ada.')
  })

  test('gets the older name of the output limit where it knows only that (Mistral, older Azure) [model:any]', async () => {
    for (const body of [
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'max_completion_tokens'], msg: 'Extra inputs are not permitted', input: 50 }] },
      openAIError('Unrecognized request argument supplied: max_completion_tokens'),
    ]) {
      endpoint = await imitateEndpoint((seen) => ('max_completion_tokens' in seen.body ? failed(422, body) : completion({ content: 'well' })))
      const model = openAIModel({ baseURL: endpoint.url, apiKey: 'k', outputLimitField: 'max_completion_tokens' })
      expect((await model.complete(request, never)).text).toBe('well')
      expect(endpoint.requests.at(-1)?.body.max_tokens).toBe(50)
      await endpoint.close()
    }
  })

  test('gets by all of them at once, asked by several agents at once [model:any]', async () => {
    const { endpoint, model } = await imitated((seen) => {
      const broken = rules.find(([, refuses]) => refuses(seen.body))
      return broken === undefined ? completion({ content: 'well' }) : failed(broken[2], broken[3])
    })
    const replies = await Promise.all([model.complete(request, never), model.complete(request, never), model.complete(request, never)])
    expect(replies.map(({ text }) => text)).toEqual(['well', 'well', 'well'])
    const before = endpoint.requests.length
    await model.complete(request, never)
    expect(endpoint.requests).toHaveLength(before + 1)
  })

  test('that contradicts itself is given up, not asked for ever [model:any, model:retry]', async () => {
    const { endpoint, model } = await imitated((seen) => failed(400, openAIError(`Unsupported parameter: '${'max_tokens' in seen.body ? 'max_tokens' : 'max_completion_tokens'}'`)))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'bad-request' })
    expect(endpoint.requests.length).toBeLessThan(10)
  })
})

describe('an answer', () => {
  const made = { id: 'x', type: 'function', function: { name: 'search', arguments: '{"query":"y"}' } }
  const read = { name: 'search', arguments: '{"query":"y"}' }
  const shapes: readonly [who: string, answer: GivenAnswer, reply: Partial<ModelReply> | Record<string, unknown>][] = [
    ['OpenAI', completion({ content: null, refusal: null, tool_calls: [made] }, { usage: { prompt_tokens: 9, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } } }, 'tool_calls'), { text: '', toolCalls: [{ ...read, id: 'x' }], finishReason: 'tool-calls', usage: { promptTokens: 9, cachedTokens: 4, completionTokens: 3 } }],
    ['Ollama, which says stop beside calls', completion({ content: '', tool_calls: [{ ...made, index: 0 }] }), { toolCalls: [read], finishReason: 'tool-calls' }],
    ['Ollama and others with arguments as an object', completion({ content: '', tool_calls: [{ function: { name: 'search', arguments: { query: 'y' } } }] }), { toolCalls: [read] }],
    ['vLLM with empty tool_calls and the call in the content', completion({ content: '{"type": "function", "function": {"name": "search", "parameters": {"query":"y"}}}', tool_calls: [], function_call: null }), { text: '', toolCalls: [read], finishReason: 'tool-calls' }],
    ['vLLM with reasoning beside calls', completion({ content: null, reasoning_content: 'The user asks', tool_calls: [made] }, {}, 'tool_calls'), { text: 'The user asks', toolCalls: [read] }],
    ['vLLM of late, which names it reasoning', completion({ content: null, reasoning: 'The user asks', reasoning_content: null, tool_calls: [made] }, {}, 'tool_calls'), { text: 'The user asks' }],
    ['thinking that leaks into the content', completion({ content: '<think>The user asks</think>', tool_calls: [made] }, {}, 'tool_calls'), { text: 'The user asks', toolCalls: [read] }],
    ['thinking whose opening tag the template wrote', completion({ content: 'The user asks\n</think>\n\nWell.' }), { text: 'Well.', thinking: 'The user asks', toolCalls: [] }],
    ['thinking that was cut off', completion({ content: `<think>I could\n${call}` }, {}, 'length'), { text: '', toolCalls: [], finishReason: 'length' }],
    ['llama.cpp with a call left in the content', completion({ content: `<tool_call>\n${call}\n</tool_call>` }), { text: '', toolCalls: [{ name: 'search', arguments: '{"query": "y"}' }] }],
    ['LM Studio with a call in tags', completion({ content: '<tool_call>\n<function=search>\n<parameter=query>\ny\n</parameter>\n</function>\n</tool_call>' }), { toolCalls: [read] }],
    ['Mistral with thinking in parts', completion({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Let me see' }] }, { type: 'text', text: 'The answer is 42.' }] }), { text: 'The answer is 42.', thinking: 'Let me see' }],
    ['Mistral with a call in parts, and null for a finish', { body: { choices: [{ message: { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Let me see' }] }], tool_calls: [made] }, finish_reason: null }] } }, { text: 'Let me see', toolCalls: [read], finishReason: 'tool-calls' }],
    ['Groq with an empty list for a content', completion({ content: [], tool_calls: [made] }, {}, 'tool_calls'), { text: '', toolCalls: [read] }],
    ['the older function_call', completion({ content: null, function_call: { name: 'search', arguments: '{"query":"y"}' } }, {}, 'function_call'), { toolCalls: [read], finishReason: 'tool-calls' }],
    ['calls without function', completion({ content: null, tool_calls: [{ id: 7, name: 'search', arguments: { query: 'y' } }] }), { toolCalls: [{ ...read, id: '7' }] }],
    ['Azure with a message that was withheld', { body: { choices: [{ finish_reason: 'content_filter', index: 0, content_filter_results: {} }], prompt_filter_results: [] } }, { text: '', toolCalls: [], finishReason: 'filtered' }],
    ['a refusal', completion({ content: null, refusal: 'I cannot help with that.' }), { text: 'I cannot help with that.' }],
    ['DeepSeek with its own count of what was cached', completion({ content: 'a' }, { usage: { prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 1 } }), { usage: { promptTokens: 9, cachedTokens: 8, completionTokens: 1 } }],
    ['a server without usage', completion({ content: 'a' }, { usage: null }), { text: 'a', finishReason: 'stop' }],
    ['a finish in capitals', completion({ content: 'a' }, {}, 'STOP'), { finishReason: 'stop' }],
    ['a finish that is a number', { body: { choices: [{ message: { content: 'a' }, finish_reason: 2 }] } }, { text: 'a', finishReason: 'other' }],
  ]

  test.each(shapes)('is read as %s writes it [model:any]', async (_, given, reply) => {
    const { model } = await imitated(() => given)
    expect(await model.complete(request, never)).toMatchObject(reply)
  })

  test.each([
    ['Gemini', 'content_filter: PROHIBITED_CONTENT', 'filtered'],
    ['Anthropic', 'refusal', 'filtered'],
    ['Bedrock', 'guardrail_intervened', 'filtered'],
    ['a gateway', 'max_output_tokens', 'length'],
    ['watsonx', 'token_limit', 'length'],
    ['Anthropic and Zhipu, whose window was full', 'model_context_window_exceeded', 'length'],
    ['Gemini, whose call was malformed', 'function_call_filter: MALFORMED_FUNCTION_CALL', 'other'],
    ['Vertex AI', 'FINISH_REASON_MAX_TOKENS', 'length'],
    ['Cohere', 'ERROR_LIMIT', 'length'],
    ['Cohere, whole', 'COMPLETE', 'stop'],
    ['a gateway with dashes', 'content-filter', 'filtered'],
    ['a gateway without signs', 'ContentFilter', 'filtered'],
    ['a gateway whose answer was cut', 'max-tokens', 'length'],
  ])('ends as %s says: %s [model:any]', async (_, reason, finishReason) => {
    const { model } = await imitated(() => completion({ content: '' }, {}, reason))
    expect(await model.complete(request, never)).toMatchObject({ finishReason })
  })

  test.each(['insufficient_system_resource', 'network_error', 'error', 'abort', 'cancelled', 'time_limit'])('that the endpoint broke off itself is a failure, and no reply: %s [model:retry]', async (reason) => {
    const { model } = await imitated(() => completion({ content: 'The ans' }, {}, reason))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'server-error', retryable: true, message: expect.stringContaining(reason) as string })
  })

  test('whose choice holds the failure of a provider behind it is that failure (OpenRouter) [model:retry]', async () => {
    const { model } = await imitated(() => ({ body: { choices: [{ finish_reason: 'error', error: { code: 429, message: 'slow down' }, message: { content: '' } }] } }))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'rate-limited' })
  })

  const overflow = "This model's maximum context length is 16384 tokens. However, your request has 20000 input tokens."
  const behind: readonly (readonly [what: string, status: number, error: Record<string, unknown>, expected: Record<string, unknown>])[] = [
    ['an overflow (OpenRouter)', 400, { message: 'Provider returned error', code: 400, metadata: { provider_name: 'Parasail', raw: JSON.stringify({ error: { message: overflow, type: 'BadRequestError' } }) } }, { kind: 'context-overflow', limits: { window: 16_384, promptTokens: 20_000 } }],
    ['one as a record', 400, { message: 'Provider returned error', metadata: { raw: { detail: overflow } } }, { kind: 'context-overflow', limits: { window: 16_384, promptTokens: 20_000 } }],
    ['a content filter, by its code', 400, { message: 'Provider returned error', code: 400, metadata: { raw: JSON.stringify({ error: { message: 'No.', code: 'content_filter' } }) } }, { kind: 'filtered' }],
    ['a content filter, in an inner error (Azure)', 400, { message: 'Bad request', innererror: { code: 'ResponsibleAIPolicyViolation' } }, { kind: 'filtered' }],
    ['a wait', 429, { message: 'Provider returned error', code: 429, metadata: { raw: 'm is rate-limited upstream. Please retry in 20s.' } }, { kind: 'rate-limited', retryAfterMs: 20_000 }],
  ]
  test.each(behind)('that holds the failure of a provider behind a gateway is treated as that, and says so: %s [model:any model:retry]', async (_, status, error, expected) => {
    for (const answer of [{ status, body: { error } }, eventStream([{ error: { ...error, code: status } }])]) {
      const { model } = await imitated(() => answer)
      await expect(model.complete(request, never, () => undefined)).rejects.toMatchObject({ ...expected, status, message: expect.stringContaining(String(error['message'])) as string })
      await endpoint?.close()
    }
  })

  test('whose words stand where the name of a parameter should is learned from (MiMo) [model:any]', async () => {
    const { model, endpoint: seen } = await imitated(({ body }) =>
      (body.max_tokens as number) > 40 ? failed(400, openAIError('Param Incorrect', { param: 'max_tokens is too large: 50. This model supports at most 40 completion tokens, whereas you provided 50.' })) : completion({ content: 'well' }),
    )
    expect((await model.complete(request, never)).text).toBe('well')
    expect(seen.requests.map(({ body }) => body.max_tokens)).toEqual([50, 40])
  })

  test('that is nested without end is a failure nevertheless [model:retry]', async () => {
    const depth = 20_000
    const { model } = await imitated(() => ({ status: 400, body: `{"error":${'{"message":"no","metadata":{"raw":'.repeat(depth)}1${'}}'.repeat(depth)}}` }))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'bad-request' })
  })

  test('that merely shows a call of no tool that was offered is a text [model:any]', async () => {
    const text = '{"name": "teleport", "arguments": {}}'
    const { model } = await imitated(() => completion({ content: text }))
    expect(await model.complete(request, never)).toMatchObject({ text, toolCalls: [] })
  })
})

describe('what a model made up', () => {
  const withCall = (id: string, name: string): ModelRequest => ({
    ...request,
    messages: [{ role: 'user', content: 'hi' }, { role: 'assistant', content: '', toolCalls: [{ id, name, arguments: '{}' }] }, { role: 'tool', toolCallId: id, content: 'no such tool' }],
  })
  const callsOf = ({ body }: SeenRequest): { id: string; function: { name: string } } =>
    (body.messages as { tool_calls?: { id: string; function: { name: string } }[] }[])[1]?.tool_calls?.[0] ?? expect.fail('the call is not there')

  test.for([['functions.nothing', 'functions_nothing'], ['', 'unnamed'], ['x'.repeat(100), 'x'.repeat(64)], ['größe<|x|>', 'gr__e__x__']] as const)('as the name of a call is sent with signs that a name may have: %j [step:malformed-call]', async ([name, sent]) => {
    const { model, endpoint: seen } = await imitated(() => completion({ content: 'ok' }))
    await model.complete(withCall('a', name), never)
    expect(callsOf(seen.requests[0] ?? expect.fail('nothing was asked')).function.name).toBe(sent)
  })

  test('as ids of calls that a server gives again in each answer is told apart, and so are their results [step:malformed-call]', async () => {
    const { model, endpoint: seen } = await imitated(() => completion({ content: 'ok' }))
    const step = (content: string): ModelRequest['messages'] => [
      { role: 'assistant', content: '', toolCalls: [{ id: 'call_0', name: 'search', arguments: '{}' }, { id: 'call_1', name: 'search', arguments: '{}' }] },
      { role: 'tool', toolCallId: 'call_0', content: `${content} first` },
      { role: 'tool', toolCallId: 'call_1', content: `${content} second` },
    ]
    await model.complete({ ...request, messages: [{ role: 'user', content: 'hi' }, ...step('early'), ...step('late')] }, never)
    const sent = seen.requests[0]?.body.messages as { tool_calls?: { id: string }[]; tool_call_id?: string }[]
    const ids = sent.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id))
    expect(ids.slice(0, 2)).toEqual(['call_0', 'call_1'])
    expect(new Set(ids).size).toBe(4)
    expect(sent.flatMap(({ tool_call_id: id }) => id ?? [])).toEqual(ids)
  })

  test.each([
    ['OpenAI', "Invalid 'messages[1].tool_calls[0].id': string does not match the pattern '^[a-zA-Z0-9_-]+$'."],
    ['Bedrock', "1 validation error detected: Value 'call:1/é' at 'messages.2.member.content.1.member.toolUse.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+"],
  ])('as the id of a call is sent plain once the endpoint has refused it, and so is the id of its result: %s [step:malformed-call]', async (_who, says) => {
    const refusal = openAIError(says)
    const { model, endpoint: seen } = await imitated((asked) => (/^[a-zA-Z0-9_-]+$/.test(callsOf(asked).id) ? completion({ content: 'ok' }) : failed(400, refusal)))
    expect((await model.complete(withCall('call:1/é', 'search'), never)).text).toBe('ok')
    const [, second = expect.fail('it was not asked again')] = seen.requests
    expect((second.body.messages as { tool_call_id?: string }[])[2]?.tool_call_id).toBe(callsOf(second).id)
  })

  test.for(['', ' \n'])('as an answer without a word and without a call is sent with words in its place: Mistral, Anthropic and Bedrock refuse it: %j [model:any]', async (content) => {
    const { model, endpoint: seen } = await imitated(({ body }) =>
      (body.messages as { role: string; content: string }[]).every((message) => message.content.trim() !== '') ? completion({ content: 'ok' }) : failed(400, { object: 'error', message: 'Assistant message must have either content or tool_calls, but not none.', type: 'invalid_request_error' }),
    )
    await model.complete({ ...request, messages: [{ role: 'user', content: 'hi' }, { role: 'assistant', content, toolCalls: [] }, { role: 'user', content: 'well?' }] }, never)
    expect(seen.requests).toHaveLength(1)
  })

  test("as several calls in one step is sent call by call where the model's template takes no more than one (Llama 3) [model:any]", async () => {
    const { model, endpoint: seen } = await imitated(({ body }) =>
      (body.messages as { tool_calls?: unknown[] }[]).every(({ tool_calls: calls = [] }) => calls.length < 2) ? completion({ content: 'ok' }) : failed(400, openAIError('This model only supports single tool-calls at once!')),
    )
    const calls = ['a', 'b'].map((id) => ({ id, name: 'search', arguments: '{}' }))
    const messages: ModelRequest['messages'] = [{ role: 'user', content: 'hi' }, { role: 'assistant', content: 'I look.', toolCalls: calls }, ...['b', 'a'].map((toolCallId) => ({ role: 'tool' as const, toolCallId, content: `of ${toolCallId}` })), { role: 'user', content: 'well?' }]
    expect((await model.complete({ ...request, messages }, never)).text).toBe('ok')
    const sent = seen.requests[1]?.body.messages as { role: string; content: string | null; tool_calls?: { id: string }[]; tool_call_id?: string }[]
    expect(sent.map(({ role, content, tool_calls: [call] = [], tool_call_id: of }) => [role, content, call?.id ?? of])).toEqual([
      ['user', 'hi', undefined], ['assistant', 'I look.', 'a'], ['tool', 'of a', 'a'], ['assistant', null, 'b'], ['tool', 'of b', 'b'], ['user', 'well?', undefined],
    ])
  })
})

describe("gpt-oss' own form, which its server has left in the text", () => {
  const head = '<|channel|>analysis<|message|>Of tea.<|end|><|start|>assistant'
  test.each([
    ['a call', `${head}<|channel|>commentary to=functions.search <|constrain|>json<|message|>{"query": "y"}<|call|>`, { text: 'Of tea.', toolCalls: [{ name: 'search', arguments: '{"query": "y"}' }], finishReason: 'tool-calls' }],
    ['two calls', `${head} to=functions.search<|channel|>commentary<|message|>{"query": "y"}<|call|><|start|>assistant<|channel|>commentary to=functions.search<|message|>{"query": "z"}<|call|>`, { toolCalls: [{ arguments: '{"query": "y"}' }, { arguments: '{"query": "z"}' }] }],
    ['a reply', `${head}<|channel|>final<|message|>Hello<|return|>`, { text: 'Hello', toolCalls: [], thinking: 'Of tea.' }],
  ])('is read: %s [model:any]', async (_, content, expected) => {
    for (const format of ['auto', 'native', 'text'] as const) {
      const { model } = await imitated(() => completion({ content }), format)
      expect(await model.complete(request, never)).toMatchObject(expected)
      await endpoint?.close()
    }
  })
})

import { afterEach, describe, expect, test } from 'vitest'
import type { ChatMessage, ModelReply, ModelRequest } from '../../src/model/model.ts'
import { openAIModel } from '../../src/model/openai.ts'
import { completion, eventStream, imitateEndpoint, type GivenAnswer, type ImitatedEndpoint, type SeenRequest } from '../support/imitated-endpoint.ts'

/* Refusals in the words of their users' reports. */
const never = new AbortController().signal
const messages: ChatMessage[] = [{ role: 'system', content: 'You are Ada.' }, { role: 'user', content: 'hi' }]
const request: ModelRequest = { model: 'm', messages, tools: [], maxOutputTokens: 8_192, sampling: { temperature: 0.2, topP: 0.9, seed: 7, reasoningEffort: 'low', extra: { top_k: 40 } } }

let endpoint: ImitatedEndpoint | undefined
afterEach(() => endpoint?.close())

async function imitated(answer: (request: SeenRequest, number: number) => GivenAnswer) {
  endpoint = await imitateEndpoint(answer)
  return { endpoint, model: openAIModel({ baseURL: endpoint.url, apiKey: 'k' }) }
}
const refuse = (message: string, rest: Record<string, unknown> = {}): GivenAnswer => ({ status: 400, body: { error: { message, type: 'invalid_request_error', param: null, code: null, ...rest } } })
const roleOf = ({ body }: SeenRequest): unknown => (body.messages as { role: string }[])[0]?.role

describe('a limit of the output', () => {
  const refusals: readonly [who: string, message: string, most: number][] = [
    ['OpenAI', 'max_tokens is too large: 8192. This model supports at most 4096 completion tokens, whereas you provided 8192.', 4_096],
    ['DeepSeek', 'Invalid max_tokens value, the valid range of max_tokens is [1, 4096]', 4_096],
    ['DashScope', 'Range of max_tokens should be [1, 2048]', 2_048],
    ['Anthropic', 'max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for claude-3', 4_096],
    ['Groq', '`max_tokens` must be less than or equal to `4096`, the maximum value for `max_tokens` is less than the `context_window` for this model', 4_096],
    ['Volcengine', 'The parameter `max_tokens` specified in the request are not valid: integer above maximum value, expected a value <= 4096, but got 8192 instead.', 4_096],
    ['Cohere', 'too many tokens: max tokens must be less than or equal to 4096, the maximum output length for this model - received 8192.', 4_096],
    ['Bedrock', 'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.', 4_096],
    ['a gateway before SiliconFlow', 'max_tokens must be in (0, 4096]', 4_096],
    ['Qianfan', 'max_output_tokens should be in [2, 2048]', 2_048],
    ['Zhipu', 'max_tokens 参数非法：取值范围为[1,4095]', 4_095],
    ['pydantic', "[{'type': 'less_than_equal', 'loc': ['body', 'max_tokens'], 'msg': 'Input should be less than or equal to 4096'}]", 4_096],
    ['a gateway', 'max_tokens: 8192 exceeds the maximum value of 4096', 4_096],
    ['another', 'max_tokens must be less than 4096', 4_095],
    ['another', 'max_tokens cannot be greater than 4096', 4_096],
    ['another', 'max_tokens must be between 1 and 4096', 4_096],
    ['another', 'Requested 8192 output tokens, but the model supports a maximum of 4096', 4_096],
    ['Gemini', 'Unable to submit request because it has a maxOutputTokens value of 8192 but the supported range is from 1 (inclusive) to 4097 (exclusive). Update the value', 4_096],
  ]
  test.each(refusals)('that a refusal names is kept to from then on: %s [model:any]', async (_who, message, most) => {
    const { endpoint, model } = await imitated(({ body }) => ((body.max_tokens as number) > most ? refuse(message) : completion({ content: 'well' })))
    expect((await model.complete(request, never)).text).toBe('well')
    await model.complete(request, never)
    expect(endpoint.requests.map(({ body }) => body.max_tokens)).toEqual([8_192, most, most])
  })

  test.each(['max_tokens is too large for this model', 'max_tokens (8192) is too large', 'Invalid max_tokens'])('that a refusal does not name is not said any more, the endpoint has its own: %s [model:any]', async (says) => {
    const { endpoint, model } = await imitated(({ body }) => ('max_tokens' in body ? refuse(says) : completion({ content: 'well' })))
    for (let times = 0; times < 2; times += 1) expect((await model.complete(request, never)).text).toBe('well')
    expect(endpoint.requests).toHaveLength(3)
  })

  test.each([
    'response_format is invalid, max_tokens is 8192',
    'Invalid value for temperature (max_tokens ok)',
    'invalid tool call arguments; see max_tokens',
    'max_tokens is 8192, response_format is invalid',
    'max_tokens and n are both given',
  ])('is said on where something else is refused: %s [model:any]', async (says) => {
    const { endpoint, model } = await imitated(() => refuse(says))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'bad-request' })
    expect(endpoint.requests.map(({ body }) => body.max_tokens)).toEqual([8_192])
  })

  test('is not read from a refusal that speaks of the window or of the prompt [model:any]', async () => {
    const { endpoint, model } = await imitated(() => refuse('max_tokens cannot exceed 90: the prompt has 4006 tokens, and the window 4096'))
    await expect(model.complete(request, never)).rejects.toThrow('exceed 90')
    expect(endpoint.requests).toHaveLength(1)
  })

  test.each([
    `[{'type': 'less_than_equal', 'loc': ('body', 'top_k'), 'msg': 'Input should be less than or equal to 400'}], body: {'max_tokens': 8192}`,
    'function name can be up to 640 characters. Request: {"max_tokens": 8192}',
    'at most 1280 [tools] may be given when max_tokens is set',
    'max_tokens is fine, but there may be at most 1280 [tools]',
    'up to 2000 requests per day of output tokens',
    'max_tokens: rate limit reached, up to 600 in a minute',
    'max_tokens is 32000, and thinking_budget must be less than 24576',
    "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 300. Request: {\"max_tokens\": 8192}",
    'messages must have at most 2048 items; max_tokens=8192',
    'max_tokens=8192; messages must have at most 2048',
    'max_tokens must be in [1, 100]',
  ])('is not read from a refusal of something else: %s [model:any]', async (says) => {
    const { endpoint, model } = await imitated(() => refuse(says))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'bad-request' })
    expect(endpoint.requests.map(({ body }) => body.max_tokens)).toEqual([8_192])
  })

  test('is not said to an endpoint that knows neither of its names [model:any]', async () => {
    const { endpoint, model } = await imitated(({ body }) => {
      const name = ['max_tokens', 'max_completion_tokens'].find((field) => field in body)
      return name === undefined ? completion({ content: 'well' }) : refuse(`Unsupported parameter: '${name}' is not supported with this model.`)
    })
    expect((await model.complete(request, never)).text).toBe('well')
    expect(endpoint.requests).toHaveLength(3)
  })
})

describe('a setting of sampling', () => {
  test('is in the request under its name in the protocol, with the further fields of the body [model:sampling]', async () => {
    const { endpoint, model } = await imitated(() => completion({ content: 'well' }))
    await model.complete(request, never)
    expect(endpoint.requests[0]?.body).toMatchObject({ temperature: 0.2, top_p: 0.9, seed: 7, reasoning_effort: 'low', top_k: 40 })
  })

  const refusals: readonly [who: string, field: string, message: string][] = [
    ['OpenAI', 'temperature', "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported."],
    ['OpenAI', 'top_p', "Unsupported parameter: 'top_p' is not supported with this model."],
    ['Azure', 'reasoning_effort', 'Unrecognized request argument supplied: reasoning_effort'],
    ['Mistral', 'seed', '[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]'],
    ['xAI', 'reasoning_effort', 'Model grok-4 does not support parameter reasoningEffort.'],
    ['LiteLLM', 'seed', "litellm.UnsupportedParamsError: anthropic does not support parameters: ['seed'], for model=x. To drop these, set `litellm.drop_params=True`"],
    ['Anthropic', 'temperature', '`temperature` may only be set to 1 when thinking is enabled.'],
    ['Bedrock', 'top_p', '`temperature` and `top_p` cannot both be specified for this model. Please use only one.'],
  ]
  test.each(refusals)('that an endpoint refuses for a model is left out from then on: %s, %s [model:sampling model:any]', async (_who, field, message) => {
    const { endpoint, model } = await imitated(({ body }) => (field in body ? refuse(message) : completion({ content: 'well' })))
    expect((await model.complete(request, never)).text).toBe('well')
    await model.complete(request, never)
    expect(endpoint.requests.map(({ body }) => field in body)).toEqual([true, false, false])
    expect(endpoint.requests[2]?.body).toHaveProperty('top_k')
  })

  test('that is out of bounds is refused with what the endpoint says [model:sampling]', async () => {
    const { endpoint, model } = await imitated(() => refuse("Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead."))
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'bad-request', message: expect.stringContaining('above maximum') as string })
    expect(endpoint.requests).toHaveLength(1)
  })
})

describe('an endpoint', () => {
  test('that has no system role gets developer, and where it has neither the head of the first message [model:any]', async () => {
    const refused = new Set(['system'])
    const { endpoint, model } = await imitated((seen) => (refused.has(String(roleOf(seen))) ? refuse(`Unsupported value: 'messages[0].role' does not support '${String(roleOf(seen))}' with this model.`) : completion({ content: 'well' })))
    await model.complete(request, never)
    refused.add('developer')
    await model.complete(request, never)
    expect(endpoint.requests.map(roleOf)).toEqual(['system', 'developer', 'developer', 'user'])
  })

  test.for([
    'This model only support stream mode, please enable the stream parameter to access the model.',
    'Requests with max_tokens > 4096 must have stream=true',
    'parameter.enable_thinking must be set to false for non-streaming calls',
  ])('that only streams is asked for a stream, also where nobody watches: %s [model:any]', async (says) => {
    const events = eventStream([{ choices: [{ delta: { content: 'well' }, finish_reason: 'stop' }] }, 'data: [DONE]\n\n'])
    const { model } = await imitated(({ body }) => (body.stream === true ? events : refuse(says)))
    expect((await model.complete(request, never)).text).toBe('well')
  })
})

describe('what an endpoint gives beside a call', () => {
  const signed = { extra_content: { google: { thought_signature: 'c2lnbmF0dXJl' } } }
  const details = [{ type: 'reasoning.encrypted', data: 'opaque', format: 'x', index: 0 }]
  const made = { id: 'a', type: 'function', function: { name: 'search', arguments: '{}' }, ...signed }
  const after = (reply: ModelReply): ModelRequest => ({
    ...request,
    messages: [...messages, { role: 'assistant', content: reply.text, toolCalls: reply.toolCalls, ...(reply.given && { given: reply.given }) }, { role: 'tool', toolCallId: 'a', content: 'found' }],
  })
  interface Sent {
    readonly tool_calls: readonly Record<string, unknown>[]
    readonly [field: string]: unknown
  }
  const sentBack = (seen: SeenRequest | undefined): Sent => (seen?.body.messages as Sent[])[2] ?? expect.fail('no message with calls')

  test('goes back with it: signatures (Gemini), details of reasoning (OpenRouter), its opaque form (Copilot) [model:returned]', async () => {
    const { endpoint, model } = await imitated(() => completion({ content: null, reasoning_details: details, reasoning_opaque: 'opaque', tool_calls: [made] }, {}, 'tool_calls'))
    const reply = await model.complete(request, never)
    await model.complete(after(reply), never)
    expect(sentBack(endpoint.requests[1])).toMatchObject({ reasoning_details: details, reasoning_opaque: 'opaque', tool_calls: [{ id: 'a', ...signed }] })
    expect(JSON.stringify([reply.text, reply.thinking])).not.toContain('opaque')
  })

  test('is put together where it comes in pieces [model:returned]', async () => {
    const pieces = [
      { reasoning_details: [{ type: 'reasoning.text', text: 'Let me', index: 0 }] },
      { reasoning_details: [{ type: 'reasoning.text', text: ' look.', signature: 's', index: 0 }] },
      { reasoning_details: details.map((item) => ({ ...item, index: 1 })) },
      { tool_calls: [{ index: 0, ...made, function: { name: 'search', arguments: '{' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '}' } }] },
    ]
    const events = [...pieces.map((delta) => ({ choices: [{ delta }] })), { choices: [{ delta: {}, finish_reason: 'tool_calls' }] }]
    const { endpoint, model } = await imitated(({ body }) => (body.stream === true ? eventStream(events) : completion({ content: 'well' })))
    const reply = await model.complete(request, never, () => undefined)
    await model.complete(after(reply), never)
    expect(sentBack(endpoint.requests[1])).toMatchObject({
      reasoning_details: [{ type: 'reasoning.text', text: 'Let me look.', signature: 's', index: 0 }, { type: 'reasoning.encrypted', data: 'opaque', index: 1 }],
      tool_calls: [{ id: 'a', function: { arguments: '{}' }, ...signed }],
    })
  })

  test('goes to no other model, and to no other endpoint [model:returned]', async () => {
    const { endpoint: first, model } = await imitated(() => completion({ content: null, reasoning_details: details, tool_calls: [made] }, {}, 'tool_calls'))
    const reply = await model.complete(request, never)
    await model.complete({ ...after(reply), model: 'another' }, never)
    const elsewhere = await imitateEndpoint(() => completion({ content: 'well' }))
    await openAIModel({ baseURL: elsewhere.url, apiKey: 'k' }).complete(after(reply), never)
    for (const seen of [first.requests[1], elsewhere.requests[0]]) expect(JSON.stringify(seen?.body)).not.toMatch(/opaque|c2lnbmF0dXJl/)
    await elsewhere.close()
  })

  test('is left out where it is refused [model:returned model:any]', async () => {
    const { endpoint, model } = await imitated(({ body }, number) => {
      if (number === 1) return completion({ content: null, reasoning_details: details, tool_calls: [made] }, {}, 'tool_calls')
      return JSON.stringify(body.messages).includes('reasoning_details') ? refuse("Unknown parameter: 'messages[2].reasoning_details'.") : completion({ content: 'well' })
    })
    expect((await model.complete(after(await model.complete(request, never)), never)).text).toBe('well')
    expect(sentBack(endpoint.requests[2]).tool_calls[0]).toMatchObject(signed)
  })

  test('is substituted for the calls of another model, where the endpoint wants a signature (Gemini) [model:returned model:any]', async () => {
    const { endpoint, model } = await imitated(({ body }) =>
      JSON.stringify(body.messages).includes('thought_signature') ? completion({ content: 'well' }) : refuse('Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly'),
    )
    const reply: ModelReply = { text: '', toolCalls: [{ id: 'a', name: 'search', arguments: '{}' }, { id: 'b', name: 'search', arguments: '{}' }], finishReason: 'tool-calls' }
    expect((await model.complete(after(reply), never)).text).toBe('well')
    expect(sentBack(endpoint.requests[1]).tool_calls.map((call) => 'extra_content' in call)).toEqual([true, false])
  })

  const answeredBefore = completion({ content: null, reasoning_details: details, tool_calls: [made] }, {}, 'tool_calls')
  test.each([
    ['Gemini', 'Corrupted thought signature.'],
    ['Gemini', 'Thought signature is not valid'],
    ['Anthropic', 'messages.1.content.0: Invalid `signature` in `thinking` block'],
    ['Anthropic', '`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.'],
    ['OpenAI', 'The encrypted content gAAAA could not be verified. Reason: Encrypted content could not be decrypted or parsed.'],
  ])('is left out where it is valid no more, or another provider gave it, so that it spoils no later request: %s, %s [model:returned model:any]', async (_who, says) => {
    const { endpoint, model } = await imitated(({ body }, number) => {
      if (number === 1) return answeredBefore
      return /opaque|c2lnbmF0dXJl/.test(JSON.stringify(body.messages)) ? refuse(says) : completion({ content: 'well' })
    })
    const reply = await model.complete(request, never)
    for (let times = 0; times < 2; times += 1) expect((await model.complete(after(reply), never)).text).toBe('well')
    expect(endpoint.requests).toHaveLength(4)
  })

  test.each(['InvalidSignatureException: Signature expired: 20261102T100000Z is now earlier than 20261102T101000Z', 'SignatureDoesNotMatch: the signature is invalid', 'JWT invalid: token signature is invalid'])('stays where the signature of the request or of its key is refused: %s [model:returned]', async (says) => {
    const { endpoint, model } = await imitated((_, number) => (number === 1 ? answeredBefore : refuse(says)))
    await expect(model.complete(after(await model.complete(request, never)), never)).rejects.toThrow('ignature')
    expect(endpoint.requests).toHaveLength(2)
  })

  test('is substituted where it is valid no more, and the endpoint wants a signature nevertheless (Gemini) [model:returned model:any]', async () => {
    const { endpoint, model } = await imitated(({ body }, number) => {
      if (number === 1) return answeredBefore
      const sent = JSON.stringify(body.messages)
      if (sent.includes('c2lnbmF0dXJl')) return refuse('Corrupted thought signature.')
      return sent.includes('thought_signature') ? completion({ content: 'well' }) : refuse('Function call is missing a thought_signature in functionCall parts.')
    })
    expect((await model.complete(after(await model.complete(request, never)), never)).text).toBe('well')
    expect(endpoint.requests).toHaveLength(4)
  })

  test('stands beside no earlier call where the endpoint begins to think: then it is not asked to (Anthropic) [model:returned model:any]', async () => {
    const says = 'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block'
    const { model } = await imitated(({ body }) => ('reasoning_effort' in body ? refuse(says) : completion({ content: 'well' })))
    expect((await model.complete(after({ text: '', toolCalls: [{ id: 'a', name: 'search', arguments: '{}' }], finishReason: 'tool-calls' }), never)).text).toBe('well')
  })

  test('of reasoning goes back with each message where the endpoint asks for it, also without calls (DeepSeek) [model:returned model:any]', async () => {
    const { endpoint, model } = await imitated(({ body }) => {
      const lacking = (body.messages as Record<string, unknown>[]).some(({ role, ...fields }) => role === 'assistant' && fields['reasoning_content'] === undefined)
      return lacking ? refuse('The `reasoning_content` in the thinking mode must be passed back to the API.') : completion({ content: 'well', reasoning_content: 'The user greets.' })
    })
    const reply = await model.complete(request, never)
    expect((await model.complete(after(reply), never)).text).toBe('well')
    expect(sentBack(endpoint.requests.at(-1)).reasoning_content).toBe('The user greets.')
  })

  test('of reasoning goes back whole where the endpoint asks for it, though a text came beside the call [model:returned]', async () => {
    const { endpoint, model } = await imitated(({ body }, number) => {
      if (number === 1) return completion({ content: 'I look.', reasoning_content: 'The user asks.', tool_calls: [made] }, {}, 'tool_calls')
      return sentBack({ body } as SeenRequest).reasoning_content === undefined ? refuse('reasoning_content is missing in the assistant message 2') : completion({ content: 'well' })
    })
    const reply = await model.complete(request, never)
    expect(reply.text).toBe('I look.')
    await model.complete(after(reply), never)
    expect(endpoint.requests.slice(1).map((seen) => sentBack(seen).reasoning_content)).toEqual([undefined, 'The user asks.'])
  })
})

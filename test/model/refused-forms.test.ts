import { afterEach, describe, expect, test } from 'vitest'
import type { ChatMessage, ModelRequest } from '../../src/model/model.ts'
import { openAIModel } from '../../src/model/openai.ts'
import { openAIEmbedder } from '../../src/model/openai/embedder.ts'
import { withToolFormat } from '../../src/model/tool-format.ts'
import { completion, imitateEndpoint, type GivenAnswer, type ImitatedEndpoint, type SeenRequest } from '../support/imitated-endpoint.ts'

/* Refusals in the words of their users' reports, each of an endpoint that takes the same request in another form. */
const never = new AbortController().signal
const id = 'functions.send_message:0'
const messages: ChatMessage[] = [
  { role: 'system', content: 'You are Ada.' },
  { role: 'user', content: 'hi' },
  { role: 'assistant', content: '', toolCalls: [{ id, name: 'send_message', arguments: '{"message":"x"}' }] },
  { role: 'tool', toolCallId: id, content: '{"status":"ok"}' },
  { role: 'user', content: 'go on' },
]
const tools: ModelRequest['tools'] = [{ name: 'send_message', description: 'says', parameters: { type: 'object', properties: { message: { type: 'string' } } } }]
const request: ModelRequest = { model: 'm', messages, tools, maxOutputTokens: 8_192, sampling: { temperature: 0.2, reasoningEffort: 'low' } }

interface Sent {
  readonly role: string
  readonly content: unknown
  readonly tool_calls?: readonly { readonly id: string }[]
}
type Body = SeenRequest['body']
const sent = (body: Body): readonly Sent[] => body.messages as readonly Sent[]
const idsOf = (body: Body): readonly string[] => sent(body).flatMap(({ tool_calls: calls = [] }) => calls.map((call) => call.id))
const said = (message: string, rest: Record<string, unknown> = {}, status = 400): GivenAnswer => ({ status, body: { error: { message, type: 'invalid_request_error', param: null, code: null, ...rest } } })

const has = (field: string) => (body: Body): boolean => field in body
const moreThan4096 = ({ max_tokens: most }: Body): boolean => Number(most) > 4_096
const ofOtherSigns = (body: Body): boolean => idsOf(body).some((one) => !/^[a-zA-Z0-9]{9}$/.test(one))
const hasNull = (body: Body): boolean => sent(body).some(({ content }) => content === null)
const hasSystem = (body: Body): boolean => sent(body).some(({ role }) => role === 'system')
const hasTool = (body: Body): boolean => sent(body).some(({ role }) => role === 'tool')

let endpoint: ImitatedEndpoint | undefined
afterEach(() => endpoint?.close())

const refusals: readonly [what: string, refusal: GivenAnswer, refuses: (body: Body) => boolean][] = [
  ['a field that it names beside its words alone', said('Unsupported parameter.', { param: 'max_tokens', code: 'unsupported_parameter' }), has('max_tokens')],
  ['a setting that it names beside its words alone', said('Unsupported value.', { param: 'temperature', code: 'unsupported_value' }), has('temperature')],
  ['the level of thinking (Gemini)', said('Thinking level is not supported for this model.'), has('reasoning_effort')],
  ['the length of an answer (NVIDIA)', said('max_tokens should be <= 4096'), moreThan4096],
  ['the length of an answer (text-generation-inference)', said('Input validation error: `max_new_tokens` must be <= 4096. Given: 8192', {}, 422), moreThan4096],
  ["ids of calls (Mistral's chat template)", said('Tool call IDs should be alphanumeric strings with length 9!', {}, 500), ofOtherSigns],
  ['ids of calls (another server of Mistral)', said(`Invalid tool_call_id: ${id}; must be 9 alphanumeric characters`), ofOtherSigns],
  ['null beside calls (a chat template in C++)', said("Unknown (built-in) filter 'trim' for type NullValue", {}, 500), hasNull],
  ['null beside calls (a chat template in Python)', said('can only concatenate str (not "NoneType") to str'), hasNull],
  ['null beside calls (Go)', said('json: cannot unmarshal null into Go struct field ChatMessage.content of type string'), hasNull],
  ['null beside calls (Ollama)', said('invalid message content type: <nil>'), hasNull],
  ['null beside calls (LM Studio)', said("Invalid 'content': 'content' objects must have a 'type' field that is either 'text' or 'image_url'."), hasNull],
  ['a system message (Bedrock)', said("This model doesn't support system messages. Try again without a system message"), hasSystem],
  ['a system message (Qianfan)', said('the role of first message must be user'), hasSystem],
  ['a system message (a gateway)', said("role must be one of 'user', 'assistant'; got system"), hasSystem],
  ['tools (SiliconFlow)', { status: 400, body: { code: 20_037, message: 'Function call is not supported for this model.', data: null } }, has('tools')],
  ['tools (pydantic)', { status: 422, body: { detail: [{ type: 'extra_forbidden', loc: ['body', 'tools'], msg: 'Extra inputs are not permitted' }] } }, has('tools')],
  ['tools (Qianfan)', said('The model does not support the parameter: functions'), has('tools')],
  ['results of tools (Perplexity)', said("[\"At body -> messages -> 3 -> role: Input should be 'system', 'user' or 'assistant'\"]"), hasTool],
  ['a system message (pydantic)', said("messages.0.role: Input should be 'user' or 'assistant'"), hasSystem],
  ['results of tools (older servers)', said("Invalid value: 'tool'. Supported values are: 'system', 'assistant', 'user', and 'function'."), hasTool],
  ['results of tools (a gateway)', said('unsupported role: tool'), hasTool],
]

describe('an endpoint that refuses', () => {
  test.each(refusals)('%s is asked in another form, at once and from then on [model:any]', async (_what, refusal, refuses) => {
    endpoint = await imitateEndpoint(({ body }) => (refuses(body) ? refusal : completion({ content: 'well' })))
    const model = withToolFormat(openAIModel({ baseURL: endpoint.url, apiKey: 'k' }), 'auto')
    for (let times = 0; times < 2; times += 1) expect((await model.complete(request, never)).text).toBe('well')
    expect(endpoint.requests).toHaveLength(3)
  })

  test.each(['Conversation roles must alternate user/assistant/user/assistant/...', 'Only user and assistant roles are supported!'])(
    'all but a user and an assistant in turn gets neither results of tools nor a system message (older chat templates): %s [model:any]',
    async (says) => {
      const takes = (body: Body): boolean => sent(body).every(({ role }, place) => role === (place % 2 === 0 ? 'user' : 'assistant'))
      endpoint = await imitateEndpoint(({ body }) => (takes(body) ? completion({ content: '{"name": "send_message", "arguments": {"message": "hello"}}' }) : said(says)))
      const reply = await withToolFormat(openAIModel({ baseURL: endpoint.url, apiKey: 'k' }), 'auto').complete(request, never)
      expect(reply.toolCalls).toMatchObject([{ name: 'send_message', arguments: '{"message": "hello"}' }])
    },
  )

  test.each([
    ['a place within the messages is named beside its words', said('Invalid request.', { param: 'messages.[2].content' })],
    ['a value out of its bounds', said('Invalid value.', { param: 'temperature', code: 'invalid_value' })],
    ['an image', said('unsupported content type: image')],
    ['a tool by its name', said("tools.0.name: 'role' is not allowed")],
    ['a role where it does not belong', said("messages: first message must use the 'user' language setting")],
    ['a field within a tool', said(`[{'type': 'extra_forbidden', 'loc': ('body', 'tools', 0, 'function', 'note'), 'msg': 'Extra inputs are not permitted'}]`, {}, 422)],
    ['a field of a message', said('messages.2.tools: Extra inputs are not permitted')],
    ['the place of a result of a tool', said('Invalid role: tool messages must follow tool calls')],
    ['a model that is named so', said('The model `acme-tools` is not available', {}, 404)],
    ['a crash with its words for none', said("'NoneType' object has no attribute 'shape'", {}, 500)],
  ])('something else is not asked in another form: %s [model:any]', async (_what, refusal) => {
    endpoint = await imitateEndpoint(() => refusal)
    const model = withToolFormat(openAIModel({ baseURL: endpoint.url, apiKey: 'k' }), 'auto')
    await expect(model.complete(request, never)).rejects.toThrow()
    expect(endpoint.requests).toHaveLength(1)
  })

  test.each([
    ['what it says of tools', 'the user wrote: function calling is not supported', has('tools')],
    ['what it says of system messages', 'the user wrote: system messages are not supported', hasSystem],
    ['what it says of a setting', 'the user wrote: temperature is not supported', has('temperature')],
  ])('a request in any form has not taught any, as where it repeats the prompt: %s [model:any]', async (_what, says, isAsUsual) => {
    endpoint = await imitateEndpoint((_, number) => (number <= 2 ? said(`cannot be moderated, ${says}`) : completion({ content: 'well' })))
    const model = withToolFormat(openAIModel({ baseURL: endpoint.url, apiKey: 'k' }), 'auto')
    await expect(model.complete(request, never)).rejects.toMatchObject({ kind: 'bad-request' })
    expect((await model.complete(request, never)).text).toBe('well')
    expect(endpoint.requests.map(({ body }) => isAsUsual(body))).toEqual([true, false, true])
  })

  test.each([
    ['Qianfan', { status: 400, body: { error_code: 336_003, error_msg: 'embeddings max texts as 16' } }],
    ['Qianfan', said('the max number of input is 16')],
    ['MiniMax', { body: { vectors: null, base_resp: { status_code: 2_013, status_msg: 'invalid params, texts len exceeds 16' } } }],
  ])('many texts to embed gets fewer: %s [model:any]', async (_who, refusal) => {
    endpoint = await imitateEndpoint(({ body: { input } }) => {
      const texts = input as readonly string[]
      return texts.length > 16 ? refusal : { body: { data: texts.map((_, index) => ({ index, embedding: [1, 2] })) } }
    })
    const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`)
    expect(await openAIEmbedder({ baseURL: endpoint.url, apiKey: 'k', model: 'e', dimensions: 2 }).embed(texts, never)).toHaveLength(40)
    expect(endpoint.requests).toHaveLength(4)
  })
})

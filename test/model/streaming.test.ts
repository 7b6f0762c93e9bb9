import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { ModelDelta, ModelReply, ModelRequest } from '../../src/model/model.ts'
import { openAIModel } from '../../src/model/openai.ts'
import { callsInPieces } from '../../src/model/openai/calls-in-pieces.ts'
import { readChatAnswer } from '../../src/model/openai/chat-answer.ts'
import { readChatStream, type Patience } from '../../src/model/openai/chat-stream.ts'
import { serverSentEvents, type ServerSentEvent } from '../../src/model/openai/sse.ts'
import { isJson } from '../../src/protocol/json.ts'
import { completion, eventStream, imitateEndpoint, type GivenAnswer, type ImitatedEndpoint, type SeenRequest } from '../support/imitated-endpoint.ts'

/* What real servers were seen to stream, in the words of their users' reports, served over HTTP. The servers are not part of the tests. */
const never = new AbortController().signal
const request: ModelRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }], tools: [], maxOutputTokens: 50 }

let endpoint: ImitatedEndpoint | undefined
afterEach(() => endpoint?.close())

async function streaming(answer: (request: SeenRequest, number: number) => GivenAnswer) {
  const imitated = (endpoint = await imitateEndpoint(answer))
  const deltas: ModelDelta[] = []
  const model = openAIModel({ baseURL: imitated.url, apiKey: 'secret-key' })
  return { requests: imitated.requests, deltas, ask: () => model.complete(request, never, (delta) => deltas.push(delta)) }
}

const done = 'data: [DONE]\n\n'
const chunk = (delta: unknown, finish: string | null = null, rest: Readonly<Record<string, unknown>> = {}): unknown => ({ choices: [{ index: 0, delta, finish_reason: finish }], ...rest })
const usage = { prompt_tokens: 30, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 10 } }
const part = (index: number | undefined, name: string | undefined, written: string, id?: string): unknown => ({ ...(index !== undefined && { index }), ...(id !== undefined && { id }), function: { ...(name !== undefined && { name }), arguments: written } })
const written = (deltas: readonly ModelDelta[], type: 'text' | 'thinking'): string => deltas.map((delta) => (delta.type === type ? delta.text : '')).join('')

describe('a streamed answer', () => {
  const twoCalls = [
    { id: 'a', name: 'search', arguments: '{"query":"x"}' },
    { id: 'b', name: 'send_message', arguments: '{"message":"Hi"}' },
  ]
  const shapes: readonly (readonly [who: string, chunks: readonly unknown[]])[] = [
    ['OpenAI', [chunk({ role: 'assistant', content: null }), chunk({ tool_calls: [part(0, 'search', '', 'a')] }), chunk({ tool_calls: [part(0, undefined, '{"query":')] }), chunk({ tool_calls: [part(0, undefined, '"x"}')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":', 'b')] }), chunk({ tool_calls: [part(1, undefined, '"Hi"}')] }), chunk({}, 'tool_calls'), { choices: [], usage }, done]],
    ['both calls interleaved', [chunk({ tool_calls: [part(0, 'search', '{"que', 'a'), part(1, 'send_message', '{"mess', 'b')] }), chunk({ tool_calls: [part(1, undefined, 'age":"Hi"}'), part(0, undefined, 'ry":"x"}')] }), chunk({}, 'tool_calls', { usage }), done]],
    ['without an index, told apart by id', [chunk({ tool_calls: [part(undefined, 'search', '{"query":"x"}', 'a')] }), chunk({ tool_calls: [part(undefined, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({}, 'tool_calls', { usage }), done]],
    ['each call whole under the index 0', [chunk({ tool_calls: [part(0, 'search', '{"query":"x"}', 'a')] }), chunk({ tool_calls: [part(0, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({}, 'stop', { usage }), done]],
    ['each call whole under one index and id, of the first', [chunk({ tool_calls: [part(0, 'search', '{"query":"x"}', 'a')] }), chunk({ tool_calls: [part(0, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({ tool_calls: [part(0, 'send_message', '', 'b')] }), chunk({}, 'stop', { usage }), done]],
    ['one id under two indexes', [chunk({ tool_calls: [part(0, 'search', '', 'a')] }), chunk({ tool_calls: [part(1, undefined, '{"query":', 'a')] }), chunk({ tool_calls: [part(1, undefined, '"x"}')] }), chunk({ tool_calls: [part(2, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({}, 'tool_calls', { usage }), done]],
    ['pieces of indexes and ids that no call has', [chunk({ tool_calls: [part(0, 'search', '{"query":', 'a')] }), chunk({ tool_calls: [part(1, undefined, '"x"')] }), chunk({ tool_calls: [part(undefined, undefined, '}', 'z')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":', 'b')] }), chunk({ tool_calls: [part(1, undefined, '"Hi"}', 'y')] }), chunk({}, 'tool_calls', { usage }), done]],
    ['a name in two pieces', [chunk({ tool_calls: [part(0, 'sea', '', 'a')] }), chunk({ tool_calls: [part(0, 'rch', '')] }), chunk({ tool_calls: [part(0, 'search', '{"query":"x"}')] }), chunk({ tool_calls: [part(1, 'send_mes', '', 'b')] }), chunk({ tool_calls: [part(1, 'sage', '{"message":"Hi"}', 'b')] }), chunk({}, 'tool_calls', { usage }), done]],
    ['a whole message in one event', [{ choices: [{ finish_reason: 'tool_calls', message: { content: '', tool_calls: twoCalls.map(({ id, name, arguments: args }) => ({ id, type: 'function', function: { name, arguments: args } })) } }], usage }, done]],
    ['each piece with all that came before', [chunk({ tool_calls: [part(0, 'search', '', 'a')] }), chunk({ tool_calls: [part(0, undefined, '{"qu')] }), chunk({ tool_calls: [part(0, undefined, '{"query":')] }), chunk({ tool_calls: [part(0, undefined, '{"query":"x"}')] }), chunk({ tool_calls: [part(0, undefined, '{"query":"x"}')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":', 'b')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":"Hi', 'b')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({}, 'tool_calls', { usage }), done]],
    ['arguments once more at the end, whole', [chunk({ tool_calls: [part(0, 'search', '{"query":', 'a')] }), chunk({ tool_calls: [part(0, undefined, '"x"}')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({ tool_calls: [part(0, 'search', '{"query":"x"}', 'a'), part(1, 'send_message', '{"message":"Hi"}', 'b')] }, 'tool_calls'), chunk({ tool_calls: [part(0, undefined, '{"query":"x"}')] }, 'tool_calls', { usage }), done]],
    ['a call begun twice, under another id', [chunk({ tool_calls: [part(0, 'search', '', 'a')] }), chunk({ tool_calls: [part(0, 'search', '', 'z')] }), chunk({ tool_calls: [part(0, undefined, '{"query":"x"}')] }), chunk({ tool_calls: [part(1, 'send_message', '', 'b')] }), chunk({ tool_calls: [part(1, undefined, '{"message":"Hi"}', 'y')] }), chunk({}, 'tool_calls', { usage }), done]],
    ['pieces, and the whole message at the end', [chunk({ tool_calls: [part(0, 'search', '{"query":', 'a')] }), chunk({ tool_calls: [part(0, undefined, '"x"}'), part(1, 'send_message', '{"message":"Hi"}', 'b')] }), { choices: [{ finish_reason: 'tool_calls', message: { content: '', tool_calls: twoCalls.map(({ id, name, arguments: args }) => ({ id: `${id}${id}`, type: 'function', function: { name, arguments: args } })) } }], usage }, done]],
    ['a choice for each call, each with the index 0', [{ choices: [{ index: 0, delta: { content: null }, finish_reason: null }, { index: 1, delta: { tool_calls: [part(0, 'search', '{"query":', 'a')] }, finish_reason: null }] }, { choices: [{ index: 1, delta: { tool_calls: [part(0, undefined, '"x"}')] } }, { index: 2, delta: { tool_calls: [part(0, 'send_message', '{"message":', 'b')] } }] }, { choices: [{ index: 2, delta: { tool_calls: [part(0, undefined, '"Hi"}')] } }] }, { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }], usage }, done]],
    ['pieces that are numbered as choices', [...[part(0, 'search', '{"que', 'a'), part(0, 'search', 'ry":', 'a'), part(0, 'search', '"x"}', 'a'), part(1, 'send_message', '{"message"', 'b'), part(1, 'send_message', ':"Hi"}', 'b')].map((piece, index) => ({ choices: [{ index, delta: { tool_calls: [piece] }, finish_reason: null }] })), { choices: [{ index: 5, delta: {}, finish_reason: 'tool_calls' }], usage }, done]],
    ['an id of its own for each piece (vLLM, mlx)', [...['', '{"query":', '"x"}'].map((written, at) => chunk({ tool_calls: [part(0, 'search', written, at === 0 ? 'a' : `a${at}`)] })), ...['', '{"message":"H', 'i"}'].map((written, at) => chunk({ tool_calls: [part(1, 'send_message', written, at === 0 ? 'b' : `b${at}`)] })), chunk({}, 'tool_calls', { usage }), done]],
    ['no empty lines between events', [`data: ${JSON.stringify(chunk({ tool_calls: [part(0, 'search', '{"query":', 'a')] }))}\ndata: ${JSON.stringify(chunk({ tool_calls: [part(0, undefined, '"x"}')] }))}\n`, `data: ${JSON.stringify(chunk({ tool_calls: [part(1, 'send_message', '{"message":"Hi"}', 'b')] }))}\n: ping\ndata: ${JSON.stringify(chunk({}, 'tool_calls', { usage }))}\ndata: [DONE]\n`]],
    ['lines of JSON, without the word data', [chunk({ tool_calls: [part(0, 'search', '{"query":"x"}', 'a')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({}, 'tool_calls'), { choices: [], usage }, '[DONE]'].map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)],
    ['no end but the last reason', [chunk({ tool_calls: [part(0, 'search', '{"query":"x"}', 'a')] }), chunk({ tool_calls: [part(1, 'send_message', '{"message":"Hi"}', 'b')] }), chunk({}, 'tool_calls', { usage })]],
  ]

  test.each(shapes)('is read as the whole one, its calls told apart: %s [live:text model:any]', async (_, chunks) => {
    const { ask, deltas, requests } = await streaming(() => eventStream(chunks))
    expect(await ask()).toEqual({ text: '', toolCalls: twoCalls, finishReason: 'tool-calls', usage: { promptTokens: 30, cachedTokens: 10, completionTokens: 4 } })
    for (const [index, call] of twoCalls.entries()) {
      const of = deltas.filter((delta) => delta.type === 'call').filter((delta) => delta.index === index)
      expect(of.map((delta) => delta.arguments).join('')).toBe(call.arguments)
      expect([of[0]?.name, of[0]?.id]).toEqual([call.name, call.id])
    }
    expect(requests[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
  })

  test('keeps calls apart that are whole under one index and have no ids, also where a name is repeated [live:text model:any]', async () => {
    const { ask, deltas } = await streaming(() =>
      eventStream([chunk({ tool_calls: [part(0, 'search', '{"query":')] }), chunk({ tool_calls: [part(0, 'search', '"x"}')] }), chunk({ tool_calls: [part(0, 'search', '')] }), chunk({ tool_calls: [part(0, 'send_message', '{"message":"Hi"}')] }), chunk({}, 'stop'), done]),
    )
    expect((await ask()).toolCalls).toMatchObject(twoCalls.map(({ name, arguments: args }) => ({ name, arguments: args })))
    expect(deltas.map((delta) => delta.type === 'call' && delta.index)).toEqual([0, 0, 0, 1])
  })

  test.each([
    ['one index', 0],
    ['two indexes', 1],
  ])('keeps calls apart that are whole and have one id, under %s [live:text model:any]', async (_, second) => {
    const { ask } = await streaming(() => eventStream([chunk({ tool_calls: [part(0, 'search', '{"query":"x"}', 'a')] }), chunk({ tool_calls: [part(second, 'send_message', '{"message":', 'a')] }), chunk({ tool_calls: [part(second, undefined, '"Hi"}', 'a')] }), chunk({}, 'tool_calls'), done]))
    expect((await ask()).toolCalls).toMatchObject(twoCalls.map(({ name, arguments: args }) => ({ name, arguments: args })))
  })

  test('keeps calls apart that come piece by piece under one id, by index and name [live:text model:any]', async () => {
    const { ask } = await streaming(() => eventStream([chunk({ tool_calls: [part(0, 'search', '', 'a'), part(1, 'send_message', '', 'a')] }), chunk({ tool_calls: [part(1, undefined, '{"message":"Hi"}', 'a'), part(0, undefined, '{"query":"x"}', 'a')] }), chunk({}, 'tool_calls'), done]))
    expect((await ask()).toolCalls).toMatchObject(twoCalls.map(({ name, arguments: args }) => ({ name, arguments: args })))
  })

  test('has the arguments that it means where a piece could be either more of them or all of them anew [live:text model:any]', async () => {
    const ask = async (...pieces: readonly string[]): Promise<readonly [stored: string | undefined, told: string]> => {
      const { ask, deltas } = await streaming(() => eventStream([...pieces.map((piece, at) => chunk({ tool_calls: [part(0, at === 0 ? 'note' : undefined, piece, at === 0 ? 'a' : undefined)] })), chunk({}, 'tool_calls'), done]))
      const { toolCalls } = await ask()
      await endpoint?.close()
      return [toolCalls[0]?.arguments, deltas.map((delta) => (delta.type === 'call' ? delta.arguments : '')).join('')]
    }
    const both = (json: string): readonly [string, string] => [json, json]
    expect(await ask('{"a":', '{"a":1', '}}')).toEqual(both('{"a":{"a":1}}'))
    expect(await ask('{"a":', '{"a":1}}')).toEqual(both('{"a":{"a":1}}'))
    expect(await ask('{"a":', '{"a":', '1}}')).toEqual(both('{"a":{"a":1}}'))
    expect(await ask('{"a":', '{"a":1}')).toEqual(both('{"a":1}'))
    expect(await ask('{"a":', '{"a":1', '{"a":1}')).toEqual(both('{"a":1}'))
    expect(await ask('{"a":[1', '1', '1', ']}')).toEqual(both('{"a":[111]}'))
    expect(await ask('{"a":"', 'ha', 'ha', '"}')).toEqual(both('{"a":"haha"}'))
    expect(await ask('{"a":"{\\"a\\":', '{\\"a\\":', '"}')).toEqual(both('{"a":"{\\"a\\":{\\"a\\":"}'))
  })

  test('has all its text where its pieces are numbered as choices [live:text model:any]', async () => {
    const { ask } = await streaming(() => eventStream([...['Good ', 'day', '.'].map((content, index) => ({ choices: [{ index, delta: { content }, finish_reason: null }] })), { choices: [{ index: 3, delta: {}, finish_reason: 'stop' }] }, done]))
    expect(await ask()).toMatchObject({ text: 'Good day.', finishReason: 'stop' })
  })

  test('has its text once where the whole message follows its pieces, and what of that is new [live:text model:any]', async () => {
    const whole = (message: unknown): unknown => ({ choices: [{ index: 0, finish_reason: 'stop', message }] })
    const { ask, deltas } = await streaming((_, number) => eventStream([chunk({ content: 'Good ' }), chunk({ content: 'day' }), whole({ role: 'assistant', content: number === 1 ? 'Good day' : 'Good day.', reasoning_content: 'Well' }), done]))
    expect(await ask()).toMatchObject({ text: 'Good day', thinking: 'Well' })
    expect(await ask()).toMatchObject({ text: 'Good day.', thinking: 'Well' })
    expect(written(deltas, 'text')).toBe('Good dayGood day.')
  })

  test('tells reasoning that stands only where it is sent back from, and once where it stands in two places [live:text model:any]', async () => {
    const details = (text: string): unknown => ({ reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] })
    for (const beside of [{}, { reasoning: true }]) {
      const pieces = ['Let me ', 'see.'].map((text) => chunk({ ...(details(text) as object), ...('reasoning' in beside && { reasoning: text }) }))
      const { ask, deltas } = await streaming(() => eventStream([...pieces, chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'AAAA' }] }), chunk({ content: 'well' }), chunk({}, 'stop'), done]))
      expect(await ask()).toMatchObject({ text: 'well', thinking: 'Let me see.' })
      expect(written(deltas, 'thinking')).toBe('Let me see.')
      await endpoint?.close()
    }
    expect(readChatAnswer(completion({ content: 'well', ...(details('Let me see.') as object) }).body, 1)).toMatchObject({ text: 'well', thinking: 'Let me see.' })
  })

  test.each(['application/json', 'text/plain', 'text/html'])('is one by its body, whatever its type says: %s [live:text model:any]', async (type) => {
    const { ask, deltas, requests } = await streaming(() => eventStream([': ping\n\n', chunk({ content: 'well' }), chunk({}, 'stop'), done], { type }))
    expect([(await ask()).text, (await ask()).text, written(deltas, 'text')]).toEqual(['well', 'well', 'wellwell'])
    expect(requests.map(({ body }) => body['stream'])).toEqual([true, true])
  })

  test('is complete once the reason of its end has come, though the connection breaks then [live:text model:retry]', async () => {
    const { ask, requests } = await streaming(() => eventStream([chunk({ content: 'well' }), chunk({}, 'stop'), 'data: {"usa'], { breaks: true }))
    expect(await ask()).toMatchObject({ text: 'well', finishReason: 'stop' })
    expect(requests).toHaveLength(1)
  })

  test('that ends with [DONE] and no reason is not said to be cut [live:text model:any]', async () => {
    const { ask } = await streaming(() => eventStream([{ choices: [{ index: 0, delta: { content: 'well' } }] }, done]))
    expect(await ask()).toMatchObject({ text: 'well', finishReason: 'other' })
  })

  const contents: readonly (readonly [what: string, content: unknown])[] = [
    ['a record', { type: 'text', text: 'well' }],
    ['a list of texts', ['we', 'll']],
    ['a part whose text is a record', [{ type: 'text', text: { value: 'well' } }]],
    ['a part that is a refusal', [{ type: 'refusal', refusal: 'well' }]],
  ]
  test.each(contents)('has its text as a whole answer may have it: %s [live:text model:any]', async (_, content) => {
    const { ask, deltas } = await streaming(() => eventStream([chunk({ content }), chunk({}, 'stop'), done]))
    expect(await ask()).toMatchObject({ text: 'well', finishReason: 'stop' })
    expect(written(deltas, 'text')).toBe('well')
  })

  test.each([{}, { code: 0, message: 'success' }, { code: '', message: '', type: null }])('is one though an empty error stands beside it: %j [live:text model:any]', async (error) => {
    for (const shape of [{ error }, { choices: [{ index: 0, delta: { content: 'well' }, finish_reason: 'stop', error }] }]) {
      const { ask } = await streaming(() => eventStream([{ ...(chunk({ content: 'well' }, 'stop') as object), ...shape }, done]))
      expect(await ask()).toMatchObject({ text: 'well', finishReason: 'stop' })
      await endpoint?.close()
    }
  })

  test('is read where a proxy has written its events into events [live:text model:any]', async () => {
    const { ask } = await streaming(() => eventStream([chunk({ content: 'we' }), chunk({ content: 'll' }, 'stop')].map((json) => `data: data: ${JSON.stringify(json)}\n\n`).concat('data: data: [DONE]\n\n')))
    expect(await ask()).toMatchObject({ text: 'well', finishReason: 'stop' })
  })

  test('has its calls among the parts of its text, as Anthropic writes them [live:text model:any]', async () => {
    const parts = [{ type: 'text', text: 'I look.' }, { type: 'tool_use', id: 'a', name: 'search', input: { query: 'x' } }]
    const { ask } = await streaming(() => eventStream([chunk({ content: parts }), chunk({}, 'tool_use'), done]))
    const whole = readChatAnswer({ choices: [{ message: { content: parts }, finish_reason: 'tool_use' }] }, 1)
    expect(await ask()).toEqual(whole)
    expect(whole).toMatchObject({ text: 'I look.', toolCalls: [{ id: 'a', name: 'search', arguments: '{"query":"x"}' }], finishReason: 'tool-calls' })
  })

  test('has the usage of its prompt in one piece and of its answer in another (gateways before Anthropic) [live:text model:any]', async () => {
    const { ask } = await streaming(() => eventStream([chunk({ content: 'well' }, null, { usage: { prompt_tokens: 100, completion_tokens: 1 } }), chunk({}, 'stop', { usage: { prompt_tokens: 0, completion_tokens: 50 } }), done]))
    expect(await ask()).toMatchObject({ usage: { promptTokens: 100, completionTokens: 50 } })
  })

  test('is read where nobody has asked for one [model:any]', async () => {
    endpoint = await imitateEndpoint(() => eventStream([chunk({ content: 'we' }), chunk({ content: 'll' }, 'stop', { usage }), done]))
    expect(await openAIModel({ baseURL: endpoint.url, apiKey: 'k' }).complete(request, never)).toMatchObject({ text: 'well', finishReason: 'stop', usage: { promptTokens: 30 } })
  })

  test.each([
    ['Azure', { choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: { hate: { filtered: true, severity: 'high' } } }] }],
    ['Gemini', { choices: [], promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }],
  ])("without choices, whose prompt a filter has held back, is the filter's [context:no-poison model:any]: %s", async (_, body) => {
    for (const answer of [{ body }, eventStream([body, done])]) {
      const { ask } = await streaming(() => answer)
      await expect(ask()).rejects.toMatchObject({ kind: 'filtered', retryable: false })
      await endpoint?.close()
    }
  })

  test('that ends without a reason before the arguments of a call leaves the call malformed [live:text step:malformed-call]', async () => {
    const { ask } = await streaming(() => eventStream([chunk({ tool_calls: [part(0, 'list_documents', '', 'a')] }), done]))
    const { toolCalls } = await ask()
    expect(toolCalls).toMatchObject([{ id: 'a', name: 'list_documents' }])
    expect(toolCalls.map(({ arguments: written }) => isJson(written))).toEqual([false])
  })

  test('may have arguments that are no text: an object is its JSON, and what is nested too deeply makes a malformed call [live:text model:any step:malformed-call]', async () => {
    const deep = `${'{"a":['.repeat(50_000)}${']}'.repeat(50_000)}`
    const { ask, deltas } = await streaming(() =>
      eventStream([
        chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'search', arguments: { query: 'x' } } }] }),
        `data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"search","arguments":${deep}}}]}}]}\n\n`,
        chunk({ tool_calls: [{ index: 2, id: 'c', function: { name: 'stop', arguments: [] } }] }),
        chunk({}, 'tool_calls'),
        done,
      ]),
    )
    const { toolCalls } = await ask()
    expect(toolCalls.map(({ id, arguments: given }) => [id, isJson(given) ? given : 'malformed'])).toEqual([['a', '{"query":"x"}'], ['b', 'malformed'], ['c', '{}']])
    expect(deltas).toMatchObject([{ index: 0, name: 'search', arguments: '{"query":"x"}' }, { index: 1, name: 'search', arguments: toolCalls[1]?.arguments }])
  })

  test('tells text and reasoning, in whichever field that comes [live:text model:any]', async () => {
    const { ask, deltas } = await streaming(() =>
      eventStream([': ping\n\n', chunk({ reasoning_content: 'Let me ', reasoning: 'Let me ' }), chunk({ reasoning_content: '', reasoning: 'see.' }), chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: ' So.' }] }] }), chunk({ content: 'Good ' }), chunk({ content: [{ type: 'text', text: 'day.' }] }), chunk({}, 'length'), done]),
    )
    expect(await ask()).toMatchObject({ text: 'Good day.', thinking: 'Let me see. So.', finishReason: 'length' })
    expect([written(deltas, 'text'), written(deltas, 'thinking')]).toEqual(['Good day.', 'Let me see. So.'])
  })

  test.each([{ reasoning_text: 'hm' }, { thinking: 'hm' }, { reasoning: { content: 'hm' } }, { reasoning: { summary: 'hm' } }])('tells reasoning that other endpoints give: %j [live:text model:any]', async (delta) => {
    const { ask, deltas } = await streaming(() => eventStream([chunk(delta), chunk({ content: 'well' }, 'stop'), done]))
    expect([(await ask()).thinking, written(deltas, 'thinking')]).toEqual(['hm', 'hm'])
    expect(readChatAnswer({ choices: [{ message: { content: 'well', ...delta }, finish_reason: 'stop' }] }, 1)).toMatchObject({ text: 'well', thinking: 'hm' })
  })

  const counted = { promptTokens: 30, cachedTokens: 10, completionTokens: 4 }
  test.each<[where: string, pieces: readonly unknown[]]>([
    ['within a choice (Kimi)', [chunk({ content: 'well' }), { choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: { prompt_tokens: 30, completion_tokens: 4, total_tokens: 34, cached_tokens: 10 } }] }]],
    ['in a field of its own (Groq)', [chunk({ content: 'well' }, 'stop', { x_groq: { id: 'x', usage } })]],
    ['with every piece, and without numbers at last', [chunk({ content: 'we' }, null, { usage: { prompt_tokens: 30, completion_tokens: 1 } }), chunk({ content: 'll' }, 'stop', { usage }), chunk({ content: '' }, null, { usage: { prompt_tokens: 0, completion_tokens: 0 } }), { choices: [], usage: null }]],
    ['with a list for no details, and as texts', [chunk({ content: 'well' }, 'stop', { usage: { prompt_tokens: '30', completion_tokens: '4', prompt_tokens_details: [], cached_tokens: 10 } })]],
    ['under the names of other protocols', [chunk({ content: 'well' }, 'stop', { usage: { input_tokens: 30, output_tokens: 4, input_tokens_details: { cached_tokens: 10 } } })]],
  ])('has its usage wherever that stands: %s [live:text model:any]', async (_, pieces) => {
    const { ask } = await streaming(() => eventStream([...pieces, done]))
    expect(await ask()).toMatchObject({ text: 'well', usage: counted })
  })
})

describe('a heartbeat', () => {
  const beats = ['data:\n\n', 'data: \n\n', 'data:  \n\n', 'event: ping\ndata:\n\n', 'event: heartbeat\n\n', 'event: ping\ndata: {"type":"ping","message":"still here"}\n\n', 'event: keep-alive\ndata: {"at":\n\n', 'data: ping\n\n', 'data: still here\n\n', 'data: {"type":"ping"}\n\n', 'data: {"type":"heartbeat","message":"still here"}\n\n', 'data: {}\n\n', 'data: []\n\n', 'data: null\n\n', 'data: 1764450000\n\n', 'data: "ping"\n\n', 'id: 7\n\n', ': PROCESSING\n\n']
  const begun = chunk({ tool_calls: [part(0, 'send_message', '{"message":', 'a')] })
  const rest = chunk({ tool_calls: [part(0, undefined, '"Hi"}')] })

  test.each(beats)('is no piece of the answer around it: %j [live:text model:any]', async (beat) => {
    const { ask, deltas } = await streaming(() => eventStream([beat, begun, beat, rest, beat, chunk({}, 'tool_calls'), beat, done]))
    expect(await ask()).toMatchObject({ toolCalls: [{ id: 'a', name: 'send_message', arguments: '{"message":"Hi"}' }], finishReason: 'tool-calls' })
    expect(deltas.map((delta) => delta.type === 'call' && delta.arguments)).toEqual(['{"message":', '"Hi"}'])
  })

  test.each(beats)('completes no answer that breaks off after it: %j [live:text model:retry]', async (beat) => {
    const { ask, requests } = await streaming(() => eventStream([begun, beat], { breaks: true }))
    await expect(ask()).rejects.toMatchObject({ retryable: true })
    expect(requests).toHaveLength(1)
  })
})

describe('a reason of the end', () => {
  const call = chunk({ tool_calls: [part(0, 'send_message', '{"message":"Hi"}', 'a')] }, 'tool_calls')
  const called = { text: 'I think', toolCalls: [{ id: 'a', name: 'send_message', arguments: '{"message":"Hi"}' }], finishReason: 'tool-calls' }
  const thought = { reasoning_content: 'I think' }
  const broken = { kind: 'unreachable', retryable: true }

  test.each(['null', 'None', '', ' NULL ', 'undefined', 'FINISH_REASON_UNSPECIFIED', 0])('that is a word for nothing is none: %j [live:text model:retry]', async (word) => {
    const piece = (delta: unknown): unknown => ({ choices: [{ index: 0, delta, finish_reason: word }] })
    const begun = [piece({ tool_calls: [part(0, 'send_message', '{"message":', 'a')] }), piece({ tool_calls: [part(0, undefined, '"Hi')] })]
    for (const more of [{}, { breaks: true }] as const) {
      const { ask, requests } = await streaming(() => eventStream(begun, more))
      await expect(ask()).rejects.toMatchObject(broken)
      expect(requests).toHaveLength(1)
      await endpoint?.close()
    }
    const { ask } = await streaming(() => eventStream([...begun, piece({ tool_calls: [part(0, undefined, '"}')] }), chunk({}, 'tool_calls')]))
    expect(await ask()).toMatchObject({ ...called, text: '' })
  })

  test.each(['none', '', 0])('that is a word for nothing with all pieces is one of some kind, once the stream ends by itself: %j [live:text model:any]', async (word) => {
    const pieces = (...deltas: readonly unknown[]): readonly unknown[] => deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: word }] }))
    const text = pieces({ content: 'we' }, { content: 'll' })
    const calls = pieces({ tool_calls: [part(0, 'send_message', '{"message":', 'a')] }, { tool_calls: [part(0, undefined, '"Hi"}')] })
    for (const end of [[], [done], [{ choices: [], usage }, done]]) {
      const { ask } = await streaming((_, number) => eventStream([...(number === 1 ? text : calls), ...end]))
      expect(await ask()).toMatchObject({ text: 'well', finishReason: 'other' })
      expect(await ask()).toMatchObject({ ...called, text: '' })
      await endpoint?.close()
    }
    for (const answer of [eventStream(text, { breaks: true }), eventStream([...text, chunk({ content: ' then' })]), eventStream(pieces({ tool_calls: [part(0, 'list_documents', '', 'a')] })), eventStream(pieces(thought))]) {
      const { ask } = await streaming(() => answer)
      await expect(ask()).rejects.toMatchObject(broken)
      await endpoint?.close()
    }
  })

  test.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['as a field', thought],
    ['as parts', { content: [{ type: 'thinking', thinking: 'I think' }] }],
    ['in tags', { content: '<think>I think</think>\n' }],
    ['of nothing', {}],
  ])('beside thoughts alone, %s, ends nothing yet [live:text model:retry]', async (_, delta) => {
    const { ask } = await streaming(() => eventStream([chunk(delta, 'stop'), call, done]))
    expect((await ask()).toolCalls).toEqual(called.toolCalls)
    await endpoint?.close()
    const { ask: askBroken, requests } = await streaming(() => eventStream([chunk(delta, 'stop')], { breaks: true }))
    await expect(askBroken()).rejects.toMatchObject(broken)
    expect(requests).toHaveLength(1)
    await endpoint?.close()
    const { ask: askWhole } = await streaming(() => eventStream([chunk(delta, 'stop'), done]))
    expect(await askWhole()).toMatchObject({ toolCalls: [], finishReason: 'stop' })
  })

  test.each(['length', 'content_filter'])('that says why there is no more than thoughts is believed: %s [live:text model:any]', async (reason) => {
    const { ask } = await streaming(() => eventStream([chunk(thought, reason)], { breaks: true }))
    expect(await ask()).toMatchObject({ toolCalls: [], finishReason: reason === 'length' ? 'length' : 'filtered' })
  })

  test('after which more comes is none, until another one comes [live:text model:retry]', async () => {
    const goesOn = [chunk({ content: 'well' }, 'stop'), chunk({ tool_calls: [part(0, 'send_message', '{"mess', 'a')] })]
    const { ask } = await streaming(() => eventStream(goesOn, { breaks: true }))
    await expect(ask()).rejects.toMatchObject(broken)
    await endpoint?.close()
    const { ask: askAgain } = await streaming(() => eventStream([...goesOn, chunk({ tool_calls: [part(0, undefined, 'age":"Hi"}')] }), chunk({}, 'tool_calls'), chunk({ content: '' }), { choices: [], usage }], { breaks: true }))
    expect(await askAgain()).toMatchObject({ ...called, text: 'well' })
  })

  /** Pieces, and pauses between them in milliseconds; the connection stays open. */
  async function paused(steps: readonly unknown[], patience: Patience): Promise<ModelReply> {
    const body = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        for (const step of steps) {
          if (typeof step === 'number') await setTimeout(step)
          else controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(step)}\n\n`))
        }
      },
    })
    return readChatAnswer((await readChatStream(body, () => undefined, [], never, patience)).body, 1)
  }

  test('beside thoughts alone has more waited for longer than one beside an answer, and neither for ever [live:text model:any]', async () => {
    expect(await paused([chunk(thought, 'stop'), 300, call], { surelyEnded: 20, perhapsEnded: 30_000 })).toMatchObject(called)
    expect(await paused([chunk({ content: 'well' }, 'stop'), 300, chunk({}), 5_000, call], { surelyEnded: 20, perhapsEnded: 30_000 })).toMatchObject({ text: 'well', toolCalls: [] })
    expect(await paused([chunk(thought, 'stop')], { surelyEnded: 30_000, perhapsEnded: 20 })).toMatchObject({ text: '', thinking: 'I think', toolCalls: [], finishReason: 'stop' })
    expect(await paused([chunk({ content: 'we' }, 'stop'), chunk({ content: 'll' })], { surelyEnded: 30_000, perhapsEnded: 20 })).toMatchObject({ text: 'well', finishReason: 'stop' })
  })

  const emptyPieces = [': ping\n\n', 'data: {"type":"ping"}\n\n', `data: ${JSON.stringify(chunk({}))}\n\n`, `data: ${JSON.stringify(chunk({ content: '' }, 'stop'))}\n\n`]
  test.each(emptyPieces)('has no more waited for because the connection is kept open: %j [live:text model:any]', async (kept) => {
    for (const first of [chunk({ content: 'well' }, 'stop'), chunk({ content: '', reasoning_content: 'I think' }, 'stop')]) {
      const encoder = new TextEncoder()
      let began = false
      const body = new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          if (began) await setTimeout(20)
          controller.enqueue(encoder.encode(began ? kept : `data: ${JSON.stringify(first)}\n\n`))
          began = true
        },
      })
      const { body: answer } = await readChatStream(body, () => undefined, [], never, { surelyEnded: 200, perhapsEnded: 200 })
      expect(readChatAnswer(answer, 1)).toMatchObject({ toolCalls: [], finishReason: 'stop' })
    }
  })

  test('that comes with each piece, or before all of a call has come, is not believed [live:text model:any]', async () => {
    const words = ['All ', 'is ', 'well ', 'here'].map((content) => chunk({ content }, 'stop'))
    expect(await paused([...words.slice(0, 3), 100, words[3]], { surelyEnded: 20, perhapsEnded: 400 })).toMatchObject({ text: 'All is well here', finishReason: 'stop' })
    const pieces = ['{"message"', ':"Hi', '"}'].flatMap((written, at) => [chunk({ tool_calls: [part(0, at === 0 ? 'send_message' : undefined, written, at === 0 ? 'a' : undefined)] }), chunk({}, 'tool_calls'), 100])
    expect(await paused(pieces, { surelyEnded: 20, perhapsEnded: 5_000 })).toMatchObject({ ...called, text: '' })
  })

  test('has more waited for anew with each piece that brings more [live:text model:any]', async () => {
    const thoughts = Array.from({ length: 8 }, () => [chunk({ reasoning_content: '.' }, 'stop'), 150]).flat()
    expect((await paused([...thoughts, call], { surelyEnded: 20, perhapsEnded: 600 })).toolCalls).toEqual(called.toolCalls)
  })

  test('beside thoughts alone has more waited for six seconds and longer [live:text model:any]', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(chunk(thought, 'stop'))}\n\n`))
        await setTimeout(6_000)
        controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(call)}\n\n${done}`))
      },
    })
    expect(readChatAnswer((await readChatStream(body, () => undefined, [], never)).body, 1)).toMatchObject(called)
  })
})

test('arguments in very many pieces, each with the name of their call and an id of its own, take a time that grows with their number [live:text]', () => {
  const calls = callsInPieces(() => undefined)
  const begun = process.cpuUsage()
  for (let at = 0; at < 10_000; at += 1) calls.take({ index: 0, id: `c${at}`, function: { name: 'note', arguments: at === 0 ? '{"texts":["' : `a","b\\n${at}","` } })
  expect(calls.areBegunOnly()).toBe(true)
  calls.take({ index: 0, id: 'c', function: { name: 'note', arguments: '"]}' } })
  expect(calls.areWhole()).toBe(true)
  expect(process.cpuUsage(begun).user).toBeLessThan(2_000_000)
})

describe('calls that stand oddly in an answer, streamed or whole', () => {
  const function_ = { name: 'search', arguments: '{"query":"x"}' }
  const call = { id: 'a', function: function_ }
  const read = { id: 'a', name: 'search', arguments: '{"query":"x"}' }
  const unreadable = (written: string): unknown => ({ name: 'unreadable_call', arguments: written })
  const oddly: readonly (readonly [what: string, toolCalls: unknown, read: readonly unknown[]])[] = [
    ['nothing beside one', [null, call, {}, '', undefined], [read]],
    ['one that is none beside one', [42, call, [call]], [unreadable('42'), read, unreadable(JSON.stringify([call]))]],
    ['one whose function is none', [call, { id: 'b', function: 7 }], [read, unreadable('{"id":"b","function":7}')]],
    ['words', ['a sentence', call], [unreadable('"a sentence"'), read]],
    ['one without a list', call, [read]],
    ['a table', { 0: call, 1: { ...call, id: 'b' } }, [read, { ...read, id: 'b' }]],
    ['JSON within a text', JSON.stringify([call]), [read]],
    ['each as JSON within a text', [JSON.stringify(call)], [read]],
    ['names beside the id', [{ id: 'a', ...function_ }], [read]],
    ['a name for a function', [{ id: 'a', function: 'search', arguments: { query: 'x' } }], [read]],
    ['a function as JSON within a text', [{ id: 'a', function: JSON.stringify(function_) }], [read]],
    ['indexes that are texts', [{ index: '0', ...call }, { index: '1', ...call, id: 'b' }], [read, { ...read, id: 'b' }]],
  ]
  test.each(oddly)('are read as far as they can be, and what is none is told: %s [live:text model:any step:malformed-call]', async (_, toolCalls, expected) => {
    const { ask } = await streaming(({ body }) => (body['stream'] === true ? eventStream([chunk({ tool_calls: toolCalls }), chunk({}, 'tool_calls'), done]) : completion({ tool_calls: toolCalls })))
    const streamed = (await ask()).toolCalls
    expect(streamed).toMatchObject(expected)
    expect(streamed).toHaveLength(expected.length)
    const whole = readChatAnswer(completion({ tool_calls: toolCalls }).body, 1).toolCalls
    expect(whole).toMatchObject(expected)
    expect(whole).toHaveLength(expected.length)
  })

  test.each([[[1]], [['x']], [5], [true], [false]])('never become a call without arguments where these are no object: %j [live:text model:any step:malformed-call]', async (given) => {
    const message = { tool_calls: [{ id: 'a', function: { name: 'search', arguments: given } }] }
    const { ask } = await streaming(() => eventStream([chunk(message), chunk({}, 'tool_calls'), done]))
    const expected = [{ id: 'a', name: 'search', arguments: JSON.stringify(given) }]
    expect((await ask()).toolCalls).toMatchObject(expected)
    expect(readChatAnswer(completion(message).body, 1).toolCalls).toMatchObject(expected)
    expect(readChatAnswer(completion({ function_call: { name: 'search', arguments: given } }).body, 1).toolCalls).toMatchObject([{ name: 'search', arguments: JSON.stringify(given) }])
  })

  test.each([{ tool_calls: 'none' }, { tool_calls: ['None'] }, { function_call: 'none' }, { function_call: 'null' }, { tool_calls: 'auto', function_call: 'auto' }])('are none where a word stands in their place: %j [live:text model:any]', async (beside) => {
    const { ask } = await streaming(() => eventStream([chunk({ content: 'we', ...beside }), chunk({ content: 'll', ...beside }), chunk({}, 'stop'), done]))
    expect(await ask()).toMatchObject({ text: 'well', toolCalls: [], finishReason: 'stop' })
    expect(readChatAnswer(completion({ content: 'well', ...beside }).body, 1)).toMatchObject({ text: 'well', toolCalls: [], finishReason: 'stop' })
  })

  test('of the older form may be JSON within a text [live:text model:any]', async () => {
    const message = { function_call: JSON.stringify(function_) }
    const { ask } = await streaming(() => eventStream([chunk(message), chunk({}, 'function_call'), done]))
    expect((await ask()).toolCalls).toMatchObject([function_])
    expect(readChatAnswer(completion(message).body, 1).toolCalls).toMatchObject([function_])
  })

  test.each([[[7]], [['a sentence']], ['a sentence']])('make no answer where none is one: %j [live:text model:retry]', async (toolCalls) => {
    const { ask } = await streaming(() => eventStream([chunk({ tool_calls: toolCalls }), chunk({}, 'tool_calls'), done]))
    const failure: unknown = expect.objectContaining({ kind: 'server-error', message: expect.stringContaining('no call of it can be read') as string })
    await expect(ask()).rejects.toEqual(failure)
    expect(() => readChatAnswer(completion({ tool_calls: toolCalls }).body, 1)).toThrow(failure)
  })
})

describe('an endpoint that does not stream', () => {
  const whole = completion({ content: 'well' })
  const streams = ({ body }: SeenRequest): unknown => body['stream']

  test.each(['application/json', 'text/event-stream', 'application/octet-stream'])('but answers whole, as %s, is asked for whole answers from then on [live:text model:any]', async (type) => {
    const { ask, requests, deltas } = await streaming((seen) => (streams(seen) === true ? { ...whole, type } : whole))
    expect([(await ask()).text, (await ask()).text]).toEqual(['well', 'well'])
    expect(requests.map(streams)).toEqual([true, undefined])
    expect(deltas).toEqual([])
  })

  test.each(['Streaming is not supported for this model', "Unsupported value: 'stream' does not support true with this model", 'stream must be false'])('and says so is asked again at once: %s [live:text model:any]', async (message) => {
    const { ask, requests } = await streaming((seen) => (streams(seen) === true ? { status: 400, body: { error: { message } } } : whole))
    expect([(await ask()).text, (await ask()).text]).toEqual(['well', 'well'])
    expect(requests.map(streams)).toEqual([true, undefined, undefined])
  })

  test('with its usage streams without it [live:text model:any]', async () => {
    const { ask, requests, deltas } = await streaming(({ body }) => (body['stream_options'] === undefined ? eventStream([chunk({ content: 'well' }), chunk({}, 'stop'), done]) : { status: 422, body: { detail: 'Extra inputs are not permitted: stream_options' } }))
    const reply = await ask()
    expect([reply.text, reply.usage, (await ask()).text]).toEqual(['well', undefined, 'well'])
    expect(requests.map(({ body }) => [body['stream'], body['stream_options'] !== undefined])).toEqual([[true, true], [true, false], [true, false]])
    expect(written(deltas, 'text')).toBe('wellwell')
  })
})

describe('a stream that fails', () => {
  const failures: readonly (readonly [what: string, answer: GivenAnswer, failure: object])[] = [
    ['with an error of its own', eventStream([chunk({ content: 'we' }), { error: { message: 'Rate limit reached', code: 429 } }]), { kind: 'rate-limited' }],
    ['with an error in a choice', eventStream([chunk({ content: 'we' }), { choices: [{ delta: {}, finish_reason: 'error', error: { code: 502, message: 'Provider disconnected' } }] }, done]), { kind: 'server-error' }],
    ['with an error that is a text', eventStream([chunk({ content: 'we' }), { error: 'prompt is too long: 5000 tokens' }]), { kind: 'context-overflow' }],
    ['with an error for a whole event', eventStream([{ object: 'error', message: "This model's maximum context length is 4096 tokens", type: 'BadRequestError', code: 400 }, done]), { kind: 'context-overflow', status: 400 }],
    ['with an event that has a text alone', eventStream([{ detail: 'Rate limit reached', code: '429' }, done]), { kind: 'rate-limited' }],
    ['with an event of that name', eventStream(['event: error\ndata: {"code":400,"details":"prompt is too long: 5000 tokens"}\n\n']), { kind: 'context-overflow', status: 400 }],
    ['with a text in an event of that name', eventStream([chunk({ content: 'we' }), 'event: error\ndata: the worker was killed\n\n']), { kind: 'server-error', message: expect.stringMatching(/failed: the worker was killed$/) as string }],
    ['with an error that says nothing', eventStream([chunk({ content: 'we' }), { error: {} }]), { kind: 'server-error', message: expect.stringContaining('no further word') as string }],
    ['with an error that says nothing, beside words', eventStream([chunk({ content: 'we' }), { error: {}, message: 'overloaded' }]), { kind: 'server-error', message: expect.stringContaining('overloaded') as string }],
    ['by a filter that is named as a type', eventStream([{ error: { message: 'no', type: 'content_filter' } }]), { kind: 'filtered' }],
    ['by ending too soon', eventStream([chunk({ content: 'we' })]), { kind: 'unreachable', retryable: true }],
    ['by ending before it began', eventStream([': ping\n\n', done]), { kind: 'unreachable', retryable: true }],
    ['by comments alone', eventStream([': ping\n\n']), { kind: 'unreachable', retryable: true }],
    ["with an error in a field of its own (llama.cpp until 2025)", eventStream([chunk({ content: 'we' }), 'error: {"code":400,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"invalid_request_error"}\n\n', done]), { kind: 'context-overflow', status: 400 }],
    ['with an error on a line of its own behind events', eventStream([chunk({ content: 'we' }), '{"error":{"message":"CUDA out of memory","code":500}}\n']), { kind: 'server-error', message: expect.stringContaining('CUDA') as string }],
    ['with an error on a line of its own, without the word data', eventStream([`${JSON.stringify(chunk({ content: 'we' }))}\n`, '{"error":{"message":"Rate limit reached","code":429}}\n']), { kind: 'rate-limited' }],
    ['by ending too soon, without empty lines', eventStream([`data: ${JSON.stringify(chunk({ content: 'we' }))}\n`, `data: ${JSON.stringify(chunk({ content: 'll' }))}\n`]), { kind: 'unreachable', retryable: true }],
    ['by a connection that breaks', eventStream([chunk({ content: 'we' })], { breaks: true }), { kind: 'unreachable', retryable: true }],
    ['with an error that is nested too deeply', { status: 400, body: `{"error":{"message":"prompt is too long: 5000 tokens","param":${'['.repeat(50_000)}${']'.repeat(50_000)}}}` }, { kind: 'context-overflow', status: 400 }],
    ['with what is no JSON', eventStream(['data: {"choices": [\n\n']), { kind: 'server-error' }],
    ['with a damaged piece among others', eventStream([chunk({ content: 'we' }), 'data: {"choices": [\n\n', chunk({ content: 'll' }), chunk({}, 'stop'), done]), { kind: 'server-error', message: expect.stringContaining('{"choices": [') as string }],
    ['by words alone', eventStream(['data: Hello\n\n', 'data: there\n\n', done]), { kind: 'server-error', message: expect.stringContaining('an event of its stream: there') as string }],
    ['by its last words', eventStream([chunk({ content: 'we' }), 'data: the worker was killed\n\n']), { kind: 'server-error', message: expect.stringContaining('an event of its stream: the worker was killed') as string }],
    ['with an event of that name that is empty', eventStream([chunk({ content: 'we' }), 'event: error\ndata:\n\n']), { kind: 'server-error', message: expect.stringContaining('no further word') as string }],
    ['as it is a web page', { type: 'text/html', body: '<html>welcome</html>' }, { kind: 'server-error', message: expect.stringContaining('base URL') as string }],
  ]
  test.each(failures)('%s is classified as an answer would be, and asked once [live:text model:retry]', async (_, answer, failure) => {
    const { ask, requests } = await streaming(() => answer)
    await expect(ask()).rejects.toMatchObject(failure)
    expect(requests).toHaveLength(1)
  })
})

test.each([1, 2, 3, 7, 1_000])('server-sent events are read in pieces of %i bytes, with any line\'s end [live:text]', async (size) => {
  const bytes = new TextEncoder().encode(': comment\r\nevent: x\r\ndata: {"ä":\r\ndata: 1}\r\n\r\ndata:two\n\nid: 4\ndata: 😀\r\rretry: 5\n\ndata: last')
  const pieces = (async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
  })()
  const events: ServerSentEvent[] = []
  for await (const event of serverSentEvents(pieces)) events.push(event)
  expect(events).toEqual([{ name: 'x', data: '{"ä":\n1}' }, { name: undefined, data: 'two' }, { name: undefined, data: '😀' }, { name: undefined, data: 'last' }])
})

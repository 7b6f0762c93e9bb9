import { afterEach, describe, expect, test } from 'vitest'
import { probeModel, type ProbeFinding, type ProbeOptions } from '../../src/operations/doctor/probe.ts'
import { completion, imitateEndpoint, type GivenAnswer, type ImitatedEndpoint, type SeenRequest } from '../support/imitated-endpoint.ts'

let endpoint: ImitatedEndpoint | undefined
afterEach(() => endpoint?.close())

const call = (word: string) => ({ id: `call_${word}`, type: 'function', function: { name: 'note', arguments: JSON.stringify({ word }) } })
const embedding = (dimensions: number): GivenAnswer => ({ body: { object: 'list', data: [{ index: 0, embedding: Array.from({ length: dimensions }, () => 0.1) }] } })

/** As many vectors as there are texts. */
function forEach({ body: { input } }: SeenRequest, answer: GivenAnswer): GivenAnswer {
  const { data } = answer.body as { data?: readonly object[] }
  return data === undefined ? answer : { ...answer, body: { object: 'list', data: (input as string[]).map((_, index) => ({ ...data[0], index })) } }
}

interface Server {
  readonly models?: GivenAnswer
  readonly chat?: (request: SeenRequest) => GivenAnswer | undefined
  readonly embeddings?: GivenAnswer | ((request: SeenRequest) => GivenAnswer)
  readonly other?: (request: SeenRequest) => GivenAnswer | undefined
}
const able: Required<Pick<Server, 'models' | 'chat' | 'embeddings'>> = {
  models: { body: { object: 'list', data: [{ id: 'm', object: 'model', max_model_len: 64_000 }] } },
  chat: () => completion({ content: null, tool_calls: [call('red'), call('blue')] }, { usage: { prompt_tokens: 90, completion_tokens: 9 } }, 'tool_calls'),
  embeddings: embedding(4),
}

async function probed(server: Server, options: Partial<ProbeOptions> | ((url: string) => Partial<ProbeOptions>) = {}, signal = new AbortController().signal): Promise<Record<string, ProbeFinding>> {
  const { models, chat, embeddings, other } = { ...able, ...server }
  endpoint = await imitateEndpoint((request) => {
    if (request.route === 'GET /v1/models') return models
    if (request.route === 'POST /v1/chat/completions') return chat(request)
    if (request.route === 'POST /v1/embeddings') return typeof embeddings === 'function' ? embeddings(request) : forEach(request, embeddings)
    return other?.(request) ?? { status: 404, body: 'not here' }
  })
  const findings = await probeModel(
    { baseURL: endpoint.url, apiKey: 'marker-of-a-key', model: 'm', contextWindow: 32_000, toolChoice: 'auto', toolFormat: 'auto', embeddings: { baseURL: endpoint.url, apiKey: 'marker-of-a-key', model: 'e', dimensions: 4 }, ...(typeof options === 'function' ? options(endpoint.url) : options) },
    signal,
  )
  expect(JSON.stringify(findings)).not.toContain('marker-of-a-key')
  return Object.fromEntries(findings.map((finding) => [finding.capability, finding]))
}

describe('a probe', () => {
  test('of an endpoint that can do all finds nothing to do, by few and short answers [model:any]', async () => {
    const findings = await probed({})
    expect(Object.values(findings).filter(({ state }) => state !== 'ok')).toEqual([])
    expect(Object.keys(findings)).toEqual(['reachable', 'key', 'model', 'latency', 'tool calls', 'parallel calls', 'required tool choice', 'usage', 'embeddings', 'embedding limits', 'context window'])
    const chats = (endpoint?.requests ?? []).filter(({ route }) => route.includes('chat'))
    expect(chats.map(({ body }) => body.max_tokens)).toEqual([300, 300])
    expect(chats.map(({ body }) => body.tool_choice)).toEqual(['auto', 'required'])
  })

  const rows: readonly [what: string, server: Server, options: Partial<ProbeOptions>, capability: string, expected: Partial<ProbeFinding>][] = [
    ['a refused key', { models: { status: 401, body: { error: { message: 'no such key: marker-of-a-key' } } }, chat: () => ({ status: 401, body: { error: { message: 'no such key: marker-of-a-key' } } }) }, {}, 'key', { state: 'missing', essential: true, advice: expect.stringContaining('OPENAI_API_KEY') as string }],
    ['an empty credit', { chat: () => ({ status: 402, body: { error: { message: 'Insufficient credits' } } }) }, {}, 'key', { state: 'missing' }],
    ['an unknown model', { chat: () => ({ status: 404, body: { error: { message: 'model "gemma" not found' } } }) }, { model: 'gemma' }, 'model', { state: 'missing', advice: 'correct PERDURE_MODEL; the endpoint has m' }],
    ['a model that is slow, on a server of one model', { models: { body: { data: [{ id: 'file.gguf', meta: { n_ctx: 2_048 } }] } }, chat: () => ({ status: 503, body: { error: { message: 'Loading model' } } }) }, {}, 'model', { state: 'unknown', advice: expect.stringContaining('takes its time') as string }],
    ['the window of a server of one model', { models: { body: { data: [{ id: 'file.gguf', meta: { n_ctx: 2_048 } }] } } }, {}, 'context window', { state: 'missing', found: '2048 tokens, and 32000 are configured' }],
    ['a setting that the model does not take', { chat: (seen) => ('temperature' in seen.body ? { status: 400, body: { error: { message: "Unsupported value: 'temperature' does not support 0.2 with this model." } } } : able.chat(seen)) }, { sampling: { temperature: 0.2, seed: 7 } }, 'sampling', { state: 'missing', found: 'the model does not take temperature: left out', essential: false }],
    ['settings that the model takes', {}, { sampling: { temperature: 0.2, extra: { top_k: 40 } } }, 'sampling', { state: 'ok', found: 'temperature, top_k: taken' }],
    ['fewer texts for embedding at once', { embeddings: (seen) => ((seen.body.input as string[]).length > 32 ? { status: 413, body: { error: 'batch size 64 > maximum allowed batch size 32' } } : forEach(seen, embedding(4))) }, {}, 'embedding limits', { state: 'ok', found: '32 texts at once, of any length that a passage has' }],
    ['shorter texts for embedding', { embeddings: (seen) => ((seen.body.input as string[]).some((text) => text.length > 2_000) ? { status: 500, body: { error: { message: 'input (1700 tokens) is too large to process. increase the physical batch size (current batch size: 512)' } } } : forEach(seen, embedding(4))) }, {}, 'embedding limits', { state: 'missing', found: expect.stringMatching(/first 1,920 bytes.*words only/) as string }],
    ['a name that is nearly right, among many', { models: { body: { data: [...Array.from({ length: 20 }, (_, index) => ({ id: `other/${index}` })), { id: 'Qwen/Qwen3-8B' }] } }, chat: () => ({ status: 404, body: { error: { message: 'model qwen3_8b not found' } } }) }, { model: 'qwen3_8b' }, 'model', { advice: expect.stringMatching(/^correct PERDURE_MODEL; the endpoint has Qwen\/Qwen3-8B, other\/0,.* and others$/) as string }],
    ['a server without chat completions', { chat: () => ({ status: 404, body: { detail: 'Not Found' } }) }, {}, 'model', { state: 'missing', advice: 'correct PERDURE_MODEL, or take an endpoint that has chat completions' }],
    ['a server without embeddings', { embeddings: { status: 404, body: { detail: 'Not Found' } } }, {}, 'embeddings', { state: 'missing', advice: expect.stringContaining('set PERDURE_EMBEDDING_BASE_URL') as string }],
    ['a server that fails', { chat: () => ({ status: 500, body: { error: { message: 'out of memory' } } }) }, {}, 'model', { state: 'unknown' }],
    ['tools that are refused, where the model writes JSON', { chat: ({ body }) => (body.tools === undefined ? completion({ content: '{"name": "note", "arguments": {"word": "red"}}' }) : { status: 400, body: { error: 'm does not support tools' } }) }, {}, 'tool calls', { state: 'ok', found: 'refused; the model writes them as text' }],
    ['tools that are refused, where tool calls are asked for', { chat: ({ body }) => (body.tools === undefined ? completion({ content: 'hm' }) : { status: 400, body: { error: 'm does not support tools' } }) }, { toolFormat: 'native' }, 'tool calls', { state: 'missing', essential: true, advice: expect.stringContaining('PERDURE_TOOL_FORMAT to auto') as string }],
    ['tools that are dropped without a word', { chat: ({ body }) => completion({ content: body.tools === undefined ? '{"name": "note", "arguments": {"word": "red"}}' : 'Red and blue.' }) }, {}, 'tool calls', { state: 'missing', advice: 'set PERDURE_TOOL_FORMAT to text' }],
    ['calls that are left in the text', { chat: () => completion({ content: '<tool_call>{"name": "note", "arguments": {"word": "red"}}</tool_call>' }) }, {}, 'tool calls', { state: 'ok', found: expect.stringContaining('left in the text') as string }],
    ['a model that calls nothing', { chat: () => completion({ content: 'Red and blue.' }) }, {}, 'tool calls', { state: 'unknown', advice: expect.stringContaining('try again') as string }],
    ['one call where two were asked for', { chat: () => completion({ content: null, tool_calls: [call('red')] }) }, {}, 'parallel calls', { state: 'unknown', essential: false }],
    ['a required call that does not come', { chat: ({ body }) => (body.tool_choice === 'required' ? completion({ content: 'Hello.' }) : able.chat({} as SeenRequest)) }, { toolChoice: 'required' }, 'required tool choice', { state: 'missing', essential: true, advice: 'set PERDURE_TOOL_CHOICE to auto' }],
    ['no usage', { chat: () => completion({ content: null, tool_calls: [call('red')] }) }, {}, 'usage', { state: 'missing', essential: false }],
    ['other dimensions', { embeddings: embedding(8) }, {}, 'embeddings', { state: 'missing', essential: true, advice: 'set PERDURE_EMBEDDING_DIMENSIONS to 8' }],
    ['no embeddings', { embeddings: { status: 404, body: 'not found' } }, {}, 'embeddings', { state: 'missing', essential: true }],
    ['a smaller window (vLLM)', { models: { body: { data: [{ id: 'm', max_model_len: 8_192 }] } } }, {}, 'context window', { state: 'missing', advice: expect.stringContaining('PERDURE_CONTEXT_WINDOW to 8192') as string }],
    ['a smaller window (llama.cpp)', { models: { body: { data: [{ id: 'm', meta: { n_ctx: 8_192, n_ctx_train: 40_960 } }] } } }, {}, 'context window', { state: 'missing' }],
    ['a larger window (OpenRouter)', { models: { body: { data: [{ id: 'm', context_length: 200_000 }] } } }, {}, 'context window', { state: 'ok' }],
    ['a window that is not told', { models: { body: { data: [{ id: 'm' }] } } }, {}, 'context window', { state: 'unknown' }],
    ['no list of models', { models: { status: 404, body: 'not found' } }, {}, 'model', { state: 'ok' }],
    ["the window that Ollama has given the model", { models: { body: { data: [{ id: 'm:latest', owned_by: 'library' }] } }, other: ({ route }) => (route === 'GET /api/ps' ? { body: { models: [{ name: 'm:latest', context_length: 4_096 }] } } : undefined) }, {}, 'context window', { state: 'missing', found: expect.stringContaining('4096') as string }],
    ["the window that Ollama's model can have", { models: { body: { data: [{ id: 'm:latest', owned_by: 'library' }] } }, other: ({ route }) => (route === 'POST /api/show' ? { body: { model_info: { 'general.architecture': 'gemma3', 'gemma3.context_length': 131_072 } } } : { body: { models: [] } }) }, {}, 'context window', { state: 'ok' }],
    ['the window that LM Studio has loaded', { models: { body: { data: [{ id: 'm', owned_by: 'organization_owner' }] } }, other: () => ({ body: { id: 'm', loaded_context_length: 8_192, max_context_length: 131_072 } }) }, {}, 'context window', { state: 'missing', found: expect.stringContaining('8192') as string }],
  ]
  test.each(rows)('finds %s, and says what to do [model:any, doctor]', async (_, server, options, capability, expected) => {
    expect((await probed(server, options))[capability]).toMatchObject(expected)
  })

  test('of an endpoint that is not there says only that [model:any, doctor]', async () => {
    const there = await imitateEndpoint(() => undefined)
    await there.close()
    const findings = await probed({}, { baseURL: there.url })
    expect(Object.values(findings)).toMatchObject([{ capability: 'reachable', state: 'missing', advice: expect.stringContaining('OPENAI_BASE_URL') as string }])
  })

  test.each<[what: string, at: string, chat: GivenAnswer]>([
    ['without /v1', '', { status: 404, body: '404 page not found', type: 'text/plain' }],
    ["at Ollama's own interface", '/api', { status: 404, body: '404 page not found', type: 'text/plain' }],
    ['without /v1, where LM Studio answers all that is asked', '', { body: { error: 'Unexpected endpoint or method. (POST /chat/completions)' } }],
    ['where a page for a browser is', '/app', { body: '<!doctype html><title>Chat</title>', type: 'text/html' }],
  ])('of an address %s names the one where models are listed, and nothing else [model:any, doctor]', async (_, at, given) => {
    const findings = await probed({ other: ({ route }) => (route.startsWith(`GET ${at}/models`) || route.startsWith(`POST ${at}/`) ? given : { status: 404, body: 'not here' }) }, (url) => ({ baseURL: url.replace('/v1', at) || url, embeddings: { baseURL: url.replace('/v1', at), apiKey: 'marker-of-a-key', model: 'e', dimensions: 4 } }))
    expect(Object.values(findings)).toMatchObject([{ capability: 'reachable', state: 'missing', advice: `set OPENAI_BASE_URL to ${endpoint?.url ?? ''}, where models are listed` }])
  })

  test('of an address at which nothing is found says what a base URL is, and tells of other embeddings [model:any, doctor]', async () => {
    const nothing: GivenAnswer = { status: 404, body: { detail: 'Not Found' } }
    const findings = await probed({ models: nothing, chat: () => nothing, other: () => nothing }, (url) => ({ baseURL: url.replace('/v1', '/proxy') }))
    expect(findings).toMatchObject({ reachable: { state: 'missing', advice: expect.stringContaining('what stands before /chat/completions') as string }, embeddings: { state: 'ok' } })
    expect(Object.keys(findings)).toEqual(['reachable', 'embeddings', 'embedding limits'])
  })

  test('of a server without TLS at an address with https repeats what it says, and nothing else [model:any, doctor]', async () => {
    const findings = await probed({}, (url) => ({ baseURL: url.replace('http:', 'https:') }))
    expect(Object.values(findings)).toMatchObject([{ capability: 'reachable', state: 'missing', found: expect.stringContaining('begin its address with http://') as string, advice: 'do as it says, and look again' }])
  })

  test('of an endpoint that never answers ends when it is told to [model:any, doctor]', async () => {
    const impatient = AbortSignal.timeout(300)
    const findings = await probed({ chat: () => undefined }, {}, impatient)
    expect(findings.model).toMatchObject({ state: 'unknown' })
    expect(findings.embeddings).toMatchObject({ state: 'ok' })
  })
})

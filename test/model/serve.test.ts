import { EventEmitter, once } from 'node:events'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { ModelError, type ModelErrorKind } from '../../src/model/model-error.ts'
import type { ChatModel, Embedder, ModelRequest } from '../../src/model/model.ts'
import { openAIEmbedder, openAIModel, probeDimensions } from '../../src/model/openai.ts'
import { call, fail, hang, say, scriptedModel, serveModel, think, type ServedModel } from '../../src/testing.ts'

const never = new AbortController().signal
const closing: ServedModel[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((served) => served.close()))
})

async function serve(model: ChatModel, embedder?: Embedder): Promise<ServedModel> {
  const served = await serveModel({ model, ...(embedder === undefined ? {} : { embedder }) })
  closing.push(served)
  return served
}

const conversation: ModelRequest = {
  model: 'any-model',
  messages: [
    { role: 'system', content: 'You are an agent.' },
    { role: 'user', content: '{"type":"user_message","message":"hi"}' },
    { role: 'assistant', content: 'thoughts', toolCalls: [{ id: 'call_a', name: 'send_message', arguments: '{"message":"hello"}' }] },
    { role: 'tool', toolCallId: 'call_a', content: '{"status":"ok"}' },
    { role: 'assistant', content: 'only text', toolCalls: [] },
  ],
  tools: [{ name: 'send_message', description: 'answers', parameters: { type: 'object', properties: { message: { type: 'string' } } } }],
  maxOutputTokens: 321,
}

const wordCounter: Embedder = { model: 'lengths', dimensions: 3, embed: async (texts) => texts.map((text) => [text.length, 0.5, -1]) }

describe('a served model', () => {
  test('gets the request that the client was given, and its reply comes back whole [model:any]', async () => {
    const model = scriptedModel([[call('search', { query: 'ä "quoted"' }, { heartbeat: true }), say('done')]], {
      usage: () => ({ promptTokens: 100, cachedTokens: 60, completionTokens: 7 }),
    })
    const { url } = await serve(model)
    const reply = await openAIModel({ baseURL: url, apiKey: 'test' }).complete(conversation, never)
    expect(model.requests).toEqual([conversation])
    expect(reply.toolCalls.map((made) => made.name)).toEqual(['search', 'send_message'])
    expect(JSON.parse(reply.toolCalls[0]?.arguments ?? '')).toEqual({ query: 'ä "quoted"', request_heartbeat: true })
    expect(reply).toMatchObject({ finishReason: 'tool-calls', usage: { promptTokens: 100, cachedTokens: 60, completionTokens: 7 } })
  })

  test('streams text, calls and usage as the openai package reads them', async () => {
    const { url } = await serve(scriptedModel([think('  A  text of\nseveral   words '), [call('search', { query: 'one two three' }), say('found')]]))
    const client = new OpenAI({ baseURL: url, apiKey: 'test', maxRetries: 0 })
    const ask = { model: 'any', messages: [{ role: 'user' as const, content: 'hi' }] }

    let text = ''
    let chunks = 0
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? ''
      chunks += 1
    }
    expect(text).toBe('  A  text of\nseveral   words ')
    expect(chunks).toBeGreaterThan(4)

    const stream = client.chat.completions.stream({ ...ask, stream_options: { include_usage: true } })
    const completion = await stream.finalChatCompletion()
    const calls = completion.choices[0]?.message.tool_calls ?? []
    expect(calls.map((made) => [made.function.name, JSON.parse(made.function.arguments) as unknown])).toEqual([
      ['search', { query: 'one two three', request_heartbeat: false }],
      ['send_message', { message: 'found', request_heartbeat: false }],
    ])
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls')
    expect(completion.usage?.prompt_tokens).toBeGreaterThan(0)
  })

  test('fails for its client as it failed itself [model:retry]', async () => {
    const kinds: readonly ModelErrorKind[] = ['refused', 'rate-limited', 'server-error', 'context-overflow', 'bad-request']
    const { url } = await serve(scriptedModel(kinds.map((kind) => fail(new ModelError(kind, 'because', { retryAfterMs: 1_250 })))))
    const client = openAIModel({ baseURL: url, apiKey: 'test' })
    for (const kind of kinds) await expect(client.complete(conversation, never)).rejects.toMatchObject({ kind, retryAfterMs: 1_250 })
  })

  test('is asked once for a failure: the client does not retry by itself [model:retry]', async () => {
    const model = scriptedModel([], { afterwards: fail(new ModelError('server-error', 'down')) })
    const { url } = await serve(model)
    await expect(openAIModel({ baseURL: url, apiKey: 'test' }).complete(conversation, never)).rejects.toMatchObject({
      kind: 'server-error',
      status: 500,
    })
    expect(model.requests).toHaveLength(1)
  })

  test('hears that its client has gone, and the client sees the reason of its own abort', async () => {
    const happened = new EventEmitter()
    const started = once(happened, 'started')
    const gone = once(happened, 'gone')
    const { url } = await serve({
      complete: (_request, signal) =>
        new Promise((_, reject) => {
          happened.emit('started')
          signal.addEventListener('abort', () => {
            happened.emit('gone')
            reject(new Error('gone'))
          })
        }),
    })
    const controller = new AbortController()
    const waiting = openAIModel({ baseURL: url, apiKey: 'test' }).complete(conversation, controller.signal)
    await started
    controller.abort(new Error('cancelled by the turn'))
    await expect(waiting).rejects.toThrow('cancelled by the turn')
    await gone
  })

  test('is unreachable when it takes too long, or is not there [model:retry]', async () => {
    const served = await serveModel({ model: scriptedModel([hang()]) })
    await expect(openAIModel({ baseURL: served.url, apiKey: 'test', timeoutMs: 50 }).complete(conversation, never)).rejects.toMatchObject({
      kind: 'unreachable',
    })
    await served.close()
    await expect(openAIModel({ baseURL: served.url, apiKey: 'test' }).complete(conversation, never)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('refuses what it cannot read, and says what', async () => {
    const served = await serveModel({ model: scriptedModel([]), maxBodyBytes: 200 })
    closing.push(served)
    const post = async (body: string): Promise<[number, string]> => {
      const response = await fetch(`${served.url}/chat/completions`, { method: 'POST', body })
      return [response.status, await response.text()]
    }
    expect(await post('{')).toEqual([400, expect.stringContaining('not JSON')])
    expect(await post('{"messages":[{"role":"poet","content":"x"}]}')).toEqual([400, expect.stringContaining('role')])
    expect(await post(`{"messages":"${'x'.repeat(300)}"}`)).toEqual([413, expect.stringContaining('at most 200')])
    expect((await fetch(served.url.replace('/v1', '/nothing'))).status).toBe(404)
    expect(await (await fetch(served.url.replace('/v1', '/health'))).json()).toEqual({ status: 'ok' })
  })

  test('says that a port is taken', async () => {
    const { port } = await serve(scriptedModel([]))
    await expect(serveModel({ model: scriptedModel([]), port })).rejects.toThrow('EADDRINUSE')
  })
})

describe('served embeddings', () => {
  test('come back in order, in either encoding [model:any]', async () => {
    const { url } = await serve(scriptedModel([]), wordCounter)
    const embedder = openAIEmbedder({ baseURL: url, apiKey: 'test', model: 'lengths', dimensions: 3 })
    const texts = Array.from({ length: 150 }, (_, index) => 'x'.repeat(index + 1))
    expect(await embedder.embed(texts, never)).toEqual(texts.map((text) => [text.length, 0.5, -1]))
    const byDefault = await new OpenAI({ baseURL: url, apiKey: 'test' }).embeddings.create({ model: 'lengths', input: 'four' })
    expect([...(byDefault.data[0]?.embedding ?? [])]).toEqual([4, 0.5, -1])
  })

  test('of other dimensions than expected are an error, and the dimensions can be asked for', async () => {
    const { url } = await serve(scriptedModel([]), wordCounter)
    const settings = { baseURL: url, apiKey: 'test', model: 'lengths' }
    expect(await probeDimensions(settings, never)).toBe(3)
    await expect(openAIEmbedder({ ...settings, dimensions: 4 }).embed(['a'], never)).rejects.toThrow('3 dimensions, not 4')
    expect(() => openAIEmbedder(settings)).toThrow('not known')
  })

  test('are refused by name where the server has none', async () => {
    const { url } = await serve(scriptedModel([]))
    await expect(probeDimensions({ baseURL: url, apiKey: 'test', model: 'm' }, never)).rejects.toMatchObject({ kind: 'bad-request', status: 404 })
  })
})

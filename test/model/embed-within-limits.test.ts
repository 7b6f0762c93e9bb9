import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import { openAIEmbedder } from '../../src/model/openai.ts'
import { imitateEndpoint, type ImitatedEndpoint } from '../support/imitated-endpoint.ts'
import { embedWithinLimits, type EmbeddingLimits } from '../../src/model/openai/embed-within-limits.ts'

const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`)
const refusal = (status: number, message: string): ModelError => new ModelError(status === 413 ? 'context-overflow' : 'bad-request', message, { status })

/** An endpoint with limits; says how many texts each request had. */
function endpoint(refuses: (some: readonly string[]) => ModelError | undefined) {
  const asked: number[] = []
  const embed = (some: readonly string[]): Promise<readonly (readonly number[])[]> => {
    asked.push(some.length)
    const error = refuses(some)
    return error === undefined ? Promise.resolve(some.map((text) => [text.length, Number(text.split(' ')[1] ?? 0)])) : Promise.reject(error)
  }
  return { asked, embed }
}

describe('the limits of an embedding endpoint', () => {
  test.for([
    [32, 422, (sent: number) => `batch size ${sent} > maximum allowed batch size 32`],
    [10, 400, (sent: number) => `'$.input' is invalid: array too long, expected at most 10 items but got ${sent}`],
    [16, 400, () => 'too many inputs in one request'],
    [25, 413, (sent: number) => `batch size ${sent} > maximum allowed batch size 25`],
    [10, 400, () => '<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents (request id: 59-d0722c3e-ee3f-4728-8c6a-b3af05a4ac4b)'],
    [1, 400, (sent: number) => `1 instance(s) is allowed per prediction. Actual: ${sent}; gemini-embedding-20`],
    [25, 400, () => 'input数组最大不得超过25条'],
    [8, 400, () => 'Number of prompts exceeds the maximum of 8'],
    [16, 400, () => 'Too many inputs for voyage-3: a batch may have 16, and input[40] was not read'],
  ] as const)('are learned where it takes %i texts: all are embedded, in order, and later ones at once', async ([most, status, says]) => {
    const { asked, embed } = endpoint((some) => (some.length > most ? refusal(status, says(some.length)) : undefined))
    const limits: EmbeddingLimits = { texts: 64, bytes: Infinity }
    const vectors = await embedWithinLimits(texts, limits, embed)
    expect(vectors.map(([, index]) => index)).toEqual(texts.map((_, index) => index))
    expect(limits.texts).toBe(most)
    asked.length = 0
    await embedWithinLimits(texts.slice(0, most), limits, embed)
    expect(asked).toEqual([most])
  })

  test.for(['this model has a maximum context length of 8192 tokens', 'content too long: max input is 9000 characters'])('of all texts together part one request, and teach nothing of the next: %s', async (says) => {
    const { embed } = endpoint((some) => (some.length > 8 ? refusal(400, says) : undefined))
    const limits: EmbeddingLimits = { texts: 64, bytes: Infinity }
    expect((await embedWithinLimits(texts, limits, embed)).map(([, index]) => index)).toEqual(texts.map((_, index) => index))
    expect(limits.texts).toBe(64)
  })

  test.for([
    'input is too large to process. increase the physical batch size (current batch size: 512)',
    'The max allowed tokens per submitted batch is 120000. Your batch has 200000 tokens after truncation.',
  ])('of one long text are not taken for a limit of their number: %s', async (says) => {
    const { asked, embed } = endpoint((some) => (some.some((text) => text.length > 1_000) ? refusal(500, says) : undefined))
    const limits: EmbeddingLimits = { texts: 64, bytes: Infinity }
    await embedWithinLimits(['x'.repeat(4_000), ...texts.slice(0, 63)], limits, embed)
    asked.length = 0
    await embedWithinLimits(texts.slice(0, 64), limits, embed)
    expect(asked).toEqual([64])
  })

  test.for(['input is too long: 2,000 tokens, the limit is 512', 'String should have at most 1000 characters', '输入文本长度超过限制', 'input exceeds the maximum of 512'])('of one text: its beginning is embedded: %s', async (says) => {
    const { embed } = endpoint((some) => (some.some((text) => text.length > 1_000) ? refusal(400, says) : undefined))
    const limits: EmbeddingLimits = { texts: 64, bytes: Infinity }
    const [first, second] = await embedWithinLimits(['x'.repeat(4_000), 'short'], limits, embed)
    expect(first?.[0]).toBeLessThanOrEqual(1_000)
    expect(first?.[0]).toBeGreaterThan(600)
    expect(second?.[0]).toBe(5)
  })

  test.for([
    [500, 'Number of concurrent requests exceeds the maximum of 8'],
    [500, 'queue exceeds the maximum size'],
    [500, 'the request exceeds the maximum of 8'],
    [500, '请求处理时间过长'],
    [500, 'context deadline exceeded'],
    [400, 'Number of concurrent requests exceeds the maximum of 8'],
    [400, 'the queue of inputs exceeds the maximum length'],
  ] as const)('are not learned from an overload, which is the caller\'s: %i %s [model:any]', async ([status, says]) => {
    const error = refusal(status, says)
    const limits: EmbeddingLimits = { texts: 64, bytes: Infinity }
    for (const some of [['x'.repeat(4_000)], texts]) await expect(embedWithinLimits(some, limits, endpoint(() => error).embed)).rejects.toBe(error)
    expect(limits).toEqual({ texts: 64, bytes: Infinity })
  })

  test('of one text are learned where the refusal says the text again, with words of a load in it [model:any]', async () => {
    const { embed } = endpoint((some) => (some.some((text) => text.length > 1_000) ? refusal(422, 'String should have at most 1000 characters, input: "How much time the queue of requests takes"') : undefined))
    expect((await embedWithinLimits(['x'.repeat(4_000)], { texts: 64, bytes: Infinity }, embed))[0]?.[0]).toBeGreaterThan(600)
  })

  test.for(['the input length exceeds the context length', 'Malformed input request: expected maxLength: 2048, actual: 4000 (request id: 59-d0722c3e)'])('of one text are learned from a refusal, and not from a failure of the server: %s [model:any]', async (says) => {
    for (const [status, learned] of [[500, false], [400, true]] as const) {
      const { asked, embed } = endpoint((some) => (some.some((text) => text.length > 1_000) ? refusal(status, says) : undefined))
      const limits: EmbeddingLimits = { texts: 64, bytes: Infinity }
      const [[length = 0] = []] = await embedWithinLimits(['x'.repeat(4_000)], limits, embed)
      expect(length).toBeGreaterThan(600)
      expect(length).toBeLessThanOrEqual(1_000)
      expect(limits).toEqual({ texts: 64, bytes: learned ? length : Infinity })
      asked.length = 0
      await embedWithinLimits(texts, limits, embed)
      expect(asked).toEqual([64, 36])
    }
  })

  test('of one text in Chinese cut little of one in English, which has fewer tokens for its letters [model:any]', async () => {
    const tokens = (text: string): number => Array.from(text).reduce((sum, letter) => sum + (letter < '\u0080' ? 0.25 : 1), 0)
    const sent: string[] = []
    const embed = (some: readonly string[]): Promise<readonly (readonly number[])[]> => {
      sent.splice(0, Infinity, ...some)
      return some.some((text) => tokens(text) > 512) ? Promise.reject(refusal(400, 'input is too long: the limit is 512 tokens')) : Promise.resolve(some.map(() => [1]))
    }
    const limits: EmbeddingLimits = { texts: 64, bytes: Infinity }
    await embedWithinLimits(['灯'.repeat(2_000)], limits, embed)
    await embedWithinLimits(['The lamp is lit. '.repeat(80)], limits, embed)
    expect(sent[0]?.length).toBeGreaterThan(1_200)
    await embedWithinLimits([`a${'灯'.repeat(2_000)}`], limits, embed)
    expect(sent[0]).toMatch(/^a灯+$/)
  })

  test('are not learned from another failure', async () => {
    for (const error of [refusal(400, 'no such model'), new ModelError('refused', 'bad key', { status: 401 }), new Error('a bug in a batch')]) {
      const { asked, embed } = endpoint(() => error as ModelError)
      await expect(embedWithinLimits(texts, { texts: 64, bytes: Infinity }, embed)).rejects.toBe(error)
      expect(asked).toEqual([64])
    }
  })
})

describe('the form of a request for embeddings', () => {
  let imitated: ImitatedEndpoint | undefined
  afterEach(() => imitated?.close())

  test('names no format any more where the endpoint refuses to be told one (LiteLLM before Vertex AI) [model:any]', async () => {
    const refused = { error: { message: "litellm.UnsupportedParamsError: vertex_ai does not support parameters: {'encoding_format': 'float'}, for model=gemini-embedding-001. To drop these, set litellm.drop_params=True", type: 'None', param: null, code: '400' } }
    imitated = await imitateEndpoint(({ body }) => ('encoding_format' in body ? { status: 400, body: refused } : { body: { data: (body.input as string[]).map((_, index) => ({ index, embedding: [index, 1] })) } }))
    const embedder = openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 })
    const never = new AbortController().signal
    expect(await embedder.embed(['a', 'b'], never)).toEqual([[0, 1], [1, 1]])
    await embedder.embed(['c'], never)
    expect(imitated.requests.map(({ body }) => body.encoding_format)).toEqual(['float', undefined, undefined])
  })

  const vectors = (texts: unknown): { readonly body: unknown } => ({ body: { data: (texts as string[]).map((_, index) => ({ index, embedding: [index, 1] })) } })
  const never = new AbortController().signal

  test.each([
    ['a failure (Ollama: seCall #5, LightRAG #1870)', { status: 500, body: { error: 'failed to encode response: json: unsupported value: NaN' } }],
    ['null (llama.cpp)', undefined],
  ])('a text of which the model computes no numbers, as %s, is embedded by its beginning, and spoils none beside it [model:any]', async (_, failure) => {
    const spoilt = (text: string): boolean => text.includes('bang command information')
    imitated = await imitateEndpoint(({ body }) => {
      const given = body.input as string[]
      return failure !== undefined && given.some(spoilt) ? failure : { body: { data: given.map((text, index) => ({ index, embedding: spoilt(text) ? [null, null] : [text.length, 1] })) } }
    })
    const texts = ['one', 'Let me read the file in sections and look for more bang command information:', 'three', 'four']
    const vectors = await openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 }).embed(texts, never)
    expect(vectors.map(([length]) => length)).toEqual([3, expect.any(Number), 5, 4])
    expect(vectors[1]?.[0]).toBeGreaterThan(40)
  })

  test('reads vectors whose numbers stand as texts, as nothing, or are the same for all [model:any]', async () => {
    for (const index of [['1', '0'], [null, null], [0, 0]]) {
      imitated = await imitateEndpoint(({ body }) => ({ body: { data: (body.input as string[]).map((text, at) => ({ index: index[at], embedding: [text.length, 1] })) } }))
      const vectors = await openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 }).embed(['a', 'bb'], new AbortController().signal)
      expect(vectors).toEqual(index[0] === '1' ? [[2, 1], [1, 1]] : [[1, 1], [2, 1]])
      await imitated.close()
    }
  })

  test.each([
    ['the first of them', (texts: readonly string[]) => texts.slice(0, 1)],
    ['the first eight', (texts: readonly string[]) => texts.slice(0, 8)],
    ['all of them together', (texts: readonly string[]) => [texts.join(' ')]],
  ])('that brings vectors of fewer texts than were asked for, as of %s, is made for fewer from then on [model:any]', async (_, taken) => {
    imitated = await imitateEndpoint(({ body }) => ({ body: { data: taken(body.input as string[]).map((text, index) => ({ index, embedding: [text.length, 1] })) } }))
    const embedder = openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 })
    const texts = Array.from({ length: 20 }, (__, index) => 'x'.repeat(index + 1))
    expect((await embedder.embed(texts, never)).map(([length]) => length)).toEqual(texts.map(({ length }) => length))
    const before = imitated.requests.length
    await embedder.embed(texts, never)
    expect(imitated.requests.slice(before).every(({ body }) => (body.input as string[]).length <= 8)).toBe(true)
  })

  test('that brings no vector at all is a failure of the server, which is asked again [model:retry]', async () => {
    imitated = await imitateEndpoint(() => ({ body: { object: 'list', data: [] } }))
    await expect(openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 }).embed(['a', 'b'], never)).rejects.toMatchObject({ kind: 'server-error', message: expect.stringContaining('0 vectors') as string })
  })

  test.each([
    ['pydantic', 422, { detail: [{ type: 'string_type', loc: ['body', 'input'], msg: 'Input should be a valid string', input: ['text 0', 'text 1'] }] }],
    ['serde', 422, 'Failed to deserialize the JSON body into the target type: input: invalid type: sequence, expected a string at line 1 column 10'],
    ['Ionos', 400, { error: { message: 'JSON format issue: expected string at field input got instead array' } }],
    ['Bedrock', 400, { message: 'Malformed input request: expected type: String, found: JSONArray, please reformat your input and try again.' }],
    ['Go', 400, { error: 'json: cannot unmarshal array into Go struct field EmbeddingRequest.input of type string' }],
  ])('asks for text by text, in no list, where the endpoint knows none: %s [model:any]', async (_, status, body) => {
    imitated = await imitateEndpoint(({ body: { input } }) => (Array.isArray(input) ? { status, body } : { body: { data: [{ index: 0, embedding: [Number((input as string).split(' ')[1]), 0.5] }] } }))
    const embedder = openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 })
    for (let times = 0; times < 2; times += 1) expect(await embedder.embed(['text 0', 'text 1', 'text 2'], never)).toEqual([[0, 0.5], [1, 0.5], [2, 0.5]])
    expect(imitated.requests).toHaveLength(7)
    expect(await openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 }).embed(['text 3'], never)).toEqual([[3, 0.5]])
  })

  test.each([
    ['pydantic', 422, { detail: [{ type: 'string_type', loc: ['body', 'input', 'str'], msg: 'Input should be a valid string' }, { type: 'too_long', loc: ['body', 'input', 'list[str]'], msg: 'List should have at most 32 items after validation, not 64' }] }],
    ['pydantic, of a list with bounds', 422, { detail: [{ loc: ['body', 'input', 'constrained-str'], msg: 'Input should be a valid string' }, { loc: ['body', 'input', 'list[constrained-str]'], msg: 'List should have at most 32 items after validation, not 64' }] }],
    ['words', 400, { error: { message: 'input must be a string or an array of at most 32 strings: the batch is too large' } }],
    ['a limit beside the form', 400, { error: { message: 'input must be a string where the batch size is above 32' } }],
  ])('stays a list where the endpoint takes lists, but of fewer texts: %s [model:any]', async (_, status, body) => {
    imitated = await imitateEndpoint(({ body: { input } }) => (Array.isArray(input) && input.length <= 32 ? vectors(input) : { status, body }))
    const embedder = openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 })
    expect(await embedder.embed(texts, never)).toHaveLength(texts.length)
    expect(imitated.requests.map(({ body: { input } }) => (input as string[]).length)).toEqual([64, 32, 32, 32, 4])
  })

  test.each([
    ['of Ollama and Cohere', { embeddings: [[0, 0.5], [1, 0.5]] }],
    ['of Text Embeddings Inference', [[0, 0.5], [1, 0.5]]],
  ])('reads vectors without a form around each: %s [model:any]', async (_, body) => {
    imitated = await imitateEndpoint(() => ({ body }))
    expect(await openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 }).embed(['text 0', 'text 1'], never)).toEqual([[0, 0.5], [1, 0.5]])
  })

  test('says what the texts are embedded as where the endpoint wants to be told (NVIDIA), and nowhere else [model:any]', async () => {
    const refused = { error: "'input_type' parameter is required for asymmetric models" }
    imitated = await imitateEndpoint(({ body }) => ('input_type' in body ? vectors(body.input) : { status: 400, body: refused }))
    const embedder = openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'm', dimensions: 2 })
    expect(await embedder.embed(['a', 'b'], never)).toEqual([[0, 1], [1, 1]])
    await embedder.embed(['c'], never, 'query')
    expect(imitated.requests.map(({ body }) => body['input_type'])).toEqual([undefined, 'passage', 'query'])
  })

  test('has the words before each text that the model wants, and their vectors are of another name [model:any archival:embedding-guard]', async () => {
    imitated = await imitateEndpoint(({ body }) => vectors(body.input))
    const embedder = openAIEmbedder({ baseURL: imitated.url, apiKey: 'k', model: 'nomic', dimensions: 2, prefixes: { passage: 'search_document:', query: 'search_query:' } })
    await embedder.embed(['a', 'b'], never)
    await embedder.embed(['c'], never, 'query')
    expect(imitated.requests.map(({ body }) => body.input)).toEqual([['search_document: a', 'search_document: b'], ['search_query: c']])
    expect(embedder.model).toBe('nomic after "search_document:"')
  })
})

describe('what an endpoint answers to a request for embeddings', () => {
  const embeddingsOf = async (answer: (input: readonly string[]) => unknown): Promise<readonly (readonly number[])[]> => {
    const server = await imitateEndpoint(({ body }) => ({ body: answer(body['input'] as readonly string[]) }))
    try {
      return await openAIEmbedder({ baseURL: server.url, apiKey: 'k-secret-of-mine', model: 'e', dimensions: 2 }).embed(Array.from({ length: 9 }, (_, index) => `text ${index}`), new AbortController().signal)
    } finally {
      await server.close()
    }
  }
  const nine = Array.from({ length: 9 }, (_, index) => [index, 0.5])
  const listed = (input: readonly string[], embeddingOf: (numbers: readonly number[]) => unknown): readonly unknown[] =>
    input.map((text, index) => ({ index, embedding: embeddingOf([Number(text.split(' ')[1]), 0.5]) }))

  test.for([
    ['base64, whatever was asked for', (input: readonly string[]) => ({ data: listed(input, (numbers) => Buffer.from(Float32Array.from(numbers).buffer).toString('base64')) })],
    ['each within a list of one, and all without a name for them (llama.cpp)', (input: readonly string[]) => listed(input, (numbers) => [numbers])],
    ['all with the index 0', (input: readonly string[]) => ({ data: listed(input, (numbers) => numbers).map((one) => ({ ...(one as object), index: 0 })) })],
  ] as const)('is read as %s [model:any]', async ([, answer]) => expect(await embeddingsOf(answer)).toEqual(nine))

  test('is the failure that a body of status 200 tells, and its limits are learned (OpenRouter) [model:any]', async () => {
    await expect(embeddingsOf(() => ({ error: { message: 'Rate limit exceeded', code: 429 } }))).rejects.toMatchObject({ kind: 'rate-limited', message: expect.stringContaining('Rate limit exceeded') as string })
    expect(await embeddingsOf((input) => (input.length > 4 ? { error: { message: 'batch size must be at most 4 inputs', code: 400 } } : { data: listed(input, (numbers) => numbers) }))).toEqual(nine)
  })

  test.for([
    [{ error: { message: 'batch size must be at most 4 inputs' } }],
    [{ error: 'Too many inputs: the maximum is 4' }],
    [{ error: { message: 'Provider returned error: input array may have at most 4 items', code: 'invalid_request_error' } }],
    [{ object: 'error', message: 'batch size 9 > maximum allowed batch size 4', code: null }],
    [{ detail: 'maximum batch size is 4' }],
  ])('teaches a limit that its words name in a body of status 200, without a code: %j [model:any]', async ([failure]) => {
    const asked: number[] = []
    expect(await embeddingsOf((input) => {
      asked.push(input.length)
      return input.length > 4 ? failure : { data: listed(input, (numbers) => numbers) }
    })).toEqual(nine)
    expect(asked).toEqual([9, 4, 4, 1])
  })

  test('that is a failure of another kind in a body of status 200 is one, and is not asked for in pieces [model:any]', async () => {
    const asked: number[] = []
    await expect(embeddingsOf((input) => {
      asked.push(input.length)
      return { error: { message: 'Provider returned error' } }
    })).rejects.toMatchObject({ kind: 'server-error', retryable: true, message: expect.stringContaining('Provider returned error') as string })
    expect(asked).toEqual([9])
  })

  test('is shown where it is none [model:any]', async () => {
    await expect(embeddingsOf((input) => ({ data: listed(input, () => ['no', 1]) }))).rejects.toMatchObject({ message: expect.stringContaining('["no",1]') as string })
    await expect(embeddingsOf((input) => ({ data: listed(input, () => [null, 1]) }))).rejects.toMatchObject({ message: expect.stringContaining('gives NaN for a text') as string })
  })
})

import { z } from 'zod'
import { limits } from '../../protocol/limits.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { jsonText } from '../../protocol/json.ts'
import { notAnAnswer } from '../classify.ts'
import { ModelError } from '../model-error.ts'
import { embeddingSpaceName } from '../embedding-space-name.ts'
import type { EmbeddedAs, Embedder } from '../model.ts'
import { embedWithinLimits, noNumber, saysTexts, type EmbeddingLimits } from './embed-within-limits.ts'
import { failureInBody } from './failure-in-body.ts'
import { failureOf, throwFailureIn } from './throw-failure.ts'
import { endpointOf, type Endpoint, type EndpointSettings } from './client.ts'

export type { EmbeddingLimits }

export interface EmbedderSettings extends EndpointSettings {
  readonly model: string
  /** Needed for a model that is not OpenAI's; see `probeDimensions`. OpenAI's third generation can shorten its vectors to this number. */
  readonly dimensions?: number
  /**
   * Words that the model wants before a text, of each kind; one blank follows. Default: none. Vectors of another prefix for passages are
   * those of another model: they are made anew by `perdure reindex`.
   */
  readonly prefixes?: { readonly [As in EmbeddedAs]?: string }
}

const nativeDimensions: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
}

/** The most texts of one request; several local endpoints accept no more. Where one accepts fewer, it is learned. */
const batch = 64

/** What an embedder learns of the form of its requests, and keeps as long as it lives. */
interface RequestForm {
  /** Whether plain numbers are asked for: OpenAI's own default, but some proxies refuse the parameter for other models. */
  namesFormat: boolean
  /** Whether it is said what the texts are embedded as: some models of NVIDIA want it, and other endpoints don't know the parameter. */
  namesInput: boolean
  /** Whether a request has one text, which stands in no list: some local servers and gateways know no list. */
  hasOneText: boolean
}

const usualForm = (): RequestForm => ({ namesFormat: true, namesInput: false, hasOneText: false })
/** By the words of pydantic, serde, Go, Bedrock and others. */
const wantsOneText = /\binput\b[^]{0,80}(?:must be a|should be a valid|expected a?) ?string|expected (?:a )?string[^]{0,60}\b(?:array|list|sequence)|(?:array|list|sequence)\b[^]{0,40}expected (?:a )?string|cannot unmarshal array[^]{0,80}of type string|expected type: String, found: JSONArray/i
/** Then a list of texts is known as well, and the refusal is of something else: pydantic tells what is wrong by each type that there may be. */
const takesList = /\blist\[(?:[\w-]+-)?str|at most \d+ items?\b|too_long|\bstrings?\b[^]{0,20}\bor (?:an? )?(?:array|list)/i

const numbersSchema = z.array(z.number()).min(1)
/** Numbers; some endpoints give base64 of them, whatever was asked for, or put them into a list of one. */
const embeddingSchema = z.union([numbersSchema, z.tuple([numbersSchema]).transform(([numbers]) => numbers), z.base64().transform(numbersIn).pipe(numbersSchema)])
const dataSchema = z.array(z.looseObject({ index: z.coerce.number().nullish().catch(undefined), embedding: embeddingSchema }))
/** Numbers alone, text by text: of Ollama's own interface, of Cohere and of Text Embeddings Inference. */
const plainSchema = z.array(numbersSchema).transform((vectors) => ({ data: vectors.map((embedding) => ({ index: undefined, embedding })) }))
/** Some give the list alone. */
const answerSchema = z.union([z.looseObject({ data: dataSchema }), dataSchema.transform((data) => ({ data })), z.looseObject({ embeddings: plainSchema }).transform(({ embeddings }) => embeddings), plainSchema])

/** Numbers that are none come as null: JSON has no word for them. */
const hasNoNumbers = (body: unknown): boolean => {
  const given = isRecord(body) ? body['data'] : body
  return Array.isArray(given) && given.some((item) => isRecord(item) && Array.isArray(item['embedding']) && item['embedding'].includes(null))
}

/** Of four bytes each, as the processors of all endpoints order them. */
function numbersIn(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(index * 4))
}

/**
 * Embeddings of any OpenAI-compatible endpoint.
 * @throws PerdureError `config-invalid` where the dimensions are neither given nor known
 */
export function openAIEmbedder(settings: EmbedderSettings): Embedder {
  const { model, prefixes = {} } = settings
  const native = nativeDimensions[model]
  const dimensions = settings.dimensions ?? native
  if (dimensions === undefined) {
    throw new PerdureError(
      'config-invalid',
      `the dimensions of the embedding model ${JSON.stringify(model)} are not known: set them, or ask the endpoint with probeDimensions`,
    )
  }
  const endpoint = endpointOf(settings)
  // A model that cannot shorten its vectors refuses the parameter, even with its own number of dimensions.
  const shortened = native !== undefined && dimensions !== native ? { dimensions } : {}
  const learned: EmbeddingLimits = { texts: batch, bytes: Infinity }
  const form = usualForm()

  return {
    model: embeddingSpaceName(model, prefixes.passage),
    dimensions,
    async embed(texts, signal, as = 'passage') {
      const prefix = prefixes[as]
      const whole = prefix === undefined ? texts : texts.map((text) => `${prefix} ${text}`)
      const vectors = await embedWithinLimits(whole, learned, (some) => embedBatch(endpoint, { model, ...shortened }, { form, as }, some, signal))
      const wrong = vectors.find((vector) => vector.length !== dimensions)
      if (wrong === undefined) return vectors
      throw new ModelError(
        'bad-request',
        `the embedding model ${model} answers with ${wrong.length} dimensions, not ${dimensions}: correct the setting`,
      )
    },
  }
}

/** Asks an endpoint how many dimensions its embedding model has. */
export async function probeDimensions(settings: Omit<EmbedderSettings, 'dimensions'>, signal: AbortSignal): Promise<number> {
  const [vector] = await embedBatch(endpointOf(settings), { model: settings.model }, { form: usualForm(), as: 'passage' }, ['dimensions'], signal)
  return vector?.length ?? 0
}

/** Asks an endpoint for as much at once as documents bring, and tells what of it the endpoint takes: by one request for each limit, and more where it refuses. */
export async function probeEmbeddingLimits(settings: Omit<EmbedderSettings, 'dimensions'>, signal: AbortSignal): Promise<EmbeddingLimits> {
  const endpoint = endpointOf(settings)
  const learned: EmbeddingLimits = { texts: batch, bytes: Infinity }
  const form = usualForm()
  const embed = (some: readonly string[]): Promise<readonly (readonly number[])[]> => embedBatch(endpoint, { model: settings.model }, { form, as: 'passage' }, some, signal)
  await embedWithinLimits(Array.from({ length: batch }, (_, index) => `text ${index}`), learned, embed)
  await embedWithinLimits(['The tide comes and goes. '.repeat(limits.passageCharacters / 25)], learned, embed)
  return learned
}

async function embedBatch(
  endpoint: Endpoint,
  settings: { readonly model: string; readonly dimensions?: number },
  { form, as }: { readonly form: RequestForm; readonly as: EmbeddedAs },
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  if (form.hasOneText && texts.length > 1) {
    const vectors: (readonly number[])[] = []
    for (const text of texts) vectors.push(...(await embedBatch(endpoint, settings, { form, as }, [text], signal)))
    return vectors
  }
  // An empty text is refused by OpenAI.
  const filled = texts.map((text) => (text.trim() === '' ? ' .' : text))
  const ask = (): Promise<unknown> =>
    // Not by the package's method for it, which would name another format where none is given.
    endpoint.request(signal, (options) => endpoint.client.post('/embeddings', { ...options, body: { ...settings, input: form.hasOneText && filled.length === 1 ? filled[0] : filled, ...(form.namesFormat && { encoding_format: 'float' }), ...(form.namesInput && { input_type: as }) } }))
  const body = await askLearning(ask, { form, several: texts.length > 1 }, endpoint.secrets)
  if (body === toBeParted) return embedBatch(endpoint, settings, { form, as }, texts, signal)
  const answer = answerSchema.safeParse(body)
  if (!answer.success) {
    if (hasNoNumbers(body)) throw new ModelError('server-error', `the embedding model ${settings.model} gives ${noNumber} for a text: restart its server, or use another model`, { status: 200 })
    const said = failureInBody(body)
    throw said === undefined ? notAnAnswer(jsonText(body) ?? 'what is nested too deeply', { secrets: endpoint.secrets }) : failureOf(said, endpoint.secrets)
  }
  const { data } = answer.data
  // Some take the first of several texts only, or the first few, or make one vector of all of them: fewer are asked for then.
  if (data.length !== texts.length) throw new ModelError('server-error', `the embedding model ${settings.model} answers with ${data.length} vectors, and the number of texts is ${texts.length}`, { status: 200 })
  return data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map((item) => item.embedding)
}

/** A limit of how many texts there may be is learned first: it may name the form beside. */
const saysOneText = (message: string, several: boolean): boolean => wantsOneText.test(message) && !takesList.test(message) && !(several && saysTexts.test(message))

const toBeParted = Symbol('the texts have to be asked for one by one')

/** Asks again in another form as often as a refusal names a part of it that can be changed. */
async function askLearning(ask: () => Promise<unknown>, { form, several }: { readonly form: RequestForm; readonly several: boolean }, secrets: readonly string[]): Promise<unknown> {
  try {
    const body = await ask()
    throwFailureIn(body, secrets)
    return body
  } catch (error) {
    if (!ModelError.isInstance(error)) throw error
    if (form.namesFormat && error.message.includes('encoding_format')) form.namesFormat = false
    else if (!form.namesInput && error.message.includes('input_type')) form.namesInput = true
    else if ((several || !form.hasOneText) && error.kind === 'bad-request' && saysOneText(error.message, several)) {
      form.hasOneText = true
      if (several) return toBeParted
    } else throw error
    return askLearning(ask, { form, several }, secrets)
  }
}

import { createHash } from 'node:crypto'
import { saysFormTaken } from './form-taken.ts'
import { ModelError } from './model-error.ts'
import type { ChatModel, ModelReply, ModelRequest, OnDelta } from './model.ts'
import { readChatAnswer } from './openai/chat-answer.ts'
import { chatRequest } from './openai/chat-request.ts'
import { readChatStream } from './openai/chat-stream.ts'
import { endpointOf, type EndpointSettings } from './openai/client.ts'
import { parsedJson } from '../protocol/json.ts'
import { adapted, type Dialect, type OutputLimitField } from './openai/dialect.ts'

export { openAIEmbedder, probeDimensions, probeEmbeddingLimits, type EmbedderSettings, type EmbeddingLimits } from './openai/embedder.ts'

export interface OpenAIModelSettings extends EndpointSettings, Partial<Pick<Dialect, 'toolChoice'>> {
  readonly outputLimitField?: OutputLimitField
  /** Told the form in which the model of a request is asked from now on, whenever a refusal has taught it, and a request in it was not refused. */
  readonly onLearned?: (dialect: Dialect) => void
}

/** Each refusal teaches one trait of an endpoint's dialect; no endpoint was seen that has more that are not usual. */
const mostRefusals = 10

/**
 * Any endpoint that speaks OpenAI's chat completions. Nothing is retried here, with one exception: the endpoint may refuse a request for
 * its form (the name of a parameter, ids, the order of roles). Then the request is written anew in the form that the endpoint asks for, and
 * that form is kept for the model, once a request in it was not refused in its turn. Every other failure is classified for the workflow, which decides. An aborted signal's reason passes
 * through as it is.
 */
export function openAIModel(settings: OpenAIModelSettings): ChatModel {
  const endpoint = endpointOf(settings)
  const outputLimitField = settings.outputLimitField ?? (isOpenAIItself(endpoint.client.baseURL) ? 'max_completion_tokens' : 'max_tokens')
  const usual: Dialect = {
    toolChoice: settings.toolChoice ?? 'auto',
    outputLimitField,
    mostOutputTokens: Number.MAX_SAFE_INTEGER,
    callIds: 'any',
    calls: 'together',
    afterResults: 'anything',
    noText: 'null',
    reasoning: 'left-out',
    signatures: 'as-given',
    system: 'role',
    stream: 'counted',
    streamsOnly: false,
    leftOut: [],
  }
  const originOf = (model: string): string => createHash('sha256').update(`${endpoint.client.baseURL} ${model}`).digest('base64url').slice(0, 16)
  const learned = new Map<string, Dialect>()

  const knownOf = (model: string): Dialect => learned.get(model) ?? usual
  const learn = (model: string, known: Dialect, dialect: Dialect): void => {
    // What another request has learned meanwhile stays.
    if (dialect === known || knownOf(model) !== known) return
    learned.set(model, dialect)
    settings.onLearned?.(dialect)
  }

  /** @param known the form that was learned before, of which `dialect` is another, to be tried */
  async function ask(request: ModelRequest, signal: AbortSignal, onDelta: OnDelta | undefined, known = knownOf(request.model), dialect = known, refusals = 0): Promise<ModelReply> {
    const told = { any: false }
    const tell: OnDelta = (delta) => {
      told.any = true
      onDelta?.(delta)
    }
    try {
      const stream = (onDelta === undefined && !dialect.streamsOnly) || dialect.stream === 'whole' ? undefined : dialect.stream
      const origin = originOf(request.model)
      const { body, whole } = await endpoint.request(signal, (options) => answerOf(chatRequest(request, dialect, origin), stream, { ...options, caller: signal }, tell))
      const { givenWithMessage, ...answer } = readChatAnswer(body, request.messages.length, endpoint.secrets)
      const isGiven = givenWithMessage !== undefined || answer.toolCalls.some(({ given }) => given !== undefined)
      const reply: ModelReply = { ...answer, ...(isGiven && { given: { origin, ...(givenWithMessage !== undefined && { message: givenWithMessage }) } }) }
      // It took no notice of the wish, and is not asked for it again.
      learn(request.model, known, whole && stream !== undefined ? { ...dialect, stream: 'whole' } : dialect)
      return reply
    } catch (error) {
      // What was told can't be taken back here: whoever asks again begins anew.
      if (told.any || saysFormTaken(error)) learn(request.model, known, dialect)
      if (told.any || !ModelError.isInstance(error) || refusals >= mostRefusals) throw error
      const present = knownOf(request.model)
      // Another request may have learned this form meanwhile.
      const other = present === known || present === dialect ? adapted(dialect, error, { usual: outputLimitField, tools: request.tools.length > 0 }) : present
      if (other === undefined) throw error
      return ask(request, signal, onDelta, present, other, refusals + 1)
    }
  }

  async function answerOf(asked: ReturnType<typeof chatRequest>, stream: 'counted' | 'plain' | undefined, { caller, ...options }: { readonly signal: AbortSignal; readonly caller: AbortSignal }, tell: OnDelta): Promise<{ body: unknown; whole: boolean }> {
    const { completions } = endpoint.client.chat
    if (stream === undefined) {
      const text = await (await completions.create(asked, options).asResponse()).text()
      const json = parsedJson(text)
      // A text as JSON may hold an answer in its turn, which whoever reads it takes out.
      if (json !== undefined) return { body: typeof json === 'string' ? text : json, whole: true }
      // Some endpoints stream though nobody has asked them to.
      const { body } = new Response(text)
      return text.trim() === '' || body === null ? { body: text, whole: true } : readChatStream(body, () => undefined, endpoint.secrets, caller)
    }
    const response = await completions.create({ ...asked, ...streamed[stream] }, options).asResponse()
    return response.body === null ? { body: '', whole: true } : readChatStream(response.body, tell, endpoint.secrets, caller)
  }
  return { complete: (request, signal, onDelta) => ask(request, signal, onDelta) }
}

const streamed = {
  counted: { stream: true, stream_options: { include_usage: true } },
  plain: { stream: true },
} as const

const isOpenAIItself = (baseURL: string): boolean => new URL(baseURL).hostname === 'api.openai.com'

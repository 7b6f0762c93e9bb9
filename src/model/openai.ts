import { ModelError } from './model-error.ts'
import type { OnDelta } from './deltas.ts'
import type { ChatModel, ModelReply, ModelRequest } from './model.ts'
import { readChatAnswer } from './openai/chat-answer.ts'
import { chatRequest } from './openai/chat-request.ts'
import { readChatStream } from './openai/chat-stream.ts'
import { endpointOf, type EndpointSettings } from './openai/client.ts'
import { adapted, type Dialect } from './openai/dialect.ts'

export { openAIEmbedder, probeDimensions, type EmbedderSettings } from './openai/embedder.ts'

export interface OpenAIModelSettings extends EndpointSettings, Partial<Pick<Dialect, 'toolChoice' | 'outputLimitField'>> {}

/** Each refusal teaches one trait of an endpoint's dialect; there are no more. */
const mostRefusals = 6

/**
 * Any endpoint that speaks OpenAI's chat completions. Nothing is retried here, with one exception: the endpoint may refuse a request for
 * its form (the name of a parameter, ids, the order of roles). Then the request is written anew in the form that the endpoint asks for, and
 * that form is kept for the model. Every other failure is classified for the workflow, which decides. An aborted signal's reason passes
 * through as it is.
 */
export function openAIModel(settings: OpenAIModelSettings): ChatModel {
  const endpoint = endpointOf(settings)
  const usual: Dialect = {
    toolChoice: settings.toolChoice ?? 'auto',
    outputLimitField: settings.outputLimitField ?? (isOpenAIItself(endpoint.client.baseURL) ? 'max_completion_tokens' : 'max_tokens'),
    callIds: 'any',
    afterResults: 'anything',
    reasoning: 'left-out',
    system: 'role',
    stream: 'counted',
  }
  const learned = new Map<string, Dialect>()

  async function ask(request: ModelRequest, signal: AbortSignal, onDelta: OnDelta | undefined, refusals: number): Promise<ModelReply> {
    const dialect = learned.get(request.model) ?? usual
    const told = { any: false }
    const tell: OnDelta = (delta) => {
      told.any = true
      onDelta?.(delta)
    }
    try {
      const stream = onDelta === undefined || dialect.stream === 'whole' ? undefined : dialect.stream
      const { body, whole } = await endpoint.request(signal, (options) => answerOf(chatRequest(request, dialect), stream, { ...options, caller: signal }, tell))
      const reply = readChatAnswer(body, request.messages.length, endpoint.secrets)
      // It took no notice of the wish, and is not asked for it again.
      if (whole && stream !== undefined) learned.set(request.model, { ...(learned.get(request.model) ?? usual), stream: 'whole' })
      return reply
    } catch (error) {
      // What was told can't be taken back here: whoever asks again begins anew.
      if (told.any) throw error
      if (!ModelError.isInstance(error) || refusals >= mostRefusals) throw error
      const present = learned.get(request.model) ?? usual
      // Another request may have learned this form meanwhile.
      const other = present === dialect ? adapted(dialect, error) : present
      if (other === undefined) throw error
      learned.set(request.model, other)
      return ask(request, signal, onDelta, refusals + 1)
    }
  }

  async function answerOf(asked: ReturnType<typeof chatRequest>, stream: 'counted' | 'plain' | undefined, { caller, ...options }: { readonly signal: AbortSignal; readonly caller: AbortSignal }, tell: OnDelta): Promise<{ body: unknown; whole: boolean }> {
    const { completions } = endpoint.client.chat
    if (stream === undefined) return { body: await completions.create(asked, options), whole: true }
    const response = await completions.create({ ...asked, ...streamed[stream] }, options).asResponse()
    return response.body === null ? { body: '', whole: true } : readChatStream(response.body, tell, endpoint.secrets, caller)
  }
  return { complete: (request, signal, onDelta) => ask(request, signal, onDelta, 0) }
}

const streamed = {
  counted: { stream: true, stream_options: { include_usage: true } },
  plain: { stream: true },
} as const

const isOpenAIItself = (baseURL: string): boolean => new URL(baseURL).hostname === 'api.openai.com'

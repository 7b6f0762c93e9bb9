import { ModelError } from './model-error.ts'
import type { ChatModel, ModelReply, ModelRequest } from './model.ts'
import { readChatAnswer } from './openai/chat-answer.ts'
import { chatRequest } from './openai/chat-request.ts'
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
    system: 'role',
  }
  const learned = new Map<string, Dialect>()

  async function ask(request: ModelRequest, signal: AbortSignal, refusals: number): Promise<ModelReply> {
    const dialect = learned.get(request.model) ?? usual
    try {
      const body: unknown = await endpoint.request(signal, (options) =>
        endpoint.client.chat.completions.create(chatRequest(request, dialect), options),
      )
      return readChatAnswer(body, request.messages.length, endpoint.secrets)
    } catch (error) {
      if (!ModelError.isInstance(error) || refusals >= mostRefusals) throw error
      const present = learned.get(request.model) ?? usual
      // Another request may have learned this form meanwhile.
      const other = present === dialect ? adapted(dialect, error) : present
      if (other === undefined) throw error
      learned.set(request.model, other)
      return ask(request, signal, refusals + 1)
    }
  }
  return { complete: (request, signal) => ask(request, signal, 0) }
}

const isOpenAIItself = (baseURL: string): boolean => new URL(baseURL).hostname === 'api.openai.com'

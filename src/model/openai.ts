import type { ChatModel } from './model.ts'
import { readChatAnswer } from './openai/chat-answer.ts'
import { chatRequest, type ChatRequestSettings } from './openai/chat-request.ts'
import { endpointOf, type EndpointSettings } from './openai/client.ts'

export { openAIEmbedder, probeDimensions, type EmbedderSettings } from './openai/embedder.ts'

export interface OpenAIModelSettings extends EndpointSettings, Partial<ChatRequestSettings> {}

/**
 * Any endpoint that speaks OpenAI's chat completions with tools. Nothing is retried here: every failure is classified for
 * the workflow, which decides. An aborted signal's reason passes through as it is.
 */
export function openAIModel(settings: OpenAIModelSettings): ChatModel {
  const endpoint = endpointOf(settings)
  const requestSettings: ChatRequestSettings = {
    toolChoice: settings.toolChoice ?? 'auto',
    outputLimitField: settings.outputLimitField ?? (isOpenAIItself(endpoint.client.baseURL) ? 'max_completion_tokens' : 'max_tokens'),
  }
  return {
    async complete(request, signal) {
      const body: unknown = await endpoint.request(signal, (options) =>
        endpoint.client.chat.completions.create(chatRequest(request, requestSettings), options),
      )
      return readChatAnswer(body, request.messages.length, endpoint.secrets)
    },
  }
}

const isOpenAIItself = (baseURL: string): boolean => new URL(baseURL).hostname === 'api.openai.com'

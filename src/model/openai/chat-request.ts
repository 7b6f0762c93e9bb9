import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ChatMessage, ModelRequest } from '../model.ts'

export interface ChatRequestSettings {
  /** `required` makes a model call a tool at every step, where the endpoint knows the word. */
  readonly toolChoice: 'auto' | 'required'
  /** OpenAI's reasoning models refuse the older name; most other endpoints know only that one. */
  readonly outputLimitField: 'max_tokens' | 'max_completion_tokens'
}

/** A request as the protocol writes it. */
export function chatRequest(request: ModelRequest, settings: ChatRequestSettings): ChatCompletionCreateParamsNonStreaming {
  const tools = request.tools.map((tool) => ({
    type: 'function' as const,
    function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } },
  }))
  return {
    model: request.model,
    messages: request.messages.map(messageParam),
    [settings.outputLimitField]: request.maxOutputTokens,
    // Several endpoints refuse an empty list, or a choice without one.
    ...(tools.length === 0 ? {} : { tools, tool_choice: settings.toolChoice }),
  }
}

function messageParam(message: ChatMessage): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  if (message.toolCalls.length === 0) return { role: 'assistant', content: message.content }
  return {
    role: 'assistant',
    // Anthropic's endpoint refuses an empty text beside calls.
    content: message.content === '' ? null : message.content,
    tool_calls: message.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: asObjectText(call.arguments) },
    })),
  }
}

/**
 * Endpoints parse the arguments of earlier calls when they render the prompt, and fail on what is no object: one malformed
 * call in the queue would then fail every later request. The model still sees what it wrote.
 */
function asObjectText(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text
  } catch {
    // Falls through to the wrapped text.
  }
  return JSON.stringify({ malformed_arguments: text })
}

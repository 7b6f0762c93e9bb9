import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ChatMessage, ModelRequest } from '../model.ts'
import { nineCharacterId, plainId } from '../call-id.ts'
import type { Dialect } from './dialect.ts'
import { jsonObject } from '../../protocol/json.ts'

/** A request as the protocol writes it, in the endpoint's dialect of it. */
export function chatRequest(request: ModelRequest, dialect: Dialect): ChatCompletionCreateParamsNonStreaming {
  const tools = request.tools.map((tool) => ({
    type: 'function' as const,
    function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } },
  }))
  return {
    model: request.model,
    messages: inDialect(request.messages, dialect).map((message) => messageParam(message, dialect)),
    [dialect.outputLimitField]: request.maxOutputTokens,
    // Several endpoints refuse an empty list, or a choice without one.
    ...(tools.length === 0 ? {} : { tools, ...(dialect.toolChoice === 'unsaid' ? {} : { tool_choice: dialect.toolChoice }) }),
  }
}

/** The messages, with those that the endpoint's rules ask for in addition. */
function inDialect(messages: readonly ChatMessage[], { afterResults, system }: Dialect): readonly ChatMessage[] {
  const bridged =
    afterResults === 'anything'
      ? messages
      : messages.flatMap((message, index) => (message.role === 'user' && messages[index - 1]?.role === 'tool' ? [bridge, message] : [message]))
  if (system === 'role') return bridged
  const head = bridged.filter(({ role }) => role === 'system').map(({ content }) => content)
  const rest = bridged.filter(({ role }) => role !== 'system')
  const first = rest.findIndex(({ role }) => role === 'user')
  if (first < 0) return [{ role: 'user', content: head.join('\n\n') }, ...rest]
  return rest.map((message, index) => (index === first ? { role: 'user', content: [...head, message.content].join('\n\n') } : message))
}

const bridge: ChatMessage = { role: 'assistant', content: 'Done.', toolCalls: [] }

function messageParam(message: ChatMessage, { callIds, reasoning }: Dialect): ChatCompletionMessageParam {
  const idOf = (id: string): string => (callIds === 'any' ? id : callIds === 'nine' ? nineCharacterId(id) : plainId(id))
  if (message.role === 'tool') return { role: 'tool', tool_call_id: idOf(message.toolCallId), content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  if (message.toolCalls.length === 0) return { role: 'assistant', content: message.content }
  return {
    role: 'assistant',
    // Anthropic's endpoint refuses an empty text beside calls.
    content: message.content === '' ? null : message.content,
    // What is stored of it is the inner thoughts: the reasoning, unless a text came beside the calls as well.
    ...(reasoning === 'returned' && { reasoning_content: message.content || '(none)' }),
    tool_calls: message.toolCalls.map((call) => ({
      id: idOf(call.id),
      type: 'function',
      function: { name: plainName(call.name), arguments: asObjectText(call.arguments) },
    })),
  }
}

/** A name that the model made up may have signs that no tool's name has, and every later request would be refused for it. */
const plainName = (name: string): string => name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'unnamed'

/**
 * Wraps arguments that are no JSON object into one. Endpoints parse the arguments of earlier calls when they render the prompt, and fail if
 * they are no object: one malformed call in the queue would then fail every later request. The model still sees what it wrote.
 */
function asObjectText(text: string): string {
  return jsonObject(text) === undefined ? JSON.stringify({ malformed_arguments: text }) : text
}

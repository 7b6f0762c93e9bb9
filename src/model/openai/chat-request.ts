import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ChatMessage, ModelRequest } from '../model.ts'
import { nineCharacterId, plainId, repeatedId } from '../call-id.ts'
import type { Dialect } from './dialect.ts'
import { jsonObject } from '../../protocol/json.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

/** A request as the protocol writes it, in the endpoint's dialect of it. */
export function chatRequest(request: ModelRequest, dialect: Dialect, origin: string): ChatCompletionCreateParamsNonStreaming {
  const tools = request.tools.map((tool) => ({
    type: 'function' as const,
    function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } },
  }))
  const { outputLimitField, mostOutputTokens } = dialect
  return {
    ...samplingFields(request, dialect),
    model: request.model,
    messages: inDialect(withDistinctIds(request.messages), dialect).map((message) => messageParam(message, dialect, origin)),
    ...(outputLimitField !== 'unsaid' && { [outputLimitField]: Math.min(request.maxOutputTokens, mostOutputTokens) }),
    // Several endpoints refuse an empty list, or a choice without one.
    ...(tools.length === 0 ? {} : { tools, ...(dialect.toolChoice === 'unsaid' ? {} : { tool_choice: dialect.toolChoice }) }),
  }
}

function samplingFields({ sampling = {} }: ModelRequest, { leftOut }: Dialect): Readonly<Record<string, unknown>> {
  const { temperature, topP, seed, reasoningEffort, extra } = sampling
  const fields = { ...extra, temperature, top_p: topP, seed, reasoning_effort: reasoningEffort }
  return without(withoutUndefined(fields), leftOut)
}

/** Some servers number the calls of each answer from the beginning, and others refuse a prompt in which two calls have one id. */
function withDistinctIds(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const seen = new Map<string, number>()
  /** Of the latest message with calls: under which ids they are sent, in order. */
  let sent = new Map<string, string[]>()
  return messages.map((message) => {
    if (message.role === 'tool') return { ...message, toolCallId: sent.get(message.toolCallId)?.shift() ?? message.toolCallId }
    if (message.role !== 'assistant') return message
    sent = new Map()
    const toolCalls = message.toolCalls.map((call) => {
      const times = seen.get(call.id) ?? 0
      seen.set(call.id, times + 1)
      const id = times === 0 ? call.id : repeatedId(call.id, times)
      sent.set(call.id, [...(sent.get(call.id) ?? []), id])
      return { ...call, id }
    })
    return { ...message, toolCalls }
  })
}

/** The messages, with those that the endpoint's rules ask for in addition. */
function inDialect(given: readonly ChatMessage[], { afterResults, calls, system }: Dialect): readonly ChatMessage[] {
  const messages = calls === 'together' ? given : oneByOne(given)
  const bridged =
    afterResults === 'anything'
      ? messages
      : messages.flatMap((message, index) => (message.role === 'user' && messages[index - 1]?.role === 'tool' ? [bridge, message] : [message]))
  if (system !== 'first-user') return bridged
  const head = bridged.filter(({ role }) => role === 'system').map(({ content }) => content)
  const rest = bridged.filter(({ role }) => role !== 'system')
  const first = rest.findIndex(({ role }) => role === 'user')
  if (first < 0) return [{ role: 'user', content: head.join('\n\n') }, ...rest]
  return rest.map((message, index) => (index === first ? { role: 'user', content: [...head, message.content].join('\n\n') } : message))
}

/** Each call of a step in a message of its own, with its result behind it: `repairPairs` has put all results directly behind their calls. */
function oneByOne(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.flatMap((message, index) => {
    if (message.role === 'tool') return []
    if (message.role !== 'assistant' || message.toolCalls.length === 0) return [message]
    const { given, toolCalls } = message
    const later = given && { given: { origin: given.origin } }
    const results = messages.slice(index + 1, index + 1 + toolCalls.length)
    return toolCalls.flatMap((call, at): ChatMessage[] => [
      at === 0 ? { ...message, toolCalls: [call] } : { role: 'assistant', content: '', toolCalls: [call], ...later },
      ...results.filter((result) => result.role === 'tool' && result.toolCallId === call.id),
    ])
  })
}

const bridge: ChatMessage = { role: 'assistant', content: 'Done.', toolCalls: [] }

function messageParam(message: ChatMessage, dialect: Dialect, origin: string): ChatCompletionMessageParam {
  const { callIds, reasoning, signatures, system, leftOut } = dialect
  const idOf = (id: string): string => (callIds === 'any' ? id : callIds === 'nine' ? nineCharacterId(id) : plainId(id))
  if (message.role === 'tool') return { role: 'tool', tool_call_id: idOf(message.toolCallId), content: message.content }
  if (message.role !== 'assistant') return { role: message.role === 'system' && system === 'developer' ? 'developer' : message.role, content: message.content }
  const own = message.given?.origin === origin
  const fieldsOf = (given: string | undefined): Readonly<Record<string, unknown>> => ((own && given !== undefined && jsonObject(given)) || {})
  const { reasoning_content: kept, ...beside } = without(fieldsOf(message.given?.message), leftOut)
  const isReturned = reasoning === 'returned' && !leftOut.includes('reasoning_content')
  if (message.toolCalls.length === 0) return { role: 'assistant', ...beside, content: message.content.trim() === '' ? nothingSaid : message.content, ...(isReturned && { reasoning_content: kept ?? '(none)' }) }
  const signed = message.toolCalls.map(({ given }) => without(fieldsOf(given), leftOut))
  const unsigned = signatures === 'substituted' && signed.every((fields) => Object.keys(fields).length === 0)
  return {
    role: 'assistant',
    ...beside,
    // Anthropic's endpoint refuses an empty text beside calls.
    content: message.content === '' && dialect.noText === 'null' ? null : message.content,
    // Of another endpoint's reasoning nothing was kept but the inner thoughts.
    ...(isReturned && { reasoning_content: kept ?? (message.content || '(none)') }),
    tool_calls: message.toolCalls.map((call, index) => ({
      ...(unsigned && index === 0 ? substitute : signed[index]),
      id: idOf(call.id),
      type: 'function',
      function: { name: plainName(call.name), arguments: asObjectText(call.arguments) },
    })),
  }
}

/** In place of an answer without a word and without a call: Mistral, Anthropic and Bedrock refuse each later request in which it stands as it is. */
const nothingSaid = '(no text)'

/** By Google's word, for calls that another model has made. */
const substitute = { extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } } }

const without = (fields: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

/** A name that the model made up may have signs that no tool's name has, and every later request would be refused for it. */
const plainName = (name: string): string => name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'unnamed'

/**
 * Wraps arguments that are no JSON object into one. Endpoints parse the arguments of earlier calls when they render the prompt, and fail if
 * they are no object: one malformed call in the queue would then fail every later request. The model still sees what it wrote.
 */
function asObjectText(text: string): string {
  return jsonObject(text) === undefined ? JSON.stringify({ malformed_arguments: text }) : text
}

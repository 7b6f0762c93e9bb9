import type { ChatMessage, ModelTool } from '../model.ts'
import type { TextCall } from './call-in-json.ts'
import { jsonAt } from './lenient-json.ts'
import { isJson } from '../../protocol/json.ts'

/** Describes, to a model that gets its tools as text, the tools and the form of a call. */
export function describeTools(tools: readonly ModelTool[]): string {
  const listed = tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, parameters }))
  return [
    '# Tools',
    'You act by calling tools. A call is one JSON object on a line of its own:',
    '{"name": "TOOL", "arguments": {"ARGUMENT": "VALUE"}}',
    'For several calls write several such lines. Write complete JSON with double quotes. Whatever stands on other lines is your inner thoughts.',
    'Results come in the next message, as <tool_result>; never write one yourself.',
    'The tools, each with the JSON Schema of its arguments:',
    ...listed,
    // Small models copy what they see, and nothing of this form stands in a conversation that begins.
    ...(tools.some(({ name }) => name === 'send_message') ? [`To answer the user write for example:\n${renderCalls([{ name: 'send_message', arguments: '{"message": "Good to hear from you!"}' }])}`] : []),
  ].join('\n')
}

/** Calls in the form that `describeTools` asks for, so that the model sees its own earlier calls in that form. */
export function renderCalls(calls: readonly TextCall[]): string {
  return calls.map(({ name, arguments: given }) => `{"name": ${JSON.stringify(name)}, "arguments": ${isObject(given) ? given : JSON.stringify(given)}}`).join('\n')
}

/**
 * A conversation without the protocol's tool calls and tool results: calls as text of the assistant, results as text of the user.
 * Messages of one role that follow each other become one, as many chat templates demand.
 */
export function renderConversation(messages: readonly ChatMessage[], tools: readonly ModelTool[]): ChatMessage[] {
  const names = new Map(messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls.map(({ id, name }) => [id, name] as const) : [])))
  const description = tools.length === 0 ? [] : [{ role: 'system', text: describeTools(tools) } as const]
  const plain = [...description, ...messages.map((message) => asText(message, names))]
  const merged: { role: 'system' | 'user' | 'assistant'; texts: string[] }[] = []
  for (const { role, text } of plain) {
    if (text === '') continue
    const last = merged.at(-1)
    if (last?.role === role) last.texts.push(text)
    else merged.push({ role, texts: [text] })
  }
  return merged.map(({ role, texts }) => {
    const content = texts.join('\n\n')
    return role === 'assistant' ? { role, content, toolCalls: [] } : { role, content }
  })
}

function asText(message: ChatMessage, names: ReadonlyMap<string, string>): { readonly role: 'system' | 'user' | 'assistant'; readonly text: string } {
  switch (message.role) {
    case 'assistant':
      return { role: 'assistant', text: [message.content.trim(), renderCalls(message.toolCalls)].filter((part) => part !== '').join('\n\n') }
    case 'tool':
      return { role: 'user', text: `<tool_result name=${JSON.stringify(names.get(message.toolCallId) ?? 'unknown')}>\n${message.content}\n</tool_result>` }
    case 'system':
    case 'user':
      return { role: message.role, text: message.content }
  }
}

/** Whether `readCalls` can read this text back as one object: it is JSON, and not nested too deeply. */
function isObject(text: string): boolean {
  const node = jsonAt(text, 0, { steps: 0, limit: Number.POSITIVE_INFINITY })
  return node?.kind === 'object' && node.start === 0 && node.end === text.length && isJson(text)
}

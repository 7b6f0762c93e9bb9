import type { ChatMessage, ModelRequest } from '../model/model.ts'
import { blocksIn, type Block } from './blocks.ts'
import { jsonObject } from '../protocol/json.ts'

/** A prompt as the simulated model reads it. It sees the same prompt as a language model, and nothing else. */
export interface View {
  readonly toolNames: ReadonlySet<string>
  readonly blocks: readonly Block[]
  readonly summary: string
  readonly queue: readonly Entry[]
}

export type Entry = Event | Step

export interface Event {
  readonly entry: 'event'
  /** `user_message`, `login`, `memory_pressure`, … */
  readonly type: string
  readonly text: string
  /** ISO 8601, or empty where the event does not say. */
  readonly time: string
}

export interface Step {
  readonly entry: 'step'
  readonly calls: readonly Call[]
}

export interface Call {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
  /** Undefined until the result is there. */
  readonly ok: boolean | undefined
  readonly result: string
}

export function viewOf(request: ModelRequest): View {
  const results = new Map(
    request.messages.filter((message) => message.role === 'tool').map((message) => [message.toolCallId, resultIn(message.content)]),
  )
  const [first, ...rest] = request.messages
  const head = first?.role === 'system' ? first.content : ''
  const queue = head === '' ? request.messages : rest
  const summaries = queue.filter(isSummary)
  return {
    toolNames: new Set(request.tools.map((tool) => tool.name)),
    blocks: blocksIn(head),
    summary: summaries
      .map((message) =>
        message.content
          .replace(/<\/?summary[^<>]*>/g, '')
          .replace(/^[^\S\n]*Summary of \d+ earlier messages.*$/m, '')
          .trim(),
      )
      .join('\n'),
    queue: queue.filter((message) => !isSummary(message)).flatMap((message) => entryOf(message, results)),
  }
}

function isSummary(message: ChatMessage): boolean {
  return (message.role === 'system' || message.role === 'user') && message.content.trimStart().startsWith('<summary')
}

function entryOf(message: ChatMessage, results: ReadonlyMap<string, { readonly ok: boolean; readonly text: string }>): readonly Entry[] {
  if (message.role === 'tool') return []
  if (message.role !== 'assistant') return [eventIn(message.content)]
  const calls = message.toolCalls.map((call) => {
    const result = results.get(call.id)
    return { name: call.name, args: recordIn(call.arguments) ?? {}, ok: result?.ok, result: result?.text ?? '' }
  })
  return [{ entry: 'step', calls }]
}

/** An event as JSON, or any text as what the user says. */
export function eventIn(content: string): Event {
  const json = recordIn(content)
  if (json === undefined) return { entry: 'event', type: 'user_message', text: content, time: '' }
  const text = json.message ?? json.text ?? json.content
  return {
    entry: 'event',
    type: typeof json.type === 'string' ? json.type.replaceAll('-', '_') : 'user_message',
    text: typeof text === 'string' ? text : '',
    time: typeof json.time === 'string' ? json.time : '',
  }
}

function resultIn(content: string): { readonly ok: boolean; readonly text: string } {
  const json = recordIn(content)
  if (json === undefined) return { ok: !/^\s*error/i.test(content), text: content }
  return { ok: json.status !== 'error', text: typeof json.message === 'string' ? json.message : content }
}

/** The JSON object that a text is; of a long text that is plainly none, without a try. */
export function recordIn(text: string): Readonly<Record<string, unknown>> | undefined {
  return text.trimStart().startsWith('{') ? jsonObject(text) : undefined
}

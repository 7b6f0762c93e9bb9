import { z } from 'zod'
import type { ChatMessage, ModelRequest } from '../../model/model.ts'
import { RequestError } from './read-body.ts'

const content = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().optional() })).transform((parts) => parts.map((part) => part.text ?? '').join(''))])
  .nullish()
  .transform((text) => text ?? '')

const toolCall = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) })

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content }),
  z.object({ role: z.literal('assistant'), content, tool_calls: z.array(toolCall).nullish() }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string() }),
])

const chatBody = z.object({
  model: z.string().default(''),
  messages: z.array(message).min(1),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({ name: z.string(), description: z.string().default(''), parameters: z.record(z.string(), z.unknown()).default({}) }),
      }),
    )
    .nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
})

export interface ChatBody {
  readonly request: ModelRequest
  readonly stream: boolean
  readonly includeUsage: boolean
}

const defaultMaxOutputTokens = 4_096

/** @throws RequestError 400 naming the field */
export function readChatBody(json: unknown): ChatBody {
  const parsed = chatBody.safeParse(json)
  if (!parsed.success) throw new RequestError(400, `the body is no chat completion request: ${z.prettifyError(parsed.error)}`)
  const body = parsed.data
  return {
    request: {
      model: body.model,
      messages: body.messages.map(chatMessage),
      tools: (body.tools ?? []).map((tool) => tool.function),
      maxOutputTokens: body.max_completion_tokens ?? body.max_tokens ?? defaultMaxOutputTokens,
    },
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
  }
}

function chatMessage(read: z.infer<typeof message>): ChatMessage {
  switch (read.role) {
    case 'tool':
      return { role: 'tool', toolCallId: read.tool_call_id, content: read.content }
    case 'assistant': {
      const toolCalls = (read.tool_calls ?? []).map((made) => ({ id: made.id, name: made.function.name, arguments: made.function.arguments }))
      return { role: 'assistant', content: read.content, toolCalls }
    }
    case 'developer':
      return { role: 'system', content: read.content }
    case 'system':
    case 'user':
      return { role: read.role, content: read.content }
  }
}

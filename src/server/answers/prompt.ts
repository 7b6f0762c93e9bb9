import { z } from 'zod'
import { sampling } from './agent.ts'
import { json, isoTime, list } from './parts.ts'
import { given, sections, toolCall, usage } from './message.ts'
import { partTokens, queueRanges, statistics } from './prompt-record.ts'

const chatMessage = z.union([
  z.object({ role: z.enum(['system', 'user']), content: z.string() }),
  z.object({ role: z.literal('assistant'), content: z.string(), toolCalls: list(toolCall), given: given.optional() }),
  z.object({ role: z.literal('tool'), toolCallId: z.string(), content: z.string() }),
])

const request = z.object({
  model: z.string(),
  messages: list(chatMessage),
  tools: list(z.object({ name: z.string(), description: z.string(), parameters: json })),
  sampling: sampling.omit({ maxOutputTokens: true }).optional(),
  maxOutputTokens: z.number(),
})

export const stepPrompt = z
  .object({
    turn: z.number(),
    step: z.number(),
    seq: z.number().describe('of the message that answered it'),
    at: isoTime,
    cause: z.string(),
    request: request.describe('what the model\'s client was given, made again of what the stores have'),
    digest: z.object({ kept: z.string(), rebuilt: z.string() }).describe('SHA-256, in hexadecimal digits, of the request\'s JSON'),
    exact: z.boolean().describe('the two digests are equal'),
    missing: list(z.string()).describe('what it was made of, and is not in the stores any more'),
    madeOf: z.object({ definition: z.number(), blockVersions: z.record(z.string(), z.number()), statistics, summary: z.string().optional(), queue: queueRanges }),
    tokens: sections.extend({ ...partTokens.shape, total: z.number() }),
    usage: usage.optional(),
    contextWindow: z.number(),
    warning: z.number(),
    flush: z.number(),
  })
  .meta({ id: 'StepPrompt' })

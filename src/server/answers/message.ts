import { z } from 'zod'
import { eventKinds } from '../../protocol/events.ts'
import { isoTime, list } from './parts.ts'
import { promptRecord } from './prompt-record.ts'

export const sections = z.object({ instructions: z.number(), tools: z.number(), coreMemory: z.number(), statistics: z.number() })

export const usage = z.object({ promptTokens: z.number(), cachedTokens: z.number(), completionTokens: z.number(), costMicros: z.number().optional() })

const context = z.object({
  definition: z.number().optional(),
  cause: z.string(),
  sections,
  blockVersions: z.record(z.string(), z.number()),
  countedTokens: z.number(),
  prompt: promptRecord.optional().describe('what else the step\'s prompt was made of; the route of prompts makes it again'),
})

export const toolCall = z.object({ id: z.string(), name: z.string(), arguments: z.string(), given: z.string().optional() })

export const given = z.object({ origin: z.string(), message: z.string().optional() }).describe('what the endpoint gave beside the message and its calls, to have it back: signatures, reasoning')

export const message = z
  .object({
    agentId: z.string(),
    op: z.string(),
    seq: z.number().describe('place in the conversation: unique, ascending, may have gaps'),
    turn: z.number(),
    step: z.number(),
    role: z.enum(['user', 'system', 'assistant', 'tool']),
    kind: z.enum([...eventKinds, 'notice']).optional(),
    eventId: z.string().optional(),
    text: z.string().describe('of an event, or result of a tool; of an assistant its inner thoughts'),
    calls: list(toolCall).optional(),
    given: given.optional(),
    callId: z.string().optional(),
    toolName: z.string().optional(),
    ok: z.boolean().optional(),
    reply: z.string().optional().describe('what the user sees'),
    tokens: z.number(),
    at: isoTime,
    model: z.string().optional(),
    usage: usage.optional(),
    latencyMs: z.number().optional(),
    ended: z.enum(['cut', 'filtered']).optional(),
    context: context.optional(),
    popped: z.boolean().optional(),
  })
  .meta({ id: 'Message' })

export const messageList = z.object({ messages: list(message) })
export const messagePage = messageList.extend({ next: z.number().optional().describe('the value of `after` that gets the next page; absent on the last one') })
export const foundMessages = z.object({
  total: z.number().describe('how many match: of a text, those that have one of its words'),
  atLeast: z.literal(true).optional().describe('there may be more: so many were counted'),
  byWordsAlone: z.literal(true).optional().describe('the embedding model or the store of its vectors was away: what merely means the same was not found'),
  near: list(z.number()).optional().describe('sequence numbers of messages that have none of the words and are only the nearest by meaning, ten at the most: on the pages among the others, and not in `total`'),
  messages: list(message),
})

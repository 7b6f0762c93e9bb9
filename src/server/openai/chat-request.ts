import { z } from 'zod'
import { invalidArgument } from '../../protocol/errors.ts'
import { limits } from '../../protocol/limits.ts'
import { placeOfCall, type CallPlace } from './call-id.ts'

const part = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() })
export const content = z.union([z.string(), z.array(part)]).nullish()
const message = z.looseObject({ role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']), content, tool_call_id: z.string().optional() })
export const describedFunction = z.looseObject({ name: z.string().min(1), description: z.string().nullish(), parameters: z.record(z.string(), z.unknown()).nullish() })
const tool = z.looseObject({ type: z.literal('function'), function: describedFunction })

/** An agent writes to a person, in its own words. */
export const plainText = z.looseObject({ type: z.literal('text', 'an agent answers in text: ask for JSON where a model answers') }).nullish()
export const toolChoice = z.enum(['auto', 'none'], 'an agent chooses its tools by itself: auto, or none for a request whose tools it is not to have').nullish()

/** By which a program tells the people apart for whom it asks. */
export const personFields = { user: z.string().nullish(), safety_identifier: z.string().nullish() }

/** Of an aside; the length of a turn's answers is the agent's own affair. */
const mostTokens = z.unknown().transform((given) => (typeof given === 'number' && Number.isSafeInteger(given) && given > 0 ? Math.min(given, limits.outputTokens) : undefined)).optional()
export const lengthFields = { max_tokens: mostTokens, max_completion_tokens: mostTokens, max_output_tokens: mostTokens }

/** What we read of a request. Its other fields are about a model, and an agent has one of its own. */
export const chatBody = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice,
  response_format: plainText,
  ...personFields,
  ...lengthFields,
  n: z.literal(1, 'an agent answers once').nullish(),
})

/** What of a request is new to the agent, which has one life-long conversation. */
export interface NewsOfChat {
  /** The user's messages after the last of the assistant's. */
  readonly texts: readonly NewText[]
  /** Results of calls that ran at the client. */
  readonly results: readonly (CallPlace & { readonly text: string })[]
}

export interface NewText {
  readonly text: string
  /** How many messages there are up to this one, and with it. */
  readonly end: number
}

export interface ChatMessage {
  readonly role: string
  readonly content?: z.output<typeof content>
  readonly tool_call_id?: string | undefined
}

/** @throws PerdureError `invalid-argument` */
export function newsOf(messages: readonly ChatMessage[]): NewsOfChat {
  const from = messages.findLastIndex(({ role }) => role === 'assistant') + 1
  const news = messages.slice(from)
  const texts = news.flatMap((message, index): readonly NewText[] => (message.role === 'user' ? [{ text: textOf(message), end: from + index + 1 }] : []))
  const results = news.filter(({ role }) => role === 'tool').map((result) => {
    const place = placeOfCall(result.tool_call_id ?? '')
    if (place === undefined) throw invalidArgument('tool_call_id names no call of this agent: send it as it came in tool_calls')
    return { ...place, text: textOf(result) }
  })
  if (texts.length === 0 && results.length === 0) throw invalidArgument('messages ends with no message of the user, and no result of a tool: there is nothing to answer')
  return { texts, results }
}

/** @throws PerdureError `invalid-argument` for parts that are no text */
export function textOf({ content: given }: ChatMessage): string {
  if (given === undefined || given === null) return ''
  if (typeof given === 'string') return given
  const other = given.find(({ type }) => !textParts.has(type))
  if (other !== undefined) throw invalidArgument(`an agent reads text, and no part of type ${JSON.stringify(other.type.slice(0, 40))}`)
  return given.map(({ text = '', refusal = '' }) => text || refusal).join('')
}

/** A refusal is what a model has said, too. */
const textParts: ReadonlySet<string> = new Set(['text', 'input_text', 'output_text', 'refusal'])

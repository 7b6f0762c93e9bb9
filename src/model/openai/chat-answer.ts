import { z } from 'zod'
import type { StepUsage, ToolCall } from '../../protocol/messages.ts'
import { madeUpCallId } from '../call-id.ts'
import { classifyFailure, notAnAnswer } from '../classify.ts'
import type { ModelReply } from '../model.ts'
import { thinkingIn } from '../thinking.ts'

const partSchema = z.looseObject({ type: z.string().optional(), text: z.string().nullish().catch(undefined), thinking: z.unknown().optional() })

/** Text, or a list of parts. Parts of type `thinking` (Mistral) are not part of the text. */
const contentSchema = z.union([z.string(), z.array(partSchema)]).nullish()

const argumentsSchema = z.union([z.string(), z.record(z.string(), z.unknown())]).nullish()
/** Arguments: a string by the protocol, an object from some endpoints, nothing for a tool without arguments. */
const functionSchema = z.looseObject({ name: z.string(), arguments: argumentsSchema })
const callSchema = z.union([
  z.looseObject({ id: z.coerce.string().nullish(), function: functionSchema }),
  z.looseObject({ id: z.coerce.string().nullish(), name: z.string(), arguments: argumentsSchema }).transform(({ id, name, arguments: given }) => ({ id, function: { name, arguments: given } })),
])

const messageSchema = z.looseObject({
  content: contentSchema,
  reasoning_content: z.string().nullish().catch(undefined),
  reasoning: z.string().nullish().catch(undefined),
  refusal: z.string().nullish().catch(undefined),
  tool_calls: z.array(callSchema).nullish(),
  /** The older form, of one call. */
  function_call: functionSchema.nullish(),
})

const count = z.number().nonnegative()

const answerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish().catch(undefined),
        // Absent if a filter withheld the message (Azure).
        message: messageSchema.nullish().transform((message) => message ?? messageSchema.parse({})),
        error: z.unknown().optional(),
      }),
    )
    .min(1),
  usage: z
    .looseObject({
      prompt_tokens: count,
      completion_tokens: count.nullish(),
      prompt_tokens_details: z.looseObject({ cached_tokens: count.nullish() }).nullish(),
      prompt_cache_hit_tokens: count.nullish(), // DeepSeek
    })
    .nullish()
    .catch(undefined),
})

/** OpenRouter, among others, puts the failure of the provider behind it into the body of a 200. */
const failureSchema = z.looseObject({
  error: z.looseObject({ message: z.string().catch('no further word'), code: z.union([z.string(), z.number()]).nullish().catch(undefined) }),
})

/**
 * Reads an endpoint's answer, also where it departs from the protocol.
 * @param conversationLength  number of messages of the request. Made-up ids of calls depend on it, so they differ along a conversation
 * @throws ModelError
 */
export function readChatAnswer(body: unknown, conversationLength: number, secrets: readonly string[] = []): ModelReply {
  const json = typeof body === 'string' ? parsedOr(body) : body
  throwFailureIn(json, secrets)
  const answer = answerSchema.safeParse(json)
  if (!answer.success) throw notAnAnswer(typeof json === 'string' ? json : z.prettifyError(answer.error), { secrets })
  const [choice] = answer.data.choices
  if (choice === undefined) throw notAnAnswer('no choice')
  throwFailureIn(choice, secrets)
  const { message } = choice
  const called = message.tool_calls ?? []
  const legacy = message.function_call
  const toolCalls = withIds(called.length === 0 && legacy != null ? [{ id: undefined, function: legacy }] : called, conversationLength)
  const { thinking, rest } = thinkingIn(textOf(message.content))
  const reasoning = thinkingPartsOf(message.content) || message.reasoning_content || message.reasoning || thinking
  const usage = usageOf(answer.data.usage)
  return {
    // Reasoning beside calls is inner thoughts. Without calls it is not an answer, and must not become a summary.
    text: rest || (toolCalls.length > 0 ? reasoning : (message.refusal ?? '')),
    toolCalls,
    finishReason: finishReasonOf(choice.finish_reason, toolCalls.length > 0),
    ...(reasoning === '' || toolCalls.length > 0 ? {} : { thinking: reasoning }),
    ...(usage === undefined ? {} : { usage }),
  }
}

function throwFailureIn(json: unknown, secrets: readonly string[]): void {
  const failure = failureSchema.safeParse(json)
  if (!failure.success) return
  const { message, code } = failure.data.error
  const status = Number(code)
  throw classifyFailure(
    { message, ...(Number.isInteger(status) && status >= 400 ? { status } : { code: code == null ? undefined : String(code) }) },
    { secrets },
  )
}

type Content = z.infer<typeof contentSchema>

function textOf(content: Content): string {
  if (content == null) return ''
  return typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('')
}

/** `{"type": "thinking", "thinking": [{"type": "text", "text": …}]}`, or its text alone. */
function thinkingPartsOf(content: Content): string {
  if (!Array.isArray(content)) return ''
  return content
    .flatMap(({ thinking }) => (typeof thinking === 'string' ? [thinking] : textOf(z.array(partSchema).safeParse(thinking).data)))
    .join('')
    .trim()
}

/** Arguments as JSON. A value that is nested too deeply to be written becomes a text: a malformed call, so that the model reads why. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return '(arguments nested too deeply)'
    throw error
  }
}

/** Gives new ids to calls whose ids are missing or doubled. */
function withIds(calls: readonly z.infer<typeof callSchema>[], conversationLength: number): readonly ToolCall[] {
  const seen = new Set<string>()
  return calls.map((call, index) => {
    const { name } = call.function
    const given = call.function.arguments ?? '{}'
    const text = typeof given === 'string' ? given || '{}' : jsonOf(given)
    const own = call.id ?? ''
    const id = own === '' || seen.has(own) ? madeUpCallId({ conversationLength, index }, { name, arguments: text }) : own
    seen.add(id)
    return { id, name, arguments: text }
  })
}

const finishReasons: Readonly<Record<string, ModelReply['finishReason']>> = {
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  content_filter: 'filtered',
  safety: 'filtered',
  sensitive: 'filtered',
  stop: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
}

/** Some endpoints say "stop" beside calls. */
function finishReasonOf(reason: string | null | undefined, calls: boolean): ModelReply['finishReason'] {
  const meant = finishReasons[(reason ?? '').toLowerCase()] ?? 'other'
  return calls && meant !== 'length' && meant !== 'filtered' ? 'tool-calls' : meant
}

function usageOf(usage: z.infer<typeof answerSchema>['usage']): StepUsage | undefined {
  // Endpoints that do not count write zero, which is no report.
  if (usage == null || usage.prompt_tokens === 0) return undefined
  return {
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0,
    completionTokens: usage.completion_tokens ?? 0,
  }
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

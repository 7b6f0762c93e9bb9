import { z } from 'zod'
import type { StepUsage, ToolCall } from '../../protocol/messages.ts'
import { madeUpCallId } from '../call-id.ts'
import { classifyFailure, notAnAnswer } from '../classify.ts'
import type { ModelReply } from '../model.ts'

const contentSchema = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().optional() })).transform((parts) => parts.map((part) => part.text ?? '').join(''))])
  .nullish()

const callSchema = z.looseObject({
  id: z.string().nullish(),
  function: z.looseObject({
    name: z.string(),
    // A string by the protocol; an object from some endpoints; nothing for a tool without arguments.
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  }),
})

const count = z.number().nonnegative()

const answerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        message: z.looseObject({
          content: contentSchema,
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
          tool_calls: z.array(callSchema).nullish(),
        }),
      }),
    )
    .min(1),
  usage: z
    .looseObject({
      prompt_tokens: count,
      completion_tokens: count.nullish(),
      prompt_tokens_details: z.looseObject({ cached_tokens: count.nullish() }).nullish(),
    })
    .nullish()
    .catch(undefined),
})

/** OpenRouter, among others, puts the failure of the provider behind it into the body of a 200. */
const failureSchema = z.looseObject({
  error: z.looseObject({ message: z.string().catch('no further word'), code: z.union([z.string(), z.number()]).nullish().catch(undefined) }),
})

/**
 * Reads an endpoint's answer tolerantly.
 * @param conversationLength  messages of the request: with it, made-up ids of calls differ along a conversation
 * @throws ModelError
 */
export function readChatAnswer(body: unknown, conversationLength: number, secrets: readonly string[] = []): ModelReply {
  const json = typeof body === 'string' ? parsedOr(body) : body
  const failure = failureSchema.safeParse(json)
  if (failure.success) {
    const { message, code } = failure.data.error
    const status = Number(code)
    throw classifyFailure(
      { message, ...(Number.isInteger(status) && status >= 400 ? { status } : { code: code == null ? undefined : String(code) }) },
      { secrets },
    )
  }
  const answer = answerSchema.safeParse(json)
  if (!answer.success) throw notAnAnswer(typeof json === 'string' ? json : z.prettifyError(answer.error), { secrets })
  const [choice] = answer.data.choices
  if (choice === undefined) throw notAnAnswer('no choice')
  const { message } = choice
  const toolCalls = withIds(message.tool_calls ?? [], conversationLength)
  const content = message.content ?? ''
  // Reasoning beside calls is inner thoughts. Without calls it is not an answer, and must not become a summary.
  const text = toolCalls.length === 0 ? withoutThinking(content) : content || message.reasoning_content || message.reasoning || ''
  const usage = usageOf(answer.data.usage)
  return { text, toolCalls, finishReason: finishReasonOf(choice.finish_reason, toolCalls.length > 0), ...(usage === undefined ? {} : { usage }) }
}

/** Ids that are missing or doubled are made up. */
function withIds(calls: readonly z.infer<typeof callSchema>[], conversationLength: number): readonly ToolCall[] {
  const seen = new Set<string>()
  return calls.map((call, index) => {
    const { name } = call.function
    const given = call.function.arguments ?? '{}'
    const text = typeof given === 'string' ? given || '{}' : JSON.stringify(given)
    const own = call.id ?? ''
    const id = own === '' || seen.has(own) ? madeUpCallId({ conversationLength, index }, { name, arguments: text }) : own
    seen.add(id)
    return { id, name, arguments: text }
  })
}

function finishReasonOf(reason: string | null | undefined, calls: boolean): ModelReply['finishReason'] {
  if (reason === 'length') return 'length'
  // Some endpoints say "stop" beside calls.
  if (calls || reason === 'tool_calls') return 'tool-calls'
  return reason === 'stop' ? 'stop' : 'other'
}

function usageOf(usage: z.infer<typeof answerSchema>['usage']): StepUsage | undefined {
  // Zero is what endpoints write that do not count: no report.
  if (usage == null || usage.prompt_tokens === 0) return undefined
  return {
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    completionTokens: usage.completion_tokens ?? 0,
  }
}

const withoutThinking = (text: string): string => text.replace(/^\s*<think>[^]*?<\/think>\s*/, '')

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

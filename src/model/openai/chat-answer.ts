import { z } from 'zod'
import { jsonOrText, jsonText } from '../../protocol/json.ts'
import type { StepUsage } from '../../protocol/messages.ts'
import { classifyFailure, notAnAnswer } from '../classify.ts'
import { callPiecesIn, isReadable, legacyPiecesIn, toolCallsOf, type CallPiece } from './calls.ts'
import { explainsSilence, finishReasonOf, saysBrokenOff, statedReason } from './finish-reason.ts'
import { givenWithMessage } from './given-fields.ts'
import { failureInBody } from './failure-in-body.ts'
import { reasoningIn, reasoningInDetails } from './reasoning.ts'
import { failureOf, throwFailureIn } from './throw-failure.ts'
import type { ModelReply } from '../model.ts'
import { thinkingIn } from '../thinking.ts'

/** A text, also as a record of one; a refusal stands in a field of its own. */
const partTextSchema = z.union([z.string(), z.looseObject({ value: z.string() }).transform(({ value }) => value)]).nullish().catch(undefined)
const partSchema = z.preprocess(
  (part) => (typeof part === 'string' ? { text: part } : part),
  z.looseObject({ type: z.string().optional(), text: partTextSchema, refusal: partTextSchema, thinking: z.unknown().optional() }),
)

/** Text, or a list of parts, or one of them. Parts of type `thinking` (Mistral) are not part of the text. */
const contentSchema = z.union([z.string(), z.array(partSchema), partSchema.transform((part) => [part])]).nullish()

const messageSchema = z.looseObject({
  content: contentSchema,
  reasoning_content: z.string().nullish().catch(undefined),
  reasoning: z.string().nullish().catch(undefined),
  refusal: z.string().nullish().catch(undefined),
  tool_calls: z.unknown().optional().transform(callPiecesIn),
  function_call: z.unknown().optional().transform(legacyPiecesIn),
})

const count = z.number().nonnegative()

const answerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.unknown().optional().transform(statedReason),
        // Absent if a filter withheld the message (Azure); some proxies give a whole answer as a piece, or as a text alone.
        message: messageSchema.nullish(),
        delta: messageSchema.nullish().catch(undefined),
        text: z.string().nullish().catch(undefined),
        error: z.unknown().optional(),
      }).transform(({ message, delta, text, ...rest }) => ({ ...rest, message: message ?? delta ?? messageSchema.parse({ content: text }) })),
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

/** A reply; what the endpoint gave beside its message, to have it back, is JSON of fields. */
export type ChatAnswer = Omit<ModelReply, 'given'> & { readonly givenWithMessage?: string }

/**
 * Reads an endpoint's answer, also where it departs from the protocol.
 * @param conversationLength  number of messages of the request. Made-up ids of calls depend on it, so they differ along a conversation
 * @throws ModelError
 */
export function readChatAnswer(body: unknown, conversationLength: number, secrets: readonly string[] = []): ChatAnswer {
  const json = typeof body === 'string' ? jsonOrText(body) : body
  throwFailureIn(json, secrets)
  const answer = answerSchema.safeParse(json)
  const said = answer.success ? undefined : failureInBody(json)
  if (said !== undefined) throw failureOf(said, secrets)
  if (!answer.success) throw notAnAnswer(typeof json === 'string' ? json : z.prettifyError(answer.error), { secrets })
  for (const choice of answer.data.choices) throwFailureIn(choice, secrets)
  const { message, calls, ended } = inOne(answer.data.choices)
  if (ended !== undefined && saysBrokenOff(ended)) throw classifyFailure({ message: `it broke the answer off: ${ended}` }, { secrets })
  if (calls.length > 0 && !calls.some(isReadable)) throw notAnAnswer(`no call of it can be read: ${jsonText(calls) ?? 'they are nested too deeply'}`, { secrets })
  const finishReason = finishReasonOf(ended, calls.length > 0)
  const toolCalls = toolCallsOf(calls, conversationLength, finishReason === 'length' || finishReason === 'filtered')
  const { thinking, rest } = thinkingIn(textOf(message.content))
  const reasoning = thinkingPartsOf(message.content) || reasoningIn(message) || thinking || reasoningInDetails(message)
  const usage = usageOf(answer.data.usage)
  const beside = givenWithMessage(message)
  return {
    // Reasoning beside calls is inner thoughts. Without calls it is not an answer, and must not become a summary.
    text: rest || (toolCalls.length > 0 ? reasoning : (message.refusal ?? '')),
    toolCalls,
    finishReason,
    ...(reasoning === '' || toolCalls.length > 0 ? {} : { thinking: reasoning }),
    ...(beside === undefined ? {} : { givenWithMessage: beside }),
    ...(usage === undefined ? {} : { usage }),
  }
}

type Choice = z.infer<typeof answerSchema>['choices'][number]

/** One answer was asked for. Where several choices come, as Copilot puts calls behind their text, each is a part of it. */
function inOne(choices: readonly Choice[]): { readonly message: Choice['message']; readonly calls: readonly CallPiece[]; readonly ended: string | undefined } {
  const messages = choices.map(({ message }) => message)
  const reasons = choices.flatMap(({ finish_reason: reason }) => reason ?? [])
  return {
    message: messages.find(({ content }) => textOf(content) !== '') ?? messages[0] ?? messageSchema.parse({}),
    calls: messages.flatMap(({ tool_calls: calls, function_call: older }) => (calls.length === 0 ? older : calls)),
    ended: reasons.find((reason) => explainsSilence(reason)) ?? reasons[0],
  }
}

type Content = z.infer<typeof contentSchema>

function textOf(content: Content): string {
  if (content == null) return ''
  return typeof content === 'string' ? content : content.map((part) => part.text ?? part.refusal ?? '').join('')
}

/** `{"type": "thinking", "thinking": [{"type": "text", "text": …}]}`, or its text alone. */
function thinkingPartsOf(content: Content): string {
  if (!Array.isArray(content)) return ''
  return content
    .flatMap(({ thinking }) => (typeof thinking === 'string' ? [thinking] : textOf(z.array(partSchema).safeParse(thinking).data)))
    .join('')
    .trim()
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

import { z } from 'zod'
import { isRecord } from '../../protocol/is-record.ts'
import { jsonOrText, jsonText } from '../../protocol/json.ts'
import { classifyFailure, notAnAnswer } from '../classify.ts'
import { callPiecesIn, isReadable, legacyPiecesIn, toolCallsOf, type CallPiece } from './calls.ts'
import { explainsSilence, finishReasonOf, saysBrokenOff, statedReason } from './finish-reason.ts'
import { callsOf, contentSchema, textOf, thoughtsOf } from './content.ts'
import { givenWithMessage } from './given-fields.ts'
import { failureInBody } from './failure-in-body.ts'
import { reasoningIn, reasoningInDetails } from './reasoning.ts'
import { failureOf, throwFailureIn } from './throw-failure.ts'
import type { ModelReply } from '../model.ts'
import { usageFieldsIn, usageOf } from './usage.ts'
import { thinkingIn } from '../thinking.ts'

const messageSchema = z.looseObject({
  content: contentSchema,
  refusal: z.string().nullish().catch(undefined),
  tool_calls: z.unknown().optional().transform(callPiecesIn),
  function_call: z.unknown().optional().transform(legacyPiecesIn),
})

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
  if (!answer.success && holdsBack(json)) throw classifyFailure({ code: 'content_filter', message: jsonText(json) ?? '' }, { secrets })
  if (!answer.success) throw notAnAnswer(typeof json === 'string' ? json : z.prettifyError(answer.error), { secrets })
  for (const choice of answer.data.choices) throwFailureIn(choice, secrets)
  const { message, calls, ended } = inOne(answer.data.choices)
  if (ended !== undefined && saysBrokenOff(ended)) throw classifyFailure({ message: `it broke the answer off: ${ended}` }, { secrets })
  if (calls.length > 0 && !calls.some(isReadable)) throw notAnAnswer(`no call of it can be read: ${jsonText(calls) ?? 'they are nested too deeply'}`, { secrets })
  const finishReason = finishReasonOf(ended, calls.length > 0)
  const toolCalls = toolCallsOf(calls, conversationLength, finishReason === 'length' || finishReason === 'filtered')
  const { thinking, rest } = thinkingIn(textOf(message.content))
  const reasoning = thoughtsOf(message.content).trim() || reasoningIn(message) || thinking || reasoningInDetails(message)
  const usage = usageOf(usageFieldsIn(answer.data))
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

/** An answer, or a piece of one, that has no choices, and says that a filter has held the prompt back: Azure, Gemini. */
export function holdsBack(body: unknown): boolean {
  const { choices, ...rest }: Readonly<Record<string, unknown>> = isRecord(body) ? body : {}
  return (choices == null || (Array.isArray(choices) && choices.length === 0)) && /"filtered":true|"block_?reason":"[A-Z]/i.test(jsonText(rest) ?? '')
}

type Choice = z.infer<typeof answerSchema>['choices'][number]

/** One answer was asked for. Where several choices come, as Copilot puts calls behind their text, each is a part of it. */
function inOne(choices: readonly Choice[]): { readonly message: Choice['message']; readonly calls: readonly CallPiece[]; readonly ended: string | undefined } {
  const messages = choices.map(({ message }) => message)
  const reasons = choices.flatMap(({ finish_reason: reason }) => reason ?? [])
  return {
    message: messages.find(({ content }) => textOf(content) !== '') ?? messages[0] ?? messageSchema.parse({}),
    calls: messages.flatMap(({ tool_calls: calls, function_call: older, content }) => [calls, older, callsOf(content)].find((found) => found.length > 0) ?? []),
    ended: reasons.find((reason) => explainsSilence(reason)) ?? reasons[0],
  }
}

import { z } from 'zod'
import { callPiecesIn, type CallPiece } from './calls.ts'

/** A text, also as a record of one; a refusal stands in a field of its own. */
const partTextSchema = z.union([z.string(), z.looseObject({ value: z.string() }).transform(({ value }) => value)]).nullish().catch(undefined)
const partSchema = z.preprocess(
  (part) => (typeof part === 'string' ? { text: part } : part),
  z.looseObject({ type: z.string().nullish().catch(undefined), text: partTextSchema, refusal: partTextSchema, thinking: z.unknown().optional() }),
)

/** Text, or a list of parts, or one of them, in an answer and in each piece of one. Parts of type `thinking` (Mistral) are not part of the text. */
export const contentSchema = z.union([z.string(), z.array(partSchema), partSchema.transform((part) => [part])]).nullish()

export type Content = z.infer<typeof contentSchema>

export function textOf(content: Content): string {
  if (content == null) return ''
  return typeof content === 'string' ? content : content.map((part) => part.text ?? part.refusal ?? '').join('')
}

/** `{"type": "thinking", "thinking": [{"type": "text", "text": …}]}`, or its text alone. */
export function thoughtsOf(content: Content): string {
  if (!Array.isArray(content)) return ''
  return content.flatMap(({ thinking }) => (typeof thinking === 'string' ? [thinking] : textOf(z.array(partSchema).safeParse(thinking).data))).join('')
}

/** Calls among the parts, as Anthropic has them, and gateways before it leave them. */
export const callsOf = (content: Content): readonly CallPiece[] => (Array.isArray(content) ? callPiecesIn(content.filter(({ type }) => type === 'tool_use' || type === 'tool_call')) : [])

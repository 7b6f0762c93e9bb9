import { z } from 'zod'
import { jsonText } from '../../protocol/json.ts'
import type { ToolCall } from '../../protocol/messages.ts'
import { madeUpCallId } from '../call-id.ts'
import { givenWithCall } from './given-fields.ts'

/** Arguments of a call, or a piece of them: a text by the protocol, an object from some endpoints, nothing for a tool without arguments. */
export const argumentsSchema = z.union([z.string(), z.record(z.string(), z.unknown())]).nullish()

/** As text. Of an object that is nested too deeply to be written it is one that is no JSON: a malformed call, so that the model reads why. */
export function argumentsText(given: z.infer<typeof argumentsSchema>): string {
  return typeof given === 'string' ? given : given == null ? '' : (jsonText(given) ?? '(arguments nested too deeply)')
}

export const functionSchema = z.looseObject({ name: z.string(), arguments: argumentsSchema })
export const callSchema = z.union([
  z.looseObject({ id: z.coerce.string().nullish(), function: functionSchema }),
  z.looseObject({ id: z.coerce.string().nullish(), name: z.string(), arguments: argumentsSchema }).transform(({ id, name, arguments: given }) => ({ id, function: { name, arguments: given } })),
])

/**
 * Arguments as JSON. None at all are those of a tool without arguments; but of the call at which an answer was cut nobody knows what they
 * would have been. It must not run, and becomes a malformed call.
 */
function argumentsOf(given: z.infer<typeof argumentsSchema>, isCut: boolean): string {
  const text = argumentsText(given)
  if (text.trim() !== '') return text
  return isCut ? '(cut off before its arguments)' : '{}'
}

/**
 * The calls of an answer. Those whose ids are missing or doubled get new ones.
 * @param isCut the answer ended before it was whole
 */
export function toolCallsOf(calls: readonly z.infer<typeof callSchema>[], conversationLength: number, isCut: boolean): readonly ToolCall[] {
  const seen = new Set<string>()
  return calls.map((call, index) => {
    const { name } = call.function
    const text = argumentsOf(call.function.arguments, isCut && index === calls.length - 1)
    const own = call.id ?? ''
    const id = own === '' || seen.has(own) ? madeUpCallId({ conversationLength, index }, { name, arguments: text }) : own
    seen.add(id)
    const beside = givenWithCall(call)
    return { id, name, arguments: text, ...(beside !== undefined && { given: beside }) }
  })
}

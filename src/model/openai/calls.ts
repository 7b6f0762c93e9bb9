import { z } from 'zod'
import { isRecord } from '../../protocol/is-record.ts'
import { jsonOrText, jsonText } from '../../protocol/json.ts'
import type { ToolCall } from '../../protocol/messages.ts'
import { madeUpCallId } from '../call-id.ts'
import { givenWithCall } from './given-fields.ts'

const textSchema = z.string().nullish().catch(undefined)
/** Arguments of a call, or a piece of them: a text by the protocol, an object from some endpoints, nothing for a tool without arguments. */
const argumentsSchema = z.unknown().optional()

/** Under a name of other protocols, Anthropic's or the one in which models write calls. */
const withArguments = (called: unknown): unknown => {
  if (!isRecord(called) || called['arguments'] !== undefined) return called
  const given = called['input'] ?? called['parameters'] ?? called['args']
  return given === undefined ? called : { ...called, arguments: given }
}

const pieceSchema = z
  .looseObject({
    index: z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,9}$/).transform(Number)]).nullish().catch(undefined),
    id: z.coerce.string().nullish().catch(undefined),
    function: z.preprocess(recordWithin, z.union([z.looseObject({ name: textSchema, arguments: argumentsSchema }), z.string()]).nullish()),
    // Some have them here, beside a function's name or without one.
    name: textSchema,
    arguments: argumentsSchema,
  })
  .transform(({ function: called, name, arguments: given, ...rest }) => ({ ...rest, function: isRecord(called) ? called : { name: called ?? name, arguments: given } }))

/** A call, or a piece of one that comes in pieces. */
export type CallPiece = z.infer<typeof pieceSchema>

/** As the name of a call it tells the model, and whoever reads the message, that something was given as one which is none. */
const unreadable = 'unreadable_call'
const unreadableCall = (given: unknown): CallPiece => ({ function: { name: unreadable, arguments: jsonText(given) ?? tooDeep } })
const tooDeep = '(arguments nested too deeply)'

/** Whether a whole call is one at all. An empty name is the model's own doing. */
export const isReadable = ({ function: { name } }: CallPiece): boolean => name != null && name !== unreadable

/**
 * What stands where an answer's calls should: a list of them, one alone, a table of them, or any of these as JSON within a text. What is no
 * call is not passed over: it becomes one of a tool that nobody has, so that the model learns of it.
 */
export function callPiecesIn(given: unknown): readonly CallPiece[] {
  const value = jsonWithin(given)
  const elements: readonly unknown[] = Array.isArray(value) ? value : isTable(value) ? Object.values(value) : [value]
  return elements.map(jsonWithin).flatMap((element) => {
    if (isNothing(element)) return []
    const piece = pieceSchema.safeParse(withArguments(element))
    return [piece.success ? piece.data : unreadableCall(element)]
  })
}

/** The older form, of one call. */
export const legacyPiecesIn = (given: unknown): readonly CallPiece[] => (isNothing(jsonWithin(given)) ? [] : callPiecesIn([{ index: 0, function: given }]))

const jsonWithin = (given: unknown): unknown => (typeof given === 'string' ? jsonOrText(given) : given)
const isTable = (value: unknown): value is Readonly<Record<string, unknown>> => isRecord(value) && value['function'] === undefined && Object.values(value).every(isRecord)
/** A word in place of calls, as `none`, says that there are none. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (typeof value === 'string' && /^\w*$/.test(value)) || (isRecord(value) && Object.keys(value).length === 0)

/** A function as JSON within a text; a text that is no object is a function's name, whatever else it is as JSON. */
function recordWithin(given: unknown): unknown {
  const value = jsonWithin(given)
  return isRecord(value) ? withArguments(value) : given
}

/**
 * As text. Of what is no object, or nested too deeply to be written, it is none of an object: a malformed call, so that the model reads why.
 * An empty list stands for an empty object where the endpoint's language tells them not apart.
 */
export function argumentsText(given: unknown): string {
  if (typeof given === 'string') return given
  return given == null || (Array.isArray(given) && given.length === 0) ? '' : (jsonText(given) ?? tooDeep)
}

/**
 * Arguments as JSON. None at all are those of a tool without arguments; but of the call at which an answer was cut nobody knows what they
 * would have been. It must not run, and becomes a malformed call.
 */
function argumentsOf(given: unknown, isCut: boolean): string {
  const text = argumentsText(given)
  if (text.trim() !== '') return text
  return isCut ? '(cut off before its arguments)' : '{}'
}

/**
 * The calls of an answer. Those whose ids are missing or doubled get new ones.
 * @param isCut the answer ended before it was whole
 */
export function toolCallsOf(calls: readonly CallPiece[], conversationLength: number, isCut: boolean): readonly ToolCall[] {
  const seen = new Set<string>()
  return calls.map((call, index) => {
    const { name, arguments: given } = (call.function.name == null ? unreadableCall(call) : call).function
    const text = argumentsOf(given, isCut && index === calls.length - 1)
    const own = call.id ?? ''
    const id = own === '' || seen.has(own) ? madeUpCallId({ conversationLength, index }, { name: name ?? unreadable, arguments: text }) : own
    seen.add(id)
    const beside = givenWithCall(call)
    return { id, name: name ?? unreadable, arguments: text, ...(beside !== undefined && { given: beside }) }
  })
}

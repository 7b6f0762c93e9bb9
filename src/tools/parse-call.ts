import { z } from 'zod'
import { TooManySteps } from '../parameters/metered.ts'
import { closestWord } from '../protocol/closest-word.ts'
import { messageOf } from '../protocol/errors.ts'
import { isRecord } from '../protocol/is-record.ts'
import { jsonOrText } from '../protocol/json.ts'
import { limits } from '../protocol/limits.ts'
import type { ToolCall } from '../protocol/messages.ts'
import { wellFormedJson } from '../protocol/well-formed.ts'
import { fittedArguments } from './fitted-arguments.ts'
import { runtimeArguments } from './model-tool.ts'
import { unknownTool, type ToolRegistry } from './registry.ts'
import type { Tool } from './tool.ts'

export type ParsedCall =
  | {
      readonly ok: true
      readonly tool: Tool
      readonly args: Record<string, unknown>
      readonly heartbeat: boolean
      readonly innerThoughts?: string
      /** Names that stand in the call and that the tool does not have: they are left out. */
      readonly unknownNames: readonly string[]
    }
  /** The error is for the model: it becomes the call's result. */
  | { readonly ok: false; readonly error: string; readonly heartbeat: false }

/**
 * Reads a call as the model wrote it. Tolerant where the meaning is plain: no arguments at all, a heartbeat as a string, keys
 * that the tool does not know, null for an optional argument, arguments that are encoded twice or of another simple type. Deterministic, so that every attempt finds the same.
 */
export function parseCall(call: ToolCall, registry: Pick<ToolRegistry, 'get'>, allowedNames: readonly string[]): ParsedCall {
  const tool = allowedNames.includes(call.name) ? registry.get(call.name) : undefined
  const known = (): string[] => allowedNames.filter((name) => registry.get(name) !== undefined)
  if (!tool && allowedNames.includes(call.name)) return refused(`tool-unknown: ${call.name} is yours, but no program that has it runs here now. Do without it, or tell the user. Tools: ${known().join(', ')}.`)
  if (!tool) return refused(unknownTool(call.name, known()))

  if (Buffer.byteLength(call.arguments) > limits.toolArgumentsBytes) {
    return refused(`arguments of ${tool.name} have more than the ${limits.toolArgumentsBytes} bytes that are allowed: make several smaller calls`)
  }
  const read = readObject(call.arguments)
  if (typeof read === 'string') return refused(`arguments of ${tool.name} ${read}: write one JSON object, such as ${example(tool)}`)

  const inner = withinWrapping(tool, read)
  const other = inner === undefined ? undefined : toolNamedIn(tool, read, known())
  if (other !== undefined) return refused(`arguments of ${tool.name} hold a call of ${other}: call ${other} itself`)
  // What a tool with arguments of any name takes as it is may be meant as it is.
  const isWrapped = inner !== undefined && !(isOpen(tool) && fits(tool, read)) && fits(tool, withOwnNames(tool, inner))
  const { inner_thoughts: innerThoughts, request_heartbeat: heartbeat, ...rest } = withOwnNames(tool, isWrapped ? inner : read)
  const parsed = checked(tool, rest)
  if (typeof parsed === 'string') return refused(`arguments of ${tool.name} ${parsed}`)
  if (!parsed.success) return refused(`arguments of ${tool.name} do not fit:\n${parsed.error.issues.map(line).join('\n')}\nExpected: ${example(tool)}`)
  return {
    ok: true,
    tool,
    args: parsed.data,
    heartbeat: heartbeat === true || heartbeat === 1 || (typeof heartbeat === 'string' && /^\s*(?:true|yes|1)\s*$/i.test(heartbeat)),
    ...(typeof innerThoughts === 'string' && innerThoughts.trim() !== '' && { innerThoughts }),
    unknownNames: Object.keys(rest).filter((name) => !Object.hasOwn(parsed.data, name) && !Object.hasOwn(tool.schema.shape, name)),
  }
}

/** What is wrong with names that a tool does not have, for whoever wrote them; undefined where there are none. */
export function unknownNamesText(tool: Tool, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const known = argumentsOf(tool).map(([name]) => name)
  const lines = names.map((name) => {
    const meant = closestWord(name, known)
    return `- ${name}: the tool has no such argument${meant === undefined ? '' : `; did you mean ${meant}?`}`
  })
  return `arguments of ${tool.name} do not fit:\n${lines.join('\n')}\nExpected: ${example(tool)}`
}

const refused = (error: string): ParsedCall => ({ ok: false, error, heartbeat: false })

/** The object, or what is wrong. */
function readObject(text: string): Readonly<Record<string, unknown>> | string {
  if (text.trim() === '') return {}
  try {
    const value = wellFormedJson(decoded(text))
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return {}
    if (Array.isArray(value) && value.length === 1 && isRecord(value[0])) return value[0]
    return isRecord(value) ? value : `are ${Array.isArray(value) ? 'a list' : JSON.stringify(value).slice(0, 40)}, not an object`
  } catch (error) {
    return `are not JSON (${messageOf(error).slice(0, 200)})`
  }
}

/** Some endpoints encode arguments twice, or three times: a string of JSON within JSON. */
function decoded(text: string): unknown {
  let value: unknown = JSON.parse(text)
  for (let times = 1; times < 3 && typeof value === 'string'; times += 1) value = jsonOrText(value)
  return value
}

/** Under which some models write the arguments once more, and what may stand beside these words. */
const wrappings = ['arguments', 'parameters', 'args', 'kwargs', 'input', 'params', 'properties', 'tool_input', 'action_input'] as const
const besides = new Set(['name', 'function', 'tool', 'type', 'id', 'inner_thoughts', 'request_heartbeat'])

/** The arguments within `{"name": …, "arguments": {…}}`, or by the tool's own name; undefined where the tool has such an argument, or more stands beside them. */
function withinWrapping(tool: Tool, read: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const { name, schema } = tool
  const { function: called } = read
  if (isRecord(called) && !Object.hasOwn(schema.shape, 'function') && Object.keys(read).every((key) => besides.has(key))) return withinWrapping(tool, called)
  const [wrapping, ...more] = Object.keys(read).filter((key) => !besides.has(key) || Object.hasOwn(schema.shape, key))
  if (wrapping === undefined || more.length > 0 || Object.hasOwn(schema.shape, wrapping) || !(wrapping === name || wrappings.some((word) => word === wrapping))) return undefined
  const given = read[wrapping]
  const inner = typeof given === 'string' ? jsonOrText(given) : given
  const { inner_thoughts, request_heartbeat } = read
  return isRecord(inner) ? { ...(inner_thoughts !== undefined && { inner_thoughts }), ...(request_heartbeat !== undefined && { request_heartbeat }), ...inner } : undefined
}

/** Another tool that the form of a whole call names: its arguments are not this one's. */
function toolNamedIn(tool: Tool, read: Readonly<Record<string, unknown>>, known: readonly string[]): string | undefined {
  const { function: called } = read
  const named = [read, ...(isRecord(called) ? [called] : [])].flatMap(({ name, tool: byTool, function: byFunction }) => [name, byTool, byFunction])
  return known.find((one) => one !== tool.name && named.includes(one))
}

/** With arguments under the tool's own names, where a model has written them in other letters or with other joints: `Query`, `startDate` for `start_date`. */
function withOwnNames(tool: Tool, read: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const own = [...Object.keys(tool.schema.shape), ...Object.keys(runtimeArguments)]
  const missing = own.filter((name) => !Object.hasOwn(read, name))
  const meant = ([name, value]: [string, unknown]): [string, unknown] => {
    const isMeant = (other: string): boolean => plain(other) === plain(name)
    const [only, another] = own.includes(name) || isOpen(tool) ? [] : missing.filter(isMeant)
    // Of two in its place, either may be what is meant.
    return [only !== undefined && another === undefined && Object.keys(read).filter(isMeant).length === 1 ? only : name, value]
  }
  return Object.fromEntries(Object.entries(read).map(meant))
}

/** Without its joints, and what stands around it. Other signs mean something: `c` is not `c#`, nor is `force` what `!force` says. */
const plain = (name: string): string => name.trim().toLowerCase().replace(/(?<=[\p{L}\p{N}])[\s_-]+(?=[\p{L}\p{N}])/gu, '')

/** Whether it takes arguments that its schema does not name. */
function isOpen({ schema }: Tool): boolean {
  const { catchall } = schema._zod.def
  return catchall !== undefined && catchall._zod.def.type !== 'never'
}

function fits(tool: Tool, read: Readonly<Record<string, unknown>>): boolean {
  const parsed = checked(tool, Object.fromEntries(Object.entries(read).filter(([name]) => !Object.hasOwn(runtimeArguments, name))))
  return typeof parsed !== 'string' && parsed.success
}

/** Or why they can't be checked. */
function checked(tool: Tool, args: Readonly<Record<string, unknown>>): ReturnType<Tool['schema']['safeParse']> | string {
  try {
    return tool.schema.safeParse(fittedArguments(tool.schema.shape, withoutNulls(tool, args)))
  } catch (error) {
    if (error instanceof RangeError) return 'are nested too deeply: write them flat'
    if (error instanceof TooManySteps) return 'are too long, or nested too deeply, to be checked: write less, and flat'
    throw error
  }
}

function line({ path, message }: z.core.$ZodIssue): string {
  return `- ${path.length > 0 ? `${path.map(String).join('.')}: ` : ''}${message}`
}

/** `{"query": …, "page"?: …}`: names are what models get wrong. */
function example(tool: Tool): string {
  const names = argumentsOf(tool).map(([name, type]) => `${JSON.stringify(name)}${isOptional(type) ? '?' : ''}: …`)
  return `{${names.join(', ')}}`
}

/** Some models write null for what they leave out, or a text that says so. */
function withoutNulls(tool: Tool, read: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const optional = new Map(argumentsOf(tool).filter(([, type]) => isOptional(type)))
  const isAbsent = (name: string, value: unknown): boolean => {
    const type = optional.get(name)
    return type !== undefined && saysNothing(value) && !z.safeParse(type, value).success
  }
  return Object.fromEntries(Object.entries(read).filter(([name, value]) => !isAbsent(name, value)))
}

const saysNothing = (value: unknown): boolean => value === null || (typeof value === 'string' && /^\s*(?:null|none|undefined)?\s*$/i.test(value))

const argumentsOf = (tool: Tool): [string, z.core.$ZodType][] => Object.entries<z.core.$ZodType>(tool.schema.shape)
const isOptional = (type: z.core.$ZodType): boolean => z.safeParse(type, undefined).success

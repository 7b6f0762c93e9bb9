import { nameIn, valueOf, type JsonNode } from './lenient-json.ts'
import { isJson } from '../../protocol/json.ts'

export interface TextCall {
  readonly name: string
  /** As the model wrote them: possibly not JSON. */
  readonly arguments: string
}

export interface CallReading {
  readonly text: string
  readonly tools: ReadonlySet<string>
  /** Whether a call of a tool that is not offered counts as a call too, so that the model learns that there is no such tool. */
  readonly unknownTools: boolean
}

const wrappers = ['tool_calls', 'tool_call', 'function_calls', 'function_call', 'calls']
const nameKeys = ['name', 'tool', 'tool_name', 'function', 'function_name', 'action']
const argumentKeys = ['arguments', 'parameters', 'args', 'params', 'input', 'tool_input', 'action_input']
/** Fields beside the name and the arguments that are no arguments. */
const besides = new Set([...nameKeys, 'type', 'id'])
const plainName = /^[\w.:/-]{1,128}$/

/**
 * The calls that a JSON value means: `{"name", "arguments"}` with any of the usual field names, a list of them, or one of the wrappers
 * around them that models have learned. Undefined if the value means no call, or its meaning is not plain.
 */
export function callsIn(node: JsonNode, reading: CallReading): readonly TextCall[] | undefined {
  if (node.kind === 'plain') return undefined
  if (node.kind === 'list') {
    const read = node.items.map((item) => callsIn(item, reading))
    return read.length > 0 && read.every((calls) => calls !== undefined) ? read.flat() : undefined
  }
  const members = new Map(node.members)
  const wrapped = [...wrappers, 'function'].map((key) => members.get(key)).find((member) => member !== undefined && member.kind !== 'plain')
  if (wrapped !== undefined) return callsIn(wrapped, reading)
  const call = namedCall(members, reading) ?? keyedCall(node.members, reading)
  return call === undefined ? undefined : [call]
}

/** `{"name": "search", "arguments": {…}}`; of a tool that is offered also `{"name": "search", "query": "…"}`. */
function namedCall(members: ReadonlyMap<string, JsonNode>, reading: CallReading): TextCall | undefined {
  const written = nameKeys.map((key) => textOf(members.get(key))).find((text) => text !== undefined)
  if (written === undefined) return undefined
  const name = nameIn(written)
  const offered = reading.tools.has(name)
  const [given] = argumentKeys.flatMap((key) => {
    const member = members.get(key)
    return member === undefined ? [] : [member]
  })
  if (given !== undefined) {
    const meant = offered || (reading.unknownTools && plainName.test(name) && (members.has('arguments') || members.has('parameters')))
    return meant ? { name, arguments: argumentsOf(given, reading.text) } : undefined
  }
  if (!offered) return undefined
  const flat = [...members].filter(([key]) => !besides.has(key)).map(([key, member]) => [key, valueOf(member)])
  return { name, arguments: JSON.stringify(Object.fromEntries(flat)) }
}

/** `{"search": {"query": "…"}}`. */
function keyedCall(members: readonly (readonly [string, JsonNode])[], reading: CallReading): TextCall | undefined {
  const [only, ...others] = members
  if (only === undefined || others.length > 0 || only[1].kind !== 'object' || !reading.tools.has(only[0])) return undefined
  return { name: only[0], arguments: argumentsOf(only[1], reading.text) }
}

/** Arguments in the model's own writing if that is JSON, so that numbers and doubled keys stay as they were. */
export function argumentsOf(node: JsonNode, text: string): string {
  if (node.kind === 'plain') return node.value === null ? '{}' : String(node.value)
  const written = text.slice(node.start, node.end)
  return isJson(written) ? written : JSON.stringify(valueOf(node))
}

const textOf = (node: JsonNode | undefined): string | undefined => (node?.kind === 'plain' && typeof node.value === 'string' ? node.value : undefined)

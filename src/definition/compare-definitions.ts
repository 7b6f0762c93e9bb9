import type { AgentDefinition } from '../protocol/definition.ts'
import { isRecord } from '../protocol/is-record.ts'
import { inputOf } from './input-of.ts'

/** One field in which two versions of a definition differ; a value that is absent in one of them is undefined. */
export interface DefinitionDifference {
  /** Like `model`, `budget.tokens` or `blocks.human.limit`. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** All fields in which they differ, in the order of the definition. What a block begins with is no part of it. */
export function compareDefinitions(key: string, before: AgentDefinition, after: AgentDefinition): readonly DefinitionDifference[] {
  return differences('', changeable(key, before), changeable(key, after))
}

/** Of a definition what can be changed, in the form in which changes are given: blocks by their labels. */
export function changeable(key: string, definition: AgentDefinition): Readonly<Record<string, unknown>> {
  const { blocks, ...fields } = inputOf(key, definition)
  const named = blocks.map(({ label, ...block }) => [label, without(block, 'value')] as const)
  return { ...without(fields, 'id'), blocks: Object.fromEntries(named) }
}

const without = (object: object, name: string): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(object).filter(([field]) => field !== name))

/** Lists and metadata are compared as a whole, as they are changed as a whole. */
function differences(path: string, before: unknown, after: unknown): readonly DefinitionDifference[] {
  if (!isRecord(before) || !isRecord(after) || path === 'metadata') return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field: path, before, after }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const part = (of: Readonly<Record<string, unknown>>, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined)
  return names.flatMap((name) => differences(path === '' ? name : `${path}.${name}`, part(before, name), part(after, name)))
}

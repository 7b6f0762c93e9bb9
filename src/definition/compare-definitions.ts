import type { AgentDefinition } from '../protocol/definition.ts'
import { isRecord } from '../protocol/is-record.ts'
import { inputOf } from './input-of.ts'
import { pairedLabels } from './paired-labels.ts'

type Fields = Readonly<Record<string, unknown>>
type ChangeableBlocks = Readonly<Record<string, Fields & { readonly blockId: string }>>

/** One field in which two versions of a definition differ; a value that is absent in one of them is undefined. */
export interface DefinitionDifference {
  /** Like `model`, `budget.tokens` or `blocks.human.limit`. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/**
 * All fields in which they differ, in the order of the definition. What a block begins with is no part of it. Blocks are compared by their
 * ids: of one that was renamed `blocks.OLD.label` differs.
 */
export function compareDefinitions(key: string, before: AgentDefinition, after: AgentDefinition): readonly DefinitionDifference[] {
  const [{ blocks: blocksBefore, ...fieldsBefore }, { blocks: blocksAfter, ...fieldsAfter }] = [changeable(key, before), changeable(key, after)]
  return [...differences('', fieldsBefore, fieldsAfter), ...blockDifferences(blocksBefore, blocksAfter)]
}

/** What no request to a model is made of. */
const unasked: ReadonlySet<string> = new Set<keyof AgentDefinition>(['id', 'name', 'description', 'tags', 'metadata', 'approval', 'answerWithinMs', 'pressure', 'budget', 'agentBudget'])

/** Whether a model is asked in another way by the one than by the other, so that it may take what it has refused. */
export function asksOtherwise(key: string, before: AgentDefinition, after: AgentDefinition): boolean {
  return compareDefinitions(key, before, after).some(({ field }) => !unasked.has(field.split('.', 1)[0] ?? field))
}

/** Of a definition what can be changed, in the form in which changes are given: blocks by their labels, with the ids by which they stay the same. */
export function changeable(key: string, definition: AgentDefinition): Fields & { readonly blocks: ChangeableBlocks } {
  const blocks = definition.blocks.map(({ label, ...block }) => [label, { ...without(block, 'value'), blockId: block.blockId }] as const)
  return { ...without(inputOf(key, definition), 'id'), blocks: Object.fromEntries(blocks) }
}

function blockDifferences(before: ChangeableBlocks, after: ChangeableBlocks): readonly DefinitionDifference[] {
  const labels = pairedLabels(before, after)
  const paired = new Set(labels.values())
  const differing = Object.entries(before).flatMap(([label, block]) => {
    const now = labels.get(label)
    return now === undefined ? differences(`blocks.${label}`, block, undefined) : differences(`blocks.${label}`, { label, ...block }, { label: now, ...after[now] })
  })
  return [...differing, ...Object.entries(after).flatMap(([label, block]) => (paired.has(label) ? [] : differences(`blocks.${label}`, undefined, block)))]
}

const without = (object: object, name: string): Fields => Object.fromEntries(Object.entries(object).filter(([field]) => field !== name))

/** Lists, metadata and the further fields of sampling are compared as a whole, as they are changed as a whole. */
function differences(path: string, before: unknown, after: unknown): readonly DefinitionDifference[] {
  if (!isRecord(before) || !isRecord(after) || path === 'metadata' || path === 'sampling.extra') return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field: path, before, after }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const part = (of: Fields, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined)
  return names.flatMap((name) => differences(path === '' ? name : `${path}.${name}`, part(before, name), part(after, name)))
}

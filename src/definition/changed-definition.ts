import type { AgentDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { assertWithinLimit, readBlocks } from '../stores/core-memory.ts'
import { withOwnBlocks } from '../stores/new-agent.ts'
import type { BlockStore } from '../stores/stores.ts'
import { assertChanges } from './agent-changes.ts'
import { changeInput } from './change-input.ts'
import { assertFits, excessTokens } from './assert-fits.ts'
import { defineAgent } from './define-agent.ts'
import { inputOf } from './input-of.ts'
import { withSharedBlocks, type FindAgent } from './shared-blocks.ts'

export interface Changing {
  readonly key: string
  readonly present: AgentDefinition
  readonly blocks: BlockStore
  readonly find: FindAgent
  /** The names of the tools that are not known where the calls will run. Absent: nobody can tell here. */
  readonly unknownTools?: (names: readonly string[]) => readonly string[]
}

/**
 * The definition with the changes, checked as a whole: what each field may be, and whether it fits what is in the blocks now.
 * @throws PerdureError `invalid-argument`, `block-unknown`, `block-private`, `block-too-large`, `definition-too-large`, `tool-unknown`
 */
export function changedDefinition(changing: Changing, changes: unknown): Promise<AgentDefinition> {
  const { key, present } = changing
  const definition = defineAgent(changeInput(inputOf(key, present), assertChanges(changes)))
  return checked(changing, definition)
}

/** An earlier version, if it could be in force now. @throws PerdureError as `changedDefinition` */
export function restoredDefinition(changing: Changing, earlier: AgentDefinition): Promise<AgentDefinition> {
  return checked(changing, defineAgent(inputOf(changing.key, earlier)))
}

/** What was out of bounds before, by edits of others, is no reason to refuse a change that makes it no worse. */
async function checked({ key, present, blocks, find, unknownTools }: Changing, changed: AgentDefinition): Promise<AgentDefinition> {
  // As at the creation: what is the agent's own is known by its name, until it is named after its key.
  const definition = withOwnBlocks(await withSharedBlocks(find, changed, present.blocks), key)
  const [readings, before] = await Promise.all([readBlocks(definition, blocks), readBlocks(present, blocks)])
  const limits = new Map(present.blocks.map(({ blockId, limit }) => [blockId, limit]))
  for (const { definition: block, value } of readings) if (block.limit !== limits.get(block.blockId)) assertWithinLimit(block, value)
  assertFits(definition, readings.map(({ value }) => value), excessTokens(present, before.map(({ value }) => value)))
  const [unknown] = unknownTools?.(definition.tools.filter((name) => !present.tools.includes(name))) ?? []
  if (unknown === undefined) return definition
  throw new PerdureError('tool-unknown', `tools names ${JSON.stringify(unknown)}, which the agent's worker does not know: correct the name, or start a worker that has this tool`)
}

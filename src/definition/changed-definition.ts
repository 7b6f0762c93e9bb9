import type { AgentDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { outerId, tenantOf } from '../protocol/tenant.ts'
import { assertWithinLimit, readBlocks } from '../stores/core-memory.ts'
import { withOwnBlocks } from '../stores/new-agent.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { assertChanges } from './agent-changes.ts'
import { attachedLabels, changeInput } from './change-input.ts'
import { assertFits, excessTokens } from './assert-fits.ts'
import { assertNewBlocks } from './assert-new-blocks.ts'
import { defineAgent } from './define-agent.ts'
import { formerBlocks } from './former-blocks.ts'
import { inputOf } from './input-of.ts'
import { withSharedBlocks, type FindAgent } from './shared-blocks.ts'

export interface Changing {
  readonly key: string
  readonly present: AgentDefinition
  readonly memory: Pick<MemoryStore, 'blocks' | 'definitions'>
  readonly find: FindAgent
  /** Why these tools can't be had where the calls will run. Absent: nobody can tell here. */
  readonly problemOfTools?: (names: readonly string[]) => string | undefined
}

/**
 * The definition with the changes, checked as a whole: what each field may be, and whether it fits what is in the blocks now.
 * @throws PerdureError `invalid-argument`, `block-unknown`, `block-label-taken`, `block-private`, `block-too-large`, `definition-too-large`, `tool-unknown`
 */
export async function changedDefinition(changing: Changing, changes: unknown): Promise<AgentDefinition> {
  const { key, present, memory } = changing
  const wanted = assertChanges(changes)
  const before = inputOf(key, present)
  const attached = attachedLabels(before, wanted)
  const input = await changeInput(said(key), before, wanted, formerBlocks(memory.definitions, key))
  const definition = defineAgent(input, said(key))
  await assertNewBlocks(memory.blocks, key, { changes: wanted, blocks: input.blocks.filter(({ label }) => attached.includes(label)) })
  return checked(changing, definition)
}

/** An earlier version, if it could be in force now. @throws PerdureError as `changedDefinition` */
export function restoredDefinition(changing: Changing, earlier: AgentDefinition): Promise<AgentDefinition> {
  return checked(changing, defineAgent(inputOf(changing.key, earlier), said(changing.key)))
}

/** What the agent's tenant calls the key: a change is in its words, until it is checked. */
const said = (key: string): string => outerId(tenantOf(key), key)

/** What was out of bounds before, by edits of others, is no reason to refuse a change that makes it no worse. */
async function checked({ key, present, memory: { blocks }, find, problemOfTools }: Changing, changed: AgentDefinition): Promise<AgentDefinition> {
  // As at the creation: what is the agent's own is known by its name, until it is named after its key.
  const definition = withOwnBlocks(await withSharedBlocks({ find, tenant: tenantOf(key) }, changed, { key, blocks: present.blocks }), key)
  const [readings, before] = await Promise.all([readBlocks(definition, blocks), readBlocks(present, blocks)])
  const limits = new Map(present.blocks.map(({ blockId, limit }) => [blockId, limit]))
  // What is in a block that was never written is what it began with, before the change.
  const held = new Map(before.map(({ definition: { blockId }, value }) => [blockId, value]))
  for (const { definition: block, value } of readings) if (block.limit !== limits.get(block.blockId)) assertWithinLimit(block, held.get(block.blockId) ?? value)
  assertFits(definition, readings.map(({ value }) => value), excessTokens(present, before.map(({ value }) => value)))
  const problem = problemOfTools?.(definition.tools.filter((name) => !present.tools.includes(name)))
  if (problem === undefined) return definition
  throw new PerdureError('tool-unknown', problem)
}

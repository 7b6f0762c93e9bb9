import { freeBlockId, ownBlockId, ownerOf } from '../protocol/block-id.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { withoutUndefined } from '../protocol/without-undefined.ts'
import type { AgentChanges } from './agent-changes.ts'
import type { AgentInput } from './agent-input.ts'
import type { FormerBlocks } from './former-blocks.ts'

type Blocks = NonNullable<AgentInput['blocks']>
type BlockChange = NonNullable<NonNullable<AgentChanges['blocks']>[string]>
/** One that the agent has. */
type Present = Blocks[number] & { readonly blockId: string }

/** Both names of the agent in ids of its blocks: stores know it by its key. */
interface Owner {
  readonly key: string
  readonly name: string
}

/** What tells which block is attached. */
interface Attaching {
  readonly kept: readonly Present[]
  /** By its id, each block as it last was, this version's included; first those that were there last. */
  readonly former: ReadonlyMap<string, Blocks[number]>
}

/**
 * The definition as it would be given with the changes, and with the id of each block.
 * @param former blocks of the agent's own that it had before; those of `input` need not be among them
 * @throws PerdureError `block-unknown`, `block-label-taken`, `invalid-argument`
 */
export function changeInput(
  key: string,
  input: AgentInput & { readonly blocks: Blocks },
  { blocks, pressure, budget, agentBudget, sampling, ...fields }: AgentChanges,
  former: FormerBlocks = new Map(),
): AgentInput & { readonly blocks: Present[] } {
  const life = agentBudget === null ? {} : merged(input.agentBudget ?? {}, agentBudget ?? {})
  const sampled = sampling === null ? {} : merged(input.sampling ?? {}, sampling ?? {})
  return {
    ...(merged({ ...input, agentBudget: undefined, sampling: undefined }, fields) as AgentInput),
    blocks: changedBlocks({ key, name: input.id }, input.blocks, { changes: blocks ?? {}, former }),
    pressure: merged(input.pressure ?? {}, pressure ?? {}),
    budget: merged(input.budget ?? {}, budget ?? {}),
    ...(Object.keys(life).length > 0 && { agentBudget: life }),
    ...(Object.keys(sampled).length > 0 && { sampling: sampled }),
  }
}

/** The fields of both; null takes one away, and undefined says nothing. */
function merged(present: object, changes: object): Record<string, unknown> {
  const both = withoutUndefined({ ...present, ...withoutUndefined(changes) })
  return Object.fromEntries(Object.entries(both).filter(([, value]) => value !== null))
}

/** Labels of blocks that the changes attach: the agent has none of that label. */
export function attachedLabels({ blocks }: { readonly blocks: Blocks }, changes: AgentChanges): readonly string[] {
  const known = new Set(blocks.map(({ label }) => label))
  return Object.entries(changes.blocks ?? {}).flatMap(([label, change]) => (known.has(label) || change === null ? [] : [label]))
}

function changedBlocks(owner: Owner, before: Blocks, { changes, former }: { readonly changes: NonNullable<AgentChanges['blocks']>; readonly former: FormerBlocks }): Present[] {
  const asked = new Map(Object.entries(changes))
  const present = before.map((block): Present => ({ ...block, blockId: block.blockId ?? ownBlockId(owner.key, block.label) }))
  const kept = present.flatMap((block) => {
    const change = asked.get(block.label)
    if (change === null) return []
    return change === undefined ? [block] : [changedBlock(owner, block, change)]
  })
  const last = new Map<string, Blocks[number]>([...former, ...present.map((block) => [block.blockId, block] as const)])
  const known = new Set(present.map(({ label }) => label))
  const absent = (label: string, what: string) => new PerdureError('block-unknown', `blocks.${label} can't be ${what}: there is no such block; the agent has ${[...known].join(', ') || 'none'}`)
  const attached = [...asked].flatMap(([label, change]) => {
    if (known.has(label)) return []
    if (change === null) throw absent(label, 'detached')
    if (change.label !== undefined && change.label !== label) throw absent(label, 'renamed')
    return [attachedBlock(owner, label, { change, kept, former: last })]
  })
  return withDifferentLabels([...kept, ...attached])
}

/** What was detached comes back with what is in it: under the label that it last had, or under another one by its id. */
function attachedBlock(owner: Owner, label: string, { change, ...attaching }: Attaching & { readonly change: BlockChange }): Present {
  const { kept, former } = attaching
  const blockId = change.blockId === undefined ? ownIdFor(owner, label, attaching) : underKey(owner, change.blockId)
  const there = kept.find((block) => block.blockId === blockId)
  if (there !== undefined && blockId.startsWith(ownBlockId(owner.key, ''))) {
    throw invalidArgument(`blocks.${label}.blockId is that of the agent's block ${there.label}: to rename that one, say blocks.${there.label}.label; for a new block leave blockId out`)
  }
  // One that was never written has in it what it began with, and no version.
  return { value: former.get(blockId)?.value, ...withoutUndefined(change), label, blockId }
}

/** Of several that last had the label, the one that had it last comes back. Without one the block is new: its id was never that of another one. */
function ownIdFor({ key }: Owner, label: string, { kept, former }: Attaching): string {
  const attached = new Set(kept.map((block) => block.blockId))
  const [back] = [...former].find(([blockId, block]) => block.label === label && ownerOf(blockId) === key && !attached.has(blockId)) ?? []
  return back ?? freeBlockId(key, label, new Set([...attached, ...former.keys()]))
}

function changedBlock(owner: Owner, block: Present, change: BlockChange): Present {
  if (change.value !== undefined) throw invalidArgument(`blocks.${block.label}.value is what a new block begins with; this one is there: edit it with \`editBlock\`, or /edit in the chat`)
  if (change.blockId !== undefined && underKey(owner, change.blockId) !== block.blockId) {
    throw invalidArgument(`blocks.${block.label}.blockId can't change: detach the block (null), and attach the other one under another label`)
  }
  // A lower limit is held against what is in the block now, not against what it began with.
  const { value = '' } = block
  const limit = change.limit ?? block.limit
  return { ...block, ...(merged(block, change) as Blocks[number]), blockId: block.blockId, value: limit !== undefined && value.length > limit ? '' : value }
}

function withDifferentLabels(blocks: readonly Present[]): Present[] {
  const labels = new Set<string>()
  for (const { label } of blocks) {
    if (labels.has(label)) throw new PerdureError('block-label-taken', `blocks.${label} would be two blocks: choose another label, or detach the one that has it`)
    labels.add(label)
  }
  return [...blocks]
}

/** A block of the agent's own, as stores know it. */
function underKey({ key, name }: Owner, blockId: string): string {
  const named = ownBlockId(name, '')
  return blockId.startsWith(named) ? ownBlockId(key, blockId.slice(named.length)) : blockId
}

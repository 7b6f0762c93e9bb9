import { freeBlockId, ownBlockId } from '../protocol/block-id.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { withoutUndefined } from '../protocol/without-undefined.ts'
import type { AgentChanges } from './agent-changes.ts'
import type { AgentInput } from './agent-input.ts'
import { noFormerBlocks, type FormerBlocks } from './former-blocks.ts'

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
  /** Those that the agent has before the change. */
  readonly present: readonly Present[]
  /** Those of them that it keeps, and those that the change has attached by now. */
  readonly has: readonly Present[]
  readonly former: FormerBlocks
}

/**
 * The definition as it would be given with the changes, and with the id of each block.
 * @param former blocks of the agent's own that it had before; they are asked for only where one is attached
 * @throws PerdureError `block-unknown`, `block-label-taken`, `invalid-argument`
 */
export async function changeInput(
  key: string,
  input: AgentInput & { readonly blocks: Blocks },
  { blocks, pressure, budget, agentBudget, sampling, ...fields }: AgentChanges,
  former: FormerBlocks = noFormerBlocks,
): Promise<AgentInput & { readonly blocks: Present[] }> {
  const life = agentBudget === null ? {} : merged(input.agentBudget ?? {}, agentBudget ?? {})
  const sampled = sampling === null ? {} : merged(input.sampling ?? {}, sampling ?? {})
  return {
    ...(merged({ ...input, agentBudget: undefined, sampling: undefined }, fields) as AgentInput),
    blocks: await changedBlocks({ key, name: input.id }, input.blocks, { changes: blocks ?? {}, former }),
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

async function changedBlocks(owner: Owner, before: Blocks, { changes, former }: { readonly changes: NonNullable<AgentChanges['blocks']>; readonly former: FormerBlocks }): Promise<Present[]> {
  const asked = new Map(Object.entries(changes))
  const present = before.map((block): Present => ({ ...block, blockId: block.blockId ?? ownBlockId(owner.key, block.label) }))
  const kept = present.flatMap((block) => {
    const change = asked.get(block.label)
    if (change === null) return []
    return change === undefined ? [block] : [changedBlock(owner, block, change)]
  })
  const known = new Set(present.map(({ label }) => label))
  const absent = (label: string, what: string) => new PerdureError('block-unknown', `blocks.${label} can't be ${what}: there is no such block; the agent has ${[...known].join(', ') || 'none'}`)
  const attached: Present[] = []
  for (const [label, change] of asked) {
    if (known.has(label)) continue
    if (change === null) throw absent(label, 'detached')
    if (change.label !== undefined && change.label !== label) throw absent(label, 'renamed')
    attached.push(await attachedBlock(owner, label, { change, present, has: [...kept, ...attached], former }))
  }
  return withDifferentLabels([...kept, ...attached])
}

/** What was detached comes back with what is in it: under the label that it last had, or under another one by its id. */
async function attachedBlock(owner: Owner, label: string, { change, ...attaching }: Attaching & { readonly change: BlockChange }): Promise<Present> {
  const { present, has, former } = attaching
  const blockId = change.blockId === undefined ? await ownIdFor(owner, label, attaching) : underKey(owner, change.blockId)
  const there = has.find((block) => block.blockId === blockId)
  if (there !== undefined && blockId.startsWith(ownBlockId(owner.key, ''))) {
    throw invalidArgument(`blocks.${label}.blockId is that of the agent's block ${there.label}: to rename that one, say blocks.${there.label}.label; for a new block leave blockId out`)
  }
  // One that was never written has in it what it began with, and no version.
  const last = present.find((block) => block.blockId === blockId) ?? (await former.byId(blockId))
  return { value: last?.value, ...withoutUndefined(change), label, blockId }
}

/** Of several that last had the label, the one that had it last comes back. Without one the block is new: its id was never that of another one. */
async function ownIdFor({ key }: Owner, label: string, { present, has, former }: Attaching): Promise<string> {
  // One that the agent has is called otherwise now, whatever it was called when it left before.
  const ids = [...present, ...has].map(({ blockId }) => blockId)
  const back = await former.byLabel(label, ids)
  return back?.blockId ?? freeBlockId(key, label, async (id) => ids.includes(id) || (await former.byId(id)) !== undefined)
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

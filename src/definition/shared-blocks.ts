import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'
import { firstLabelOf, ownBlockId, ownerOf } from '../protocol/block-id.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { innerId, outerId, type Tenant } from '../protocol/tenant.ts'
import type { StoredAgent } from '../stores/agents.ts'

/** Finds an agent in force of the tenant by its name or key. */
export type FindAgent = (nameOrKey: string) => Promise<StoredAgent | undefined>

export interface Sharing {
  readonly find: FindAgent
  readonly tenant: Tenant | undefined
}

/**
 * The definition with the blocks of other agents under their owners' keys, and those of nobody's under the tenant's ids: what the tenant names
 * is the tenant's. Where the guarantee ends: an owner that is deleted at the same
 * moment may take its block along; then the block begins anew with the value of this definition.
 * @param definition as the tenant names its blocks
 * @param present an agent that is there, and the blocks that it has already, as stored; that it may have them is not asked again
 * @throws PerdureError `block-private`, `invalid-argument`
 */
export async function withSharedBlocks({ find, tenant }: Sharing, definition: AgentDefinition, present?: { readonly key: string; readonly blocks: readonly BlockDefinition[] }): Promise<AgentDefinition> {
  const ownNames = [undefined, definition.id, present && outerId(tenant, present.key)]
  const isGranted = ({ blockId, readOnly }: BlockDefinition): boolean => (present?.blocks ?? []).some((block) => block.blockId === blockId && (readOnly || !block.readOnly))
  const blocks = definition.blocks.map(async (block) => {
    // Named after its key where it is stored.
    if (block.blockId === ownBlockId(definition.id, block.label)) return block
    const inner = { ...block, blockId: innerId(tenant, block.blockId) }
    return ownNames.includes(ownerOf(block.blockId)) || isGranted(inner) ? inner : sharedBlock(find, block)
  })
  return { ...definition, blocks: await Promise.all(blocks) }
}

/** Its id is made of its owner's key: it stays the same block when the owner's name is another agent's one day. */
async function sharedBlock(find: FindAgent, block: BlockDefinition): Promise<BlockDefinition> {
  const label = firstLabelOf(block.blockId)
  const owner = await find(ownerOf(block.blockId) ?? '')
  const blockId = owner && ownBlockId(owner.key, label)
  // Where the owner has renamed blocks, an id names the block that has it, and else the one that is called so now.
  const theirs = owner?.definition.blocks.find((candidate) => candidate.blockId === blockId) ?? owner?.definition.blocks.find((candidate) => candidate.label === label && ownerOf(candidate.blockId) === owner.key)
  if (theirs?.shared !== true) {
    throw new PerdureError(
      'block-private',
      `block ${block.label} has the id ${JSON.stringify(block.blockId)}, which no agent shares${owner && theirs ? renamedSince(owner, theirs, label) : ''}: its owner has to say \`shared: true\` of that block; or choose an id without "/", which is shared by all agents that name it`,
    )
  }
  if (theirs.readOnly && !block.readOnly) throw invalidArgument(`block ${block.label}: its owner keeps ${JSON.stringify(block.blockId)} read-only; say readOnly here too`)
  return { ...block, blockId: theirs.blockId }
}

/** Whoever names a block by the label that its owner knows has to be told where that is another block's now. */
function renamedSince({ definition }: StoredAgent, { blockId, label }: BlockDefinition, named: string): string {
  if (label === named) return ''
  const other = definition.blocks.find((block) => block.label === named && block.blockId !== blockId)
  return ` (its owner calls that block ${JSON.stringify(label)} now${other === undefined ? '' : `; the one with the label ${JSON.stringify(named)} has the id ${JSON.stringify(other.blockId)}`})`
}

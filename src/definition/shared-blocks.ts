import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'
import { ownBlockId } from '../protocol/block-id.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import type { StoredAgent } from '../stores/stores.ts'

/** Finds an agent in force by its name or key. */
export type FindAgent = (nameOrKey: string) => Promise<StoredAgent | undefined>

/**
 * The definition with the blocks of other agents under their owners' keys. Where the guarantee ends: an owner that is deleted at the same
 * moment may take its block along; then the block begins anew with the value of this definition.
 * @param present what the agent has already; that it may have it is not asked again
 * @throws PerdureError `block-private`, `invalid-argument`
 */
export async function withSharedBlocks(find: FindAgent, definition: AgentDefinition, present: readonly BlockDefinition[] = []): Promise<AgentDefinition> {
  const isForeign = ({ blockId, label }: BlockDefinition): boolean => blockId.includes('/') && blockId !== ownBlockId(definition.id, label)
  const isGranted = ({ blockId, readOnly }: BlockDefinition): boolean => present.some((block) => block.blockId === blockId && (readOnly || !block.readOnly))
  const blocks = definition.blocks.map(async (block) => (isForeign(block) && !isGranted(block) ? sharedBlock(find, block) : block))
  return { ...definition, blocks: await Promise.all(blocks) }
}

/** Its id is made of its owner's key: it stays the same block when the owner's name is another agent's one day. */
async function sharedBlock(find: FindAgent, block: BlockDefinition): Promise<BlockDefinition> {
  // No name and no key has the sign that parts them, whatever a label has.
  const at = block.blockId.indexOf('/')
  const label = block.blockId.slice(at + 1)
  const owner = await find(block.blockId.slice(0, at))
  const blockId = owner && ownBlockId(owner.key, label)
  const theirs = owner?.definition.blocks.find((candidate) => candidate.blockId === blockId)
  if (theirs?.shared !== true) {
    throw new PerdureError(
      'block-private',
      `block ${block.label} has the id ${JSON.stringify(block.blockId)}, which no agent shares: its owner has to say \`shared: true\` of that block; or choose an id without "/", which is shared by all agents that name it`,
    )
  }
  if (theirs.readOnly && !block.readOnly) throw invalidArgument(`block ${block.label}: its owner keeps ${JSON.stringify(block.blockId)} read-only; say readOnly here too`)
  return { ...block, blockId: theirs.blockId }
}

import { ownBlockId } from '../protocol/block-id.ts'
import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import type { AgentStore, NewAgent, StoredAgent } from '../stores/stores.ts'
import { agentNames, type AgentNames } from './agent-names.ts'

/**
 * Stores a new agent, or returns the one that has its name. Only for a new agent it is checked whether it may have the blocks that it
 * names: the same definition again changes nothing, whatever has become of their owners. Where the guarantee ends: an owner that is
 * deleted at the same moment may take its block along; then the block begins anew with the value of this definition.
 * @throws PerdureError `block-private`, `invalid-argument`
 */
export async function storeAgent(agents: AgentStore, { definition, ...agent }: NewAgent): Promise<StoredAgent> {
  const names = agentNames(agents)
  const known = await names.find(definition.id)
  if (known !== undefined) return known
  return agents.create({ ...agent, definition: await withSharedBlocks(names, definition) })
}

async function withSharedBlocks(names: AgentNames, definition: AgentDefinition): Promise<AgentDefinition> {
  const isForeign = ({ blockId, label }: BlockDefinition): boolean => blockId.includes('/') && blockId !== ownBlockId(definition.id, label)
  return { ...definition, blocks: await Promise.all(definition.blocks.map(async (block) => (isForeign(block) ? sharedBlock(names, block) : block))) }
}

/** Its id is made of its owner's key: it stays the same block when the owner's name is another agent's one day. */
async function sharedBlock(names: AgentNames, block: BlockDefinition): Promise<BlockDefinition> {
  const at = block.blockId.indexOf('/')
  const label = block.blockId.slice(at + 1)
  const owner = await names.find(block.blockId.slice(0, at))
  const blockId = owner && ownBlockId(owner.key, label)
  const theirs = owner?.definition.blocks.find((candidate) => candidate.blockId === blockId)
  if (theirs?.shared !== true) {
    throw new PerdureError(
      'block-private',
      `block ${block.label} has the id ${JSON.stringify(block.blockId)}, which no agent shares: its owner has to be created with \`shared: true\` on that block; or choose an id without "/", which is shared by all agents that name it`,
    )
  }
  if (theirs.readOnly && !block.readOnly) throw invalidArgument(`block ${block.label}: its owner keeps ${JSON.stringify(block.blockId)} read-only; say readOnly here too`)
  return { ...block, blockId: theirs.blockId }
}

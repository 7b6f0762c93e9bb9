import { withSharedBlocks } from '../definition/shared-blocks.ts'
import type { AgentStore, NewAgent, StoredAgent } from '../stores/stores.ts'
import { findAgent } from '../stores/find-agent.ts'

/**
 * Stores a new agent, or returns the one that has its name. Only for a new agent it is checked whether it may have the blocks that it
 * names: the same definition again changes nothing, whatever has become of their owners.
 * @throws PerdureError `block-private`, `invalid-argument`
 */
export async function storeAgent(agents: AgentStore, { definition, ...agent }: NewAgent): Promise<StoredAgent> {
  const find = findAgent(agents)
  return (await find(definition.id)) ?? agents.create({ ...agent, definition: await withSharedBlocks(find, definition) })
}

import { withSharedBlocks } from '../definition/shared-blocks.ts'
import type { AgentStore, NewAgent, StoredAgent } from '../stores/agents.ts'
import { findAgent } from '../stores/find-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { assertKnownTools } from './assert-known-tools.ts'

/**
 * Stores a new agent, or returns the one that has its name. Only for a new agent it is checked whether it may have the blocks that it
 * names, and whether a worker knows its tools: the same definition again changes nothing, whatever has become of those.
 * @throws PerdureError `block-private`, `invalid-argument`, `tool-unknown`
 */
export async function storeAgent(workflows: AgentWorkflows, agents: AgentStore, { definition, tenant, ...agent }: NewAgent): Promise<StoredAgent> {
  const find = findAgent(agents, tenant)
  const existing = await find(definition.id)
  if (existing !== undefined) return existing
  const whole = await withSharedBlocks({ find, tenant }, definition)
  await assertKnownTools(workflows, whole)
  return agents.create({ ...agent, tenant, definition: whole })
}

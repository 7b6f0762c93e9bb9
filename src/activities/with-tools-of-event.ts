import type { ToolInput } from '../protocol/activities.ts'
import type { MemoryStore, StoredAgent } from '../stores/stores.ts'
import { toolNamesOf } from '../tools/builtin.ts'

/**
 * The agent as it is in this turn: the tools that the turn's event has brought are its callers' tools too. Where the agent has come to have
 * a tool of that name since the event was sent, its own is meant.
 */
export async function withToolsOfEvent(memory: MemoryStore, agent: StoredAgent, { agentId, toolsOf }: Pick<ToolInput, 'agentId' | 'toolsOf'>): Promise<StoredAgent> {
  const brought = toolsOf === undefined ? undefined : (await memory.events.get(agentId, toolsOf))?.clientTools
  if (brought === undefined) return agent
  const { definition } = agent
  const own = toolNamesOf(definition)
  return { ...agent, definition: { ...definition, clientTools: [...(definition.clientTools ?? []), ...brought.filter(({ name }) => !own.includes(name))] } }
}

import { ApplicationFailure } from '@temporalio/activity'
import type { MemoryStore, StoredAgent } from '../stores/stores.ts'
import { documentTools } from '../tools/builtin.ts'

/**
 * The agent as it is to be run: one that has documents has the tools to read them, whatever its definition names.
 * @throws ApplicationFailure, not retryable, for an agent that is not there
 */
export async function storedAgent(memory: MemoryStore, agentId: string): Promise<StoredAgent> {
  const agent = await memory.agents.get(agentId)
  if (agent) return (agent.documents ?? 0) > 0 ? withDocumentTools(agent) : agent
  throw ApplicationFailure.nonRetryable(`agent ${agentId} is in no store that this worker reads; does it use the same stores as the client?`, 'agent-unknown')
}

function withDocumentTools({ definition, ...agent }: StoredAgent): StoredAgent {
  const missing = documentTools.map(({ name }) => name).filter((name) => !definition.tools.includes(name))
  return { ...agent, definition: { ...definition, tools: [...definition.tools, ...missing] } }
}

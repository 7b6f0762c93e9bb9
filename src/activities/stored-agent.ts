import { ApplicationFailure } from '@temporalio/activity'
import type { MemoryStore, StoredAgent } from '../stores/stores.ts'

/** @throws ApplicationFailure, not retryable, for an agent that is not there */
export async function storedAgent(memory: MemoryStore, agentId: string): Promise<StoredAgent> {
  const agent = await memory.agents.get(agentId)
  if (agent) return agent
  throw ApplicationFailure.nonRetryable(`agent ${agentId} is in no store that this worker reads; does it use the same stores as the client?`, 'agent-unknown')
}

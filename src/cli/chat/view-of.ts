import { PerdureError } from '../../protocol/errors.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import type { Chat } from './chat.ts'

/** What the agent has to do. One without a workflow, whose history was lost or has not begun, has nothing to do. */
export async function viewOf({ agentId, connection }: Pick<Chat, 'agentId' | 'connection'>): Promise<Pick<AgentView, 'running' | 'mailbox' | 'parked'>> {
  try {
    return await connection.client.state(agentId)
  } catch (error) {
    if (PerdureError.isInstance(error) && error.code === 'agent-unknown') return { mailbox: [] }
    throw error
  }
}

import type { PerdureClient } from '../../../src/client/client.ts'
import type { AgentInput } from '../../../src/definition/define-agent.ts'
import type { ChatModel } from '../../../src/model/model.ts'
import type { Tool } from '../../../src/tools/tool.ts'

/** A conversation whose histories are kept: what it is to show is in its name. */
export interface KeptConversation {
  readonly name: string
  readonly model: () => ChatModel
  readonly contextWindow?: number
  readonly tools?: readonly Tool[]
  /** What else the agent is to be. */
  readonly agent?: Omit<AgentInput, 'id'>
  play(agent: { readonly client: PerdureClient; readonly agentId: string }): Promise<void>
}

/** Until the agent is in that state. */
export async function until({ client, agentId }: Parameters<KeptConversation['play']>[0], wanted: string): Promise<void> {
  for (;;) {
    const { status, running, mailbox } = await client.state(agentId)
    if (wanted === status && (status !== 'idle' || mailbox.length === 0)) return
    if (wanted === running?.doing) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

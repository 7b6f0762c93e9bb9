import { nameOf } from '../protocol/agent-key.ts'
import { PerdureError } from '../protocol/errors.ts'
import { findAgent } from '../stores/find-agent.ts'
import type { AgentStore, StoredAgent } from '../stores/stores.ts'

/**
 * The one place where what callers call an agent becomes the agent: its name, or the key of a later agent of a name, as workflow ids,
 * logs and a tool's context have it. Below the client everything goes by the key. An agent that is being deleted is not found.
 */
export interface AgentNames {
  readonly find: (nameOrKey: string) => Promise<StoredAgent | undefined>
  /** Archived ones too. @throws PerdureError `agent-unknown` */
  readonly known: (nameOrKey: string) => Promise<StoredAgent>
  /** One that takes events. @throws PerdureError `agent-unknown`, `agent-archived` */
  readonly agentOf: (nameOrKey: string) => Promise<StoredAgent>
}

export function agentNames(agents: Pick<AgentStore, 'current' | 'get'>): AgentNames {
  const find = findAgent(agents)
  const known = async (given: string): Promise<StoredAgent> => {
    const agent = await find(given)
    if (agent !== undefined) return agent
    throw new PerdureError('agent-unknown', `there is no agent ${JSON.stringify(given)}; \`perdure agents\` lists them, and create makes one`)
  }
  return {
    find,
    known,
    agentOf: async (given) => {
      const agent = await known(given)
      if (agent.archivedAt === undefined) return agent
      throw new PerdureError('agent-archived', `agent ${JSON.stringify(nameOf(agent.key))} was archived at ${agent.archivedAt}`)
    },
  }
}

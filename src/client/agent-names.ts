import { nameOf } from '../protocol/agent-key.ts'
import { PerdureError } from '../protocol/errors.ts'
import { innerId, type Tenant } from '../protocol/tenant.ts'
import { findAgent } from '../stores/find-agent.ts'
import type { AgentStore, StoredAgent } from '../stores/agents.ts'

/**
 * The one place where what a tenant's callers call an agent becomes the agent: its name, or the key of a later agent of a name. Below it
 * everything goes by the key, which says the tenant; `outside.ts` says how the tenant is told of it. An agent that is being deleted is not
 * found, and one of another tenant can't be named.
 */
export interface AgentNames {
  readonly tenant: Tenant | undefined
  /** What stores and Temporal have for an id that the tenant says. */
  readonly inner: (id: string) => string
  readonly find: (nameOrKey: string) => Promise<StoredAgent | undefined>
  /** Archived ones too. @throws PerdureError `agent-unknown` */
  readonly known: (nameOrKey: string) => Promise<StoredAgent>
  /** One that takes events. @throws PerdureError `agent-unknown`, `agent-archived` */
  readonly agentOf: (nameOrKey: string) => Promise<StoredAgent>
}

export function agentNames(agents: Pick<AgentStore, 'current' | 'get'>, tenant: Tenant | undefined): AgentNames {
  const find = findAgent(agents, tenant)
  const known = async (given: string): Promise<StoredAgent> => {
    const agent = await find(given)
    if (agent !== undefined) return agent
    throw new PerdureError('agent-unknown', `there is no agent ${JSON.stringify(given)}; \`perdure agents\` lists them, and \`perdure chat --agent NAME\` or a program's create makes one`)
  }
  return {
    tenant,
    inner: (id) => innerId(tenant, id),
    find,
    known,
    agentOf: async (given) => {
      const agent = await known(given)
      if (agent.archivedAt === undefined) return agent
      throw new PerdureError('agent-archived', `agent ${JSON.stringify(nameOf(agent.key))} was archived at ${agent.archivedAt}`)
    },
  }
}

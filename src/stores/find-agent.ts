import { isLaterKey } from '../protocol/agent-key.ts'
import { innerId, type Tenant } from '../protocol/tenant.ts'
import type { AgentStore, StoredAgent } from './agents.ts'

/** By what a tenant's callers call an agent: its name, or the key of a later agent of a name. One that is being deleted is not found. */
export function findAgent(agents: Pick<AgentStore, 'current' | 'get'>, tenant: Tenant | undefined): (nameOrKey: string) => Promise<StoredAgent | undefined> {
  return async (given) => {
    const id = innerId(tenant, given)
    if (!isLaterKey(given)) return agents.current(id)
    const agent = await agents.get(id)
    return agent?.deletingAt === undefined ? agent : undefined
  }
}

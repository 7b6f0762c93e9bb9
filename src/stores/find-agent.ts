import { isLaterKey } from '../protocol/agent-key.ts'
import type { AgentStore, StoredAgent } from './stores.ts'

/** By what callers call an agent: its name, or the key of a later agent of a name. One that is being deleted is not found. */
export function findAgent(agents: Pick<AgentStore, 'current' | 'get'>): (nameOrKey: string) => Promise<StoredAgent | undefined> {
  return async (given) => {
    if (!isLaterKey(given)) return agents.current(given)
    const agent = await agents.get(given)
    return agent?.deletingAt === undefined ? agent : undefined
  }
}

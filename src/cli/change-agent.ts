import type { AgentChanges, PerdureClient } from '../index.ts'
import { changeLines } from './output/definition-lines.ts'

/** Makes the change, and says what has become another. The client checks what it may be. */
export async function changeAgent(client: PerdureClient, agentId: string, changes: AgentChanges, { author, ifVersion }: { readonly author: string; readonly ifVersion?: number }): Promise<string[]> {
  const [before] = await client.definitions(agentId, { limit: 1 })
  const change = await client.update(agentId, changes, { author, ...(ifVersion !== undefined && { ifVersion }) })
  return changeLines(agentId, change, await client.compareDefinitions(agentId, { before: before?.version ?? 1, after: change.version }))
}

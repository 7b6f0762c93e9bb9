import type { AgentChanges, PerdureClient } from '../index.ts'
import { invalidArgument } from '../protocol/errors.ts'
import { changeLines } from './output/definition-lines.ts'

/**
 * Makes the change, and says what has become another. The client checks what it may be.
 * @throws PerdureError `invalid-argument` for a model's name with blanks, which is rather a line that was taken for one
 */
export async function changeAgent(client: PerdureClient, agentId: string, changes: AgentChanges, { author, ifVersion }: { readonly author: string; readonly ifVersion?: number }): Promise<string[]> {
  if (typeof changes.model === 'string' && /\s/.test(changes.model.trim())) throw invalidArgument(`${JSON.stringify(changes.model)} is no model's name, as it has blanks in it`)
  const [before] = await client.definitions(agentId, { limit: 1 })
  const change = await client.update(agentId, changes, { author, ...(ifVersion !== undefined && { ifVersion }) })
  return changeLines(agentId, change, await client.compareDefinitions(agentId, { before: before?.version ?? 1, after: change.version }))
}

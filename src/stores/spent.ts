import { addUsage, type Spending } from '../protocol/cost.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { MemoryStore } from './stores.ts'
import type { Summary } from './summaries.ts'

const pageSize = 500

/** Every step's message, by turn and step. Reads all of an agent's recall memory, a page at a time. */
export async function* stepsOf({ messages }: MemoryStore, agentId: string): AsyncGenerator<StoredMessage & Required<Pick<StoredMessage, 'usage'>>> {
  for (let after = 0; ; ) {
    const page = await messages.after(agentId, after, pageSize)
    for (const message of page) if (message.usage !== undefined) yield { ...message, usage: message.usage }
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.seq
  }
}

/** Summaries that a model was asked for, and whose usage was kept. */
export async function summariesOf({ summaries }: MemoryStore, agentId: string): Promise<readonly (Summary & Required<Pick<Summary, 'usage'>>)[]> {
  return (await summaries.list(agentId)).flatMap((summary) => (summary.usage === undefined ? [] : [{ ...summary, usage: summary.usage }]))
}

/** What an agent has spent in its life, added up from the stores. */
export async function spentBy(memory: MemoryStore, agentId: string): Promise<Spending> {
  const spending: Spending = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }
  for await (const { usage } of stepsOf(memory, agentId)) addUsage(spending, usage, 0)
  for (const { usage } of await summariesOf(memory, agentId)) addUsage(spending, usage, 0)
  return spending
}

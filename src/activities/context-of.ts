import type { AgentDefinition } from '../protocol/definition.ts'
import type { InferenceInput } from '../protocol/activities.ts'
import { readBlocks } from '../stores/core-memory.ts'
import type { StoredAgent } from '../stores/agents.ts'
import { countPassages } from './count-passages.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { cachedAgent } from './message-cache.ts'

/** All of an agent by which its context is read: whoever finds the same here would read the same. */
export interface ContextSource extends Pick<StoredAgent, 'key' | 'creation' | 'documents'> {
  readonly definition: Pick<AgentDefinition, 'blocks'>
}

export type Context = Awaited<ReturnType<typeof contextOf>>

/** What the main context is made of beside the definition: read from the stores, by what the workflow says of it. */
export async function contextOf({ stores, cache }: ActivityDependencies, agent: ContextSource, { summary: summaryOp, queue: ranges, evicted }: Pick<InferenceInput, 'summary' | 'queue' | 'evicted'>) {
  const { memory, archival } = stores
  const [blocks, passages, summary, queue] = await Promise.all([
    readBlocks(agent.definition, memory.blocks),
    countPassages(archival, agent.key),
    summaryOp === undefined ? undefined : memory.summaries.get(agent.key, summaryOp),
    cache.ranges(cachedAgent(agent), ranges, memory.messages),
  ])
  return { blocks, statistics: { evicted, passages, documents: agent.documents ?? 0 }, summary, queue }
}

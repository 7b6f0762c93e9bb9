import { generationOf, keyOf } from '../protocol/agent-key.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { ownBlockId } from '../protocol/block-id.ts'
import { innerId } from '../protocol/tenant.ts'
import type { NewAgent, StoredAgent } from './agents.ts'

/** What is to be stored of a new agent: its definition with the blocks of its own named after its key. */
export function agentUnderKey({ definition, digest, createdAt, creation }: NewAgent, key: string): Omit<NewAgent, 'tenant'> {
  return { definition: withOwnBlocks(definition, key), digest, createdAt, ...(creation !== undefined && { creation }) }
}

/** A definition as its creator knows it, with the blocks of the agent's own named after its key. */
export function withOwnBlocks(definition: AgentDefinition, key: string): AgentDefinition {
  const named = (block: AgentDefinition['blocks'][number]) => block.blockId === ownBlockId(definition.id, block.label)
  return { ...definition, blocks: definition.blocks.map((block) => (named(block) ? { ...block, blockId: ownBlockId(key, block.label) } : block)) }
}

/** The line that a new agent is to be of. */
export const lineOfNew = ({ tenant, definition }: NewAgent): string => innerId(tenant, definition.id)

/**
 * The key of the next agent of a line.
 * @param known those of the line that are stored
 * @param used the latest generation that the line's own record knows of; 0 without one
 */
export function nextKey(line: string, known: readonly StoredAgent[], used: number): string {
  return keyOf(line, Math.max(used, ...known.map(({ key }) => generationOf(key))) + 1)
}

/** Of the agents of one line, the one in force. */
export function inForce(agents: readonly StoredAgent[]): StoredAgent | undefined {
  const [latest] = agents.filter(({ deletingAt }) => deletingAt === undefined).sort((one, other) => generationOf(other.key) - generationOf(one.key))
  return latest
}

import { ownerOf } from '../protocol/block-id.ts'
import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'
import type { DefinitionVersion } from './definitions.ts'
import type { StoredAgent } from './agents.ts'
import type { MemoryStore } from './stores.ts'

type Definitions = Pick<MemoryStore, 'agents' | 'definitions'>

export interface DefinitionWrite {
  readonly memory: Definitions
  readonly agent: StoredAgent
  /** Operation id of the change: the same again is the same change, and is not made a second time. */
  readonly op: string
  /** Agent or person. */
  readonly author: string
  readonly turn: number
  /** ISO 8601. */
  readonly at: string
  /** What is to be in force, made of what is. Whatever it throws, nothing is changed. */
  readonly edit: (present: DefinitionVersion) => AgentDefinition | Promise<AgentDefinition>
  /** Called between the two writes, for tests of crashes. */
  readonly onStored?: () => void
}

/**
 * The one way in which a definition changes: the next version is stored, and then put into the agent's record, which is a copy of the
 * latest. A change that was broken off between the two is finished when it is made again, under the same `op`; one that changes nothing
 * stores nothing, and gives the present version.
 */
export async function writeDefinition(write: DefinitionWrite): Promise<DefinitionVersion> {
  const { memory, agent, op, onStored } = write
  const version = (await memory.definitions.byOp(agent.key, op)) ?? (await nextVersion(write))
  onStored?.()
  if (version.version > 1) await memory.agents.define(agent.key, version.version, version.definition)
  return version
}

async function nextVersion({ memory: { definitions }, agent, op, author, turn, at, edit }: DefinitionWrite): Promise<DefinitionVersion> {
  for (;;) {
    const latest = await definitions.latest(agent.key)
    const present = latest ?? firstDefinition(agent)
    const definition = await edit(present)
    if (JSON.stringify(definition) === JSON.stringify(present.definition)) return present
    if (latest === undefined) await definitions.insert(present)
    const inserted = await definitions.insert({ agentId: agent.key, version: present.version + 1, definition, op, author, turn, at }, leftBetween(agent.key, present.definition, definition))
    // Of those who lose, each has somebody's change to look at before it tries again.
    if (inserted.status === 'stored') return inserted.version
  }
}

/** Blocks of the agent's own that only the first of the two has. */
function leftBetween(key: string, before: AgentDefinition, after: AgentDefinition): readonly BlockDefinition[] {
  const there = new Set(after.blocks.map(({ blockId }) => blockId))
  return before.blocks.filter(({ blockId }) => ownerOf(blockId) === key && !there.has(blockId))
}

/** The version in force. */
export async function latestDefinition({ definitions }: Pick<Definitions, 'definitions'>, agent: StoredAgent): Promise<DefinitionVersion> {
  return (await definitions.latest(agent.key)) ?? firstDefinition(agent)
}

/** That of an agent that was never changed is in its record only. */
export function firstDefinition({ key, definition, version = 1, createdAt }: StoredAgent): DefinitionVersion {
  return { agentId: key, version, definition, op: `${key}/created`, author: 'creator', turn: 0, at: createdAt }
}

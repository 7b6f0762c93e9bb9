import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'

/** One version of an agent's definition. Version 1 is that of its creation; the highest is the one in force. */
export interface DefinitionVersion {
  readonly agentId: string
  readonly version: number
  readonly definition: AgentDefinition
  /** Operation id of the change, unique per agent. */
  readonly op: string
  /** Agent or person. */
  readonly author: string
  /** The turn in which it was made, or after which; 0 before the first. */
  readonly turn: number
  /** ISO 8601. */
  readonly at: string
}

/** What somebody asks to be changed. Its body lies here, so that no history holds it; the agent's workflow learns the id. */
export interface ProposedChange {
  readonly agentId: string
  /** Digest of all else. */
  readonly id: string
  readonly author: string
  /** Only if this version is in force. */
  readonly ifVersion?: number
  /** What is to be: see `DefinitionChanges`; as JSON, so that a store keeps it as it is. Absent where `undo` is given. */
  readonly changes?: string
  /** The version that the new one is to equal. */
  readonly undo?: number
}

/**
 * A definition is its versions: a change inserts the next version, and loses to whoever inserted that number first. An agent that was
 * never changed has none here: its record holds version 1.
 */
export interface DefinitionStore {
  get(agentId: string, version: number): Promise<DefinitionVersion | undefined>
  latest(agentId: string): Promise<DefinitionVersion | undefined>
  /** The version that was stored under `op`, however many came after it: how a repeated change finds itself. */
  byOp(agentId: string, op: string): Promise<DefinitionVersion | undefined>
  /**
   * Inserts this version. `stored`: it is in, now or by an earlier change under the same `op` (whose version is returned). `conflict`:
   * another op holds this number; read again and retry.
   * @param left blocks of the agent's own that the version before has and this one has not: they are kept as they stand there, before this
   * version can be seen, so that a block is found again without a look at the versions
   */
  insert(version: DefinitionVersion, left?: readonly BlockDefinition[]): Promise<{ readonly status: 'stored' | 'conflict'; readonly version: DefinitionVersion }>
  /** Newest first; those below `before`, or all. */
  history(agentId: string, page: { readonly limit: number; readonly before?: number }): Promise<readonly DefinitionVersion[]>
  /** A block of the agent's own that has left its definition, as it stood there last; it may have come back since. At a cost that does not grow with the versions. */
  formerBlock(agentId: string, blockId: string): Promise<BlockDefinition | undefined>
  /** Of the blocks that had this label when they left last, the one that left last: none of those with the ids `except`. At no greater cost. */
  formerBlockOf(agentId: string, label: string, except: readonly string[]): Promise<BlockDefinition | undefined>
  /** Inserts if absent under its id. */
  propose(change: ProposedChange): Promise<void>
  proposed(agentId: string, id: string): Promise<ProposedChange | undefined>
}

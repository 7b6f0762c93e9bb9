import type { AccessKeyStore } from './access-keys.ts'
import type { AgentStore } from './agents.ts'
import type { AnswerStore } from './answers.ts'
import type { ArchivalStore } from './archival.ts'
import type { AsideCostStore } from './asides.ts'
import type { BlockStore } from './blocks.ts'
import type { CheckpointStore } from './checkpoints.ts'
import type { ClaimStore } from './claims.ts'
import type { DefinitionStore } from './definitions.ts'
import type { DocumentStore } from './documents.ts'
import type { EventStore } from './events.ts'
import type { LiveStore } from './live.ts'
import type { MessageStore } from './messages.ts'
import type { PromptFrameStore } from './prompt-frames.ts'
import type { SummaryStore } from './summaries.ts'
import type { TimerStore } from './timers.ts'
import type { TurnStore } from './turns.ts'

/**
 * Core and recall memory, and everything else that has a body. Two implementations: `mongo/` and `embedded/`, held to one
 * contract suite (`test/stores`). Every write that returns has been made durable. Every insert is insert-if-absent under an
 * operation id and returns what is stored afterwards, so that a repeated attempt is harmless.
 */
export interface MemoryStore {
  readonly agents: AgentStore
  readonly definitions: DefinitionStore
  readonly events: EventStore
  readonly messages: MessageStore
  readonly blocks: BlockStore
  readonly summaries: SummaryStore
  readonly promptFrames: PromptFrameStore
  readonly asideCosts: AsideCostStore
  readonly turns: TurnStore
  readonly claims: ClaimStore
  readonly checkpoints: CheckpointStore
  readonly answers: AnswerStore
  readonly timers: TimerStore
  readonly documents: DocumentStore
  readonly accessKeys: AccessKeyStore
  /**
   * Differs from the last answer if anything was written meanwhile, by whichever process; it may differ for no reason. Undefined where that
   * can't be told without reading.
   */
  changeMark(): Promise<string | undefined>
  /** Deletes all that is stored of an agent, except blocks that it shares with others. */
  eraseAgent(agentId: string): Promise<void>
  close(): Promise<void>
}

/** The two stores of an agent, as one of the two sets. */
export interface Stores {
  readonly kind: 'servers' | 'embedded'
  /** For a person: where the memory lies, without secrets. */
  readonly describe: string
  /** What an operator should do about them. */
  readonly notice?: string
  readonly memory: MemoryStore
  readonly archival: ArchivalStore
  /** Text of inferences that run. */
  readonly live: LiveStore
  close(): Promise<void>
}

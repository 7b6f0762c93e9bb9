import type { AgentBudget } from './definition.ts'
import type { Spending } from './cost.ts'
import type { StepUsage } from './messages.ts'
import type { SeqRanges } from './seq-ranges.ts'

/** A short workflow by which an aside is answered. The texts are in no history: the activity finds them in the store of live text. */
export const asideWorkflowType = 'aside'
/** Each aside has one of its own. */
export const asideWorkflowIdOf = (agentId: string, id: string): string => `aside:${agentId}:${id}`

/** What is said in an aside: its question, with what was said before it, as the asker sends it along. */
export interface AsideMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly text: string
}

/** Answer of the agent's workflow: of what its main context is made now, and what it has spent. */
export interface ContextParts {
  /** Version of the definition; absent where the workflow does not know it. */
  readonly definition?: number
  /** Operation id of the recursive summary. */
  readonly summary?: string
  readonly queue: SeqRanges
  readonly evicted: number
  /** Tokens of prompt and reply together. */
  readonly window: number
  readonly calibration: number
  readonly spent: Readonly<Spending>
  readonly agentBudget?: AgentBudget
}

/** What came of an aside. */
export interface AsideAnswer {
  readonly text: string
  readonly model: string
  readonly usage: StepUsage
  /** Why the answer ended before it was whole: by its room, or by a filter. */
  readonly ended?: 'cut' | 'filtered'
}

export interface AsideInput extends ContextParts {
  /** The key. */
  readonly agentId: string
  readonly id: string
}

/** Figures alone: they are in a history. */
export interface AsideFigures {
  readonly usage: StepUsage
}

export interface AsideActivities {
  /** Answers the aside that waits under the id. An attempt that finds it answered does not pay again. */
  answerAside(input: AsideInput): Promise<AsideFigures>
}

/** What becomes of the tasks of front ends, such as a title for a chat, that come by OpenAI's protocol: an aside, a message like any other, or a refusal. */
export const frontEndTaskModes = ['aside', 'agent', 'refuse'] as const
export type FrontEndTaskMode = (typeof frontEndTaskModes)[number]

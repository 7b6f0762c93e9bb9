import type { StepUsage } from './messages.ts'
import type { TurnOutcome } from './turn.ts'

/** Something that a worker has done, told when it is over. Ids, figures and short words: nothing of a conversation, no secret. */
export type Observation = InferenceObservation | ToolObservation | StepObservation | CompactionObservation | TurnObservation

interface Attempt {
  readonly agentId: string
  /** Absent for a summary made between two turns. */
  readonly turn?: number
  readonly step?: number
  /** Operation id of the step, call or compaction. */
  readonly op: string
  /** The attempt of the activity, from 1. */
  readonly attempt: number
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  /** The kind of error with which it ended, in one word. */
  readonly error?: string
}

/** One call of the model, whether its answer was of use or not. */
export interface InferenceObservation extends Attempt {
  readonly type: 'inference'
  readonly purpose: 'step' | 'summary'
  readonly model: string
  /** The usage that the provider reported. */
  readonly usage?: StepUsage
  readonly finishReason?: string
}

/** One run of a tool. */
export interface ToolObservation extends Attempt {
  readonly type: 'tool'
  readonly tool: string
  readonly callId?: string
}

/** A step whose message is stored; its usage is what counts as spent. */
export interface StepObservation extends Attempt {
  readonly type: 'step'
  readonly model: string
  readonly usage: StepUsage
}

export interface CompactionObservation extends Attempt {
  readonly type: 'compaction'
  readonly model: string
  /** False where rules stood in for the model; absent where it failed. */
  readonly byModel?: boolean
  readonly usage?: StepUsage
}

/** A turn's end is recorded, or that it is parked. */
export interface TurnObservation {
  readonly type: 'turn'
  readonly agentId: string
  readonly model: string
  readonly outcome: TurnOutcome
  readonly endedAt: number
}

export type Observe = (observation: Observation) => void

import type { StepUsage } from './messages.ts'
import type { TurnOutcome } from './turn.ts'

/** Something that a worker, or a server over HTTP, has done, told when it is over. Ids, figures and short words: nothing of a conversation, no secret. */
export type Observation = InferenceObservation | ToolObservation | StepObservation | CompactionObservation | TurnObservation | RequestObservation

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

/** A request over HTTP, when its answer is sent, or its caller is gone. */
export interface RequestObservation {
  readonly type: 'request'
  readonly method: string
  /** The pattern of its path, as `/api/v1/agents/{agent}`: a path has names that people gave. Absent: there is nothing at the path. */
  readonly route?: string
  readonly status: number
  /** Of the error that was answered. */
  readonly code?: string
  /** The id of the access key that it brought. */
  readonly key?: string
  /** Whose key that is. Absent: the default tenant's. */
  readonly tenant?: string
  /** It was answered by a stream of events. */
  readonly stream?: true
  /** Its caller went before the end of the answer. */
  readonly left?: true
  /** The caller's trace, or one of its own. */
  readonly trace: RequestTrace
  readonly startedAt: number
  readonly endedAt: number
}

export interface RequestTrace {
  readonly traceId: string
  /** The caller's span. */
  readonly parentSpanId?: string
  /** Whether the caller has its spans sent; where it says nothing they are. */
  readonly sampled: boolean
}

export type Observe = (observation: Observation) => void

export function harmless(observe: Observe): Observe {
  return (observation) => {
    try {
      observe(observation)
    } catch {
      // An observer that fails must not stop the work that it observes.
    }
  }
}

import type { AgentActivities, SettleResult } from '../../protocol/activities.ts'
import type { CallRef, InferenceResult } from '../../protocol/inference.ts'

/** The activities that a step uses. Tests pass fakes, so that most of them need no server. */
export interface StepPorts {
  /** Cancellable by the turn's scope. */
  readonly infer: (input: Parameters<AgentActivities['infer']>[0]) => Promise<InferenceResult>
  readonly callTool: (input: Parameters<AgentActivities['callTool']>[0], call: OutsideCall) => Promise<void>
  /** Not cancellable: once it has begun, the step is recorded. */
  readonly settle: (input: Parameters<AgentActivities['settle']>[0], calls: readonly CallRef[]) => Promise<SettleResult>
  /** Epoch milliseconds, by the workflow's clock. */
  readonly now: () => number
  readonly isCancellation: (error: unknown) => boolean
  readonly describeFailure: (error: unknown) => string
}

/** A call that runs as an activity of its own. */
export type OutsideCall = CallRef & Required<Pick<CallRef, 'activity'>>

import type { Spending } from './cost.ts'
import type { AgentCommand } from './commands.ts'
import type { StepUsage } from './messages.ts'
import type { SeqRanges } from './seq-ranges.ts'
import type { PendingRecord, QueueEntry, SectionTokens, StepCause, SummaryRef } from './context.ts'
import type { TurnOutcome } from './turn.ts'
import type { CallAnswers, CallWait } from './waiting.ts'

interface StepRef {
  readonly agentId: string
  readonly turn: number
  readonly step: number
  /** Operation id of the step. */
  readonly op: string
  /** Sequence number of the step's assistant message; its results have the numbers after it. */
  readonly seq: number
  /** Sequence number of the turn's event. */
  readonly turnSeq: number
}

export interface InferenceInput extends StepRef {
  readonly cause: StepCause
  readonly record: readonly PendingRecord[]
  readonly queue: SeqRanges
  readonly summary?: string
  readonly evicted: number
  readonly calibration: number
  /** There is a budget in dollars: a model without a known price is not to be asked. */
  readonly priced?: true
}

/** What the workflow needs to know of a call; name and arguments are in the assistant message. */
export interface CallRef {
  readonly name: string
  readonly heartbeat: boolean
  /** False: unknown tool, no JSON, or against the schema; the error becomes the call's result. */
  readonly wellFormed: boolean
  /** Present for a tool that runs as an ordinary activity; absent for the short ones on own memory. */
  readonly activity?: { readonly taskQueue?: string; readonly timeoutMs: number; readonly attempts: number; readonly startWithinMs?: number }
  /** Present for a call that somebody has to let run, or run, before the step can go on. */
  readonly waits?: CallWait
}

export type InferenceResult =
  | {
      readonly outcome: 'stored'
      /** Tokens of the messages recorded, in the order of `record`. */
      readonly recorded: readonly number[]
      readonly tokens: number
      readonly calls: readonly CallRef[]
      /** Digest of all calls with their arguments, to see a loop. */
      readonly digest: string
      readonly usage: StepUsage
      readonly sections: SectionTokens
      /** Prompt tokens reported by the provider for one counted here. */
      readonly calibration: number
      readonly blockVersions: Readonly<Record<string, number>>
      /** One line of what the model did, only where the operator switched conversation text on in the Web UI. */
      readonly preview?: string
    }
  /** The prompt does not fit: by our count, or by the provider's word. `recorded` as above; nothing else was stored. */
  | { readonly outcome: 'overflow'; readonly recorded: readonly number[]; readonly sections: SectionTokens; readonly by: 'count' | 'provider' }
  /** The event was already handled, longer ago than the workflow remembers; how, if that turn has ended. */
  | { readonly outcome: 'duplicate'; readonly earlier?: TurnOutcome }

export interface ToolInput extends StepRef {
  readonly call: number
  /** The stored answer whose arguments a person put in place of the model's. */
  readonly edit?: string
}

export interface SettleInput extends StepRef {
  /** Calls whose activity failed for good, with the error for the model. */
  readonly failures?: Readonly<Record<number, string>>
  /** The answers to the calls that had to wait. */
  readonly answers?: CallAnswers
  /** The turn was cancelled: calls that have no outcome yet are recorded as cancelled, not run. */
  readonly cancelled?: true
  /** With `cancelled`, where the inference itself was: what it should have recorded. */
  readonly record?: readonly PendingRecord[]
}

export interface SettleResult {
  /** Per call: whether it succeeded, and the tokens of its result. */
  readonly results: readonly { readonly ok: boolean; readonly tokens: number }[]
  /** Calls that sent something to the user. */
  readonly replies: readonly number[]
  readonly digest: string
  /** Where `record` was given: tokens of those, and of what stands in the assistant message's place, be it a notice; of a message its usage. */
  readonly inPlace?: { readonly recorded: readonly number[]; readonly tokens: number; readonly usage?: StepUsage }
}

export interface CompactionInput {
  readonly agentId: string
  readonly op: string
  /** The turn in which it is made; absent between two turns. */
  readonly turn?: number
  readonly evict: SeqRanges
  /** The earlier summary, which the new one includes. */
  readonly summary?: string
  /** Tokens that the summary may take. */
  readonly maxTokens: number
  /** The same as in `InferenceInput`. */
  readonly priced?: true
}

export interface CompactionResult {
  readonly tokens: number
  /** The usage of the model's calls for it, added up; absent if rules made the summary. */
  readonly usage?: StepUsage
  /** False where the summariser failed and the bounded fallback stands in. */
  readonly byModel: boolean
}

export interface CommandInput {
  readonly agentId: string
  readonly op: string
  /** A new run is the workflow's own business. */
  readonly command: Exclude<AgentCommand, { readonly type: 'renew' }>
  readonly turn: number
  /** For `pop`: what leaves the context. For `save`: the control part of the checkpoint. */
  readonly pop?: SeqRanges
  readonly save?: CheckpointControl
}

/** The part of the workflow's state that a checkpoint brings back. */
export interface CheckpointControl {
  readonly queue: readonly QueueEntry[]
  readonly summary?: SummaryRef
}

/** What the stores hold of an earlier workflow of the same agent, whose history was lost or whose retention has ended. */
export interface OpenResult extends CheckpointControl {
  readonly nextSeq: number
  readonly nextTurn: number
  readonly messages: number
  /** Read only for an agent that has a budget for its life. */
  readonly spent?: Readonly<Spending>
}

export type CommandResult = { readonly ok: true; readonly detail: string; readonly load?: CheckpointControl } | { readonly ok: false; readonly code: string; readonly detail: string }

/** The activities of an agent's workflow. Each is idempotent under the operation ids in its input. */
export interface AgentActivities {
  /** Null for an agent that is in no store, or archived: there is nothing to run. */
  open(input: { readonly agentId: string; readonly queueTokens: number; readonly spending?: true }): Promise<OpenResult | null>
  infer(input: InferenceInput): Promise<InferenceResult>
  /** Runs one call as an ordinary activity; its outcome is stored, for `settle` to record. */
  callTool(input: ToolInput): Promise<void>
  /** Runs the step's short tools in order, then records every call's result: the one writer of results. */
  settle(input: SettleInput): Promise<SettleResult>
  /** Whether edited arguments fit their tool; if not, why, for the person who edited them. */
  checkEdit(input: ToolInput): Promise<{ readonly problem?: string }>
  /** `endedAt`: epoch milliseconds, by the workflow's clock. */
  endTurn(input: { readonly agentId: string; readonly outcome: TurnOutcome; readonly endedAt?: number }): Promise<void>
  compact(input: CompactionInput): Promise<CompactionResult>
  runCommand(input: CommandInput): Promise<CommandResult>
}

import type { Spending } from './cost.ts'
import type { InferenceResult } from './inference.ts'
import type { AgentCommand } from './commands.ts'
import type { DefinitionInForce } from './definition.ts'
import type { IncomingEvent } from './events.ts'
import type { StepUsage } from './messages.ts'
import type { SeqRanges } from './seq-ranges.ts'
import type { NoticeKind, PendingRecord, QueueEntry, StepCause, SummaryRef } from './context.ts'
import type { Counters, QueuedEvent, RunningTurn } from './state.ts'
import type { ScheduledTimer } from './timers.ts'
import type { EndedTurn, TurnOutcome } from './turn.ts'
import type { CallAnswers } from './waiting.ts'

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
  /** The turn's event, where it has brought tools for its turn. */
  readonly toolsOf?: string
}

export interface InferenceInput extends StepRef {
  /** The version of the definition that the step is to see. Absent, as workers of an earlier release have it: the latest. */
  readonly definition?: number
  readonly cause: StepCause
  readonly record: readonly PendingRecord[]
  readonly queue: SeqRanges
  readonly summary?: string
  readonly evicted: number
  readonly calibration: number
  /** The window of the model as its endpoint named it, where it is smaller than the definition's. */
  readonly window?: number
  /** There is a budget in dollars: a model without a known price is not to be asked. */
  readonly priced?: true
}

export interface ToolInput extends StepRef {
  readonly call: number
  /** The stored answer whose arguments a person put in place of the model's. */
  readonly edit?: string
}

/** How a turn ends if nothing comes of the calls of its last step for which it has to go on. */
export interface EndingTurn {
  /** With the replies and the figures up to these calls. */
  readonly outcome: EndedTurn
  /** Epoch milliseconds, by the workflow's clock: when the turn's event was accepted. */
  readonly acceptedAt: number
  /** Of the agent's life, with this turn and with a result for each call. */
  readonly counters: Counters
  /** Results with more tokens would bring the context under memory pressure, of which the model is told first. Absent: any number will do. */
  readonly mostTokens?: number
}

export interface SettleInput extends StepRef {
  /** Recorded with the last result where it turns out so. Absent: the workflow decides when it knows the results, and ends the turn by `endTurn`. */
  readonly ending?: EndingTurn
  /** Calls whose activity failed for good, with the error for the model. */
  readonly failures?: Readonly<Record<number, string>>
  /** The answers to the calls that had to wait. */
  readonly answers?: CallAnswers
  /** The turn was cancelled: calls that have no outcome yet are recorded as cancelled, not run. */
  readonly cancelled?: true
  /** With `cancelled`: short tools of the step may have run, in an attempt to settle it that gave up. */
  readonly begun?: true
  /** With `cancelled`, where the inference itself was: what it should have recorded. */
  readonly record?: readonly PendingRecord[]
  /** With `record`: what leaves the context with the step, unless its inference is stored after all, and the notice that takes its place. */
  readonly leaving?: { readonly ranges: SeqRanges; readonly notice: NoticeKind }
}

export interface SettleResult {
  /** Per call: whether it succeeded, and the tokens of its result. */
  readonly results: readonly { readonly ok: boolean; readonly tokens: number }[]
  /** Calls that sent something to the user. */
  readonly replies: readonly number[]
  readonly digest: string
  /** The turn's end is recorded, as `ending` says: the time that it had taken. */
  readonly ended?: { readonly latencyMs: number }
  /** A call has changed the agent's definition: the version in force. Histories of before have its number alone. */
  readonly definition?: DefinitionInForce | number
  /** Where `record` was given: tokens of those, and of what stands in the assistant message's place, be it a notice; of a message its usage. */
  readonly inPlace?: {
    readonly recorded: readonly number[]
    readonly tokens: number
    readonly usage?: StepUsage
    /** What was `leaving` is out of the context; recall memory keeps it, marked. */
    readonly left?: true
  }
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
  /** This and the next: the same as in `InferenceInput`. */
  readonly window?: number
  readonly priced?: true
}

export interface CompactionResult {
  readonly tokens: number
  /** The usage of the model's calls for it, added up; absent if rules made the summary. */
  readonly usage?: StepUsage
  /** False where the summariser failed and the bounded fallback stands in. */
  readonly byModel: boolean
  /** A smaller window that the model's endpoint named when it refused a request for this summary. */
  readonly window?: number
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
  /** The version by which an agent that is parked has asked its model; absent for one that is not. */
  readonly inForce?: number
}

/** The part of the workflow's state that a checkpoint brings back. */
export interface CheckpointControl {
  readonly queue: readonly QueueEntry[]
  readonly summary?: SummaryRef
}

/**
 * What the stores know of an agent: what its new workflow goes on with after an earlier one was lost, and what a workflow that was reset
 * has to catch up with. What is absent is nothing, and in histories of before was not looked for.
 */
export interface OpenResult extends CheckpointControl {
  readonly nextSeq: number
  readonly nextTurn: number
  /** Messages in recall memory before the step that is to be run next. */
  readonly messages: number
  /** The highest sequence number in recall memory. */
  readonly newestSeq?: number
  /** What was spent in the agent's life, read where the turns do not say it and a budget asks for it. */
  readonly spent?: Readonly<Spending>
  /** What was counted up to the step that is to be run next. */
  readonly counters?: Readonly<Partial<Counters>>
  /** A turn that has not ended, at the last step whose inference is stored: run again, that step finds all that it has done. */
  readonly running?: RunningTurn
  /** That turn was being cancelled. */
  readonly cancelled?: true
  /** Events that wait for their turn, in their order. */
  readonly mailbox?: readonly QueuedEvent[]
  /** All of them are there, also those that were stored since the workflow began. In histories of before it is absent: some left them out. */
  readonly allWaiting?: true
  readonly timers?: readonly ScheduledTimer[]
  /** The stores have a copy of the timers, though there may be none left. Of an agent of an earlier version they may never have had one. */
  readonly timersKept?: true
  readonly definition?: DefinitionInForce
  /** The agent is being deleted: nothing else is told of it. */
  readonly deleting?: true
}

/**
 * `popped`: of a `pop`, what its first attempt took, which an earlier workflow of the agent may have made. `definition`: of a `define`, and
 * of a `load`, the version in force afterwards. `version`: the one that a `define` has made; where it was made before, later ones may be in
 * force. In histories of before it is absent.
 */
export type CommandResult =
  | { readonly ok: true; readonly detail: string; readonly load?: CheckpointControl; readonly popped?: SeqRanges; readonly definition?: DefinitionInForce; readonly version?: number }
  | { readonly ok: false; readonly code: string; readonly detail: string }

/** `earlier`: the end that another turn of the event has in the stores; then this one has no record. In histories of before it is absent. */
export interface TurnRecorded {
  readonly earlier: TurnOutcome
}

/** The activities of an agent's workflow. Each is idempotent under the operation ids in its input. */
export interface AgentActivities {
  /** What the stores know of the agent. Null for one that was archived and is not being deleted: there is nothing to run. */
  open(input: {
    readonly agentId: string
    readonly queueTokens: number
    readonly spending?: true
    /** As in `CommandInput`. */
    readonly inForce?: number
  }): Promise<OpenResult | null>
  infer(input: InferenceInput): Promise<InferenceResult>
  /** Runs one call as an ordinary activity; its outcome is stored, for `settle` to record. */
  callTool(input: ToolInput): Promise<void>
  /** Runs the step's short tools in order, then records every call's result: the one writer of results. */
  settle(input: SettleInput): Promise<SettleResult>
  /** Whether edited arguments fit their tool; if not, why, for the person who edited them. */
  checkEdit(input: ToolInput): Promise<{ readonly problem?: string }>
  /**
   * `endedAt`: epoch milliseconds, by the workflow's clock. `counters`: of the agent's life, with this turn. `timers`: as they are after the
   * turn of a timer. `nextSeq`: the workflow's next number, where it has to know all messages that are stored.
   */
  endTurn(input: {
    readonly agentId: string
    readonly outcome: TurnOutcome
    readonly endedAt?: number
    readonly counters?: Counters
    readonly timers?: readonly ScheduledTimer[]
    readonly nextSeq?: number
  }): Promise<TurnRecorded | undefined>
  /** Keeps a copy of the timers in the stores. */
  keepTimers(input: { readonly agentId: string; readonly timers: readonly ScheduledTimer[] }): Promise<void>
  /** Puts the text of an event that came without a store where every other event's is. `kept`: false where another text stands under its id. */
  keepEvent(input: { readonly agentId: string; readonly event: IncomingEvent }): Promise<{ readonly kept: boolean }>
  compact(input: CompactionInput): Promise<CompactionResult>
  runCommand(input: CommandInput): Promise<CommandResult>
  /** Succeeds once the stores answer, know the agent, and have taken the record of its parked turn, if there is one. */
  awaitStores(input: { readonly agentId: string; readonly outcome?: TurnOutcome }): Promise<void>
}

import type { ControlSettings } from './definition.ts'
import type { IncomingEvent } from './events.ts'
import type { AgentId } from './ids.ts'
import type { TurnOutcome, TurnReason } from './turn.ts'

/** One message of the queue: sequence number, tokens, turn, and 1 if it is a tool's result (never parted from its call). */
export type QueueEntry = readonly [seq: number, tokens: number, turn: number, result: 0 | 1]

/** Why a turn takes its next step. */
export type StepCause = 'event' | 'heartbeat' | 'failed-call' | 'malformed-call' | 'no-call' | 'memory-pressure' | 'resume'

/** A message that the workflow wants recorded by the next inference. */
export type PendingRecord =
  | { readonly seq: number; readonly event: IncomingEvent; readonly at: string }
  | { readonly seq: number; readonly notice: NoticeKind; readonly at: string }

/** Texts of the runtime to its agent. The texts themselves are made where the message is recorded. */
export type NoticeKind = 'memory-pressure' | 'no-tool-call' | 'turn-cancelled'

export interface RunningTurn {
  readonly turn: number
  readonly event: IncomingEvent
  /** Epoch milliseconds, by the workflow's clock. */
  readonly acceptedAt: number
  readonly step: number
  readonly cause: StepCause
  readonly pending: readonly PendingRecord[]
  readonly replies: readonly number[]
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly completionTokens: number
  readonly malformedSteps: number
  readonly identicalSteps: number
  readonly lastStepDigest: string
  /** Whether this step was already compacted for once because its prompt did not fit. */
  readonly overflowed: boolean
}

export interface Parked {
  readonly reason: TurnReason
  readonly detail: string
  /** Epoch milliseconds. */
  readonly since: number
  /** Epoch milliseconds of the next try by itself; absent where only a person can help. */
  readonly retryAt?: number
  /** Tries by itself so far; they get rarer. */
  readonly tries: number
}

export interface Counters {
  readonly turns: number
  readonly steps: number
  readonly compactions: number
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly completionTokens: number
  /** Events refused because they were malformed (signals; an update's sender gets the error). */
  readonly refusedSignals: number
  /** Runs of this workflow before the present one. */
  readonly continuedAsNew: number
}

/** Tokens of main context at the last inference, by section, uncalibrated. */
export interface SectionTokens {
  readonly instructions: number
  readonly tools: number
  readonly coreMemory: number
  readonly statistics: number
  readonly summary: number
  readonly queue: number
}

/** The one object that an agent's workflow starts with and carries through continue-as-new. No bodies. */
export interface AgentState {
  readonly schema: 1
  readonly agentId: AgentId
  readonly settings: ControlSettings
  readonly nextSeq: number
  readonly nextTurn: number
  readonly mailbox: readonly { readonly event: IncomingEvent; readonly acceptedAt: number }[]
  readonly running?: RunningTurn
  readonly queue: readonly QueueEntry[]
  /** The recursive summary at the queue's head: its operation id, and its tokens. */
  readonly summary?: { readonly op: string; readonly tokens: number }
  /** Messages that recall holds and the queue does not. */
  readonly evicted: number
  /** Provider's prompt tokens for one token counted here. 1 until the first report. */
  readonly calibration: number
  /** Whether the present pressure was already alerted. */
  readonly alerted: boolean
  readonly sections?: SectionTokens
  /** Version of each block as the model last saw it. */
  readonly blockVersions: Readonly<Record<string, number>>
  readonly parked?: Parked
  /** Event ids of the latest turns, and which turn; older ones are known to the message store. */
  readonly handled: readonly (readonly [eventId: string, turn: number])[]
  readonly outcomes: readonly TurnOutcome[]
  readonly counters: Counters
}

export function initialState(agentId: AgentId, settings: ControlSettings): AgentState {
  return {
    schema: 1,
    agentId,
    settings,
    nextSeq: 1,
    nextTurn: 1,
    mailbox: [],
    queue: [],
    evicted: 0,
    calibration: 1,
    alerted: false,
    blockVersions: {},
    handled: [],
    outcomes: [],
    counters: {
      turns: 0,
      steps: 0,
      compactions: 0,
      promptTokens: 0,
      cachedTokens: 0,
      completionTokens: 0,
      refusedSignals: 0,
      continuedAsNew: 0,
    },
  }
}

import type { WaitingCall } from './waiting.ts'

/** How a turn ended. `parked` is no end: the turn goes on when a person, or waiting, has removed the reason. */
export type TurnEnd = 'completed' | 'cancelled' | 'stopped' | 'parked'

/** Why a turn was stopped or parked. */
export type TurnReason =
  | 'step-budget'
  | 'token-budget'
  | 'cost-budget'
  | 'agent-budget'
  | 'price-unknown'
  | 'repeated-call'
  | 'malformed-calls'
  | 'no-tool-call'
  | 'content-filtered'
  | 'model-refused'
  | 'model-unreachable'
  | 'model-error'
  | 'context-overflow'
  | 'activity-failed'
  | 'store-full'
  | 'store-away'
  | 'wrong-stores'
  | 'approval'
  | 'client-tool'

export interface TurnFigures {
  readonly steps: number
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly completionTokens: number
  /** Micro-dollars, summaries made during the turn included; absent where no price was known. */
  readonly costMicros?: number
  /** Inferences and summaries whose price was not known: above 0, `costMicros` is less than what was spent. */
  readonly unpriced?: number
  /** From the event's acceptance to the turn's end, by the workflow's clock. */
  readonly latencyMs: number
  /** Of that, the time until the turn began, in which the event waited for others. Absent where none is known, as of turns of earlier versions. */
  readonly waitedMs?: number
}

/** From the turn's beginning to its end. */
export const tookMs = ({ latencyMs, waitedMs = 0 }: Pick<TurnFigures, 'latencyMs' | 'waitedMs'>): number => latencyMs - waitedMs

/** The outcome of a turn. Bodies are in the message store, under the sequence numbers given here. */
export interface TurnOutcome {
  readonly turn: number
  readonly eventId: string
  readonly end: TurnEnd
  readonly reason?: TurnReason
  /** One sentence for a person: what happened and what to do. */
  readonly detail?: string
  /** For `parked`: epoch milliseconds of the next try by itself. Absent where only a person can help, and in records of earlier versions. */
  readonly retryAt?: number
  /** For `parked`: calls that wait for a person or a caller. */
  readonly waiting?: readonly WaitingCall[]
  /** Sequence numbers of the results of `send_message`. */
  readonly replies: readonly number[]
  readonly figures: TurnFigures
}

export interface EndedTurn extends TurnOutcome {
  readonly end: Exclude<TurnEnd, 'parked'>
}

/** Whether a turn's record is that of its end, which stays; the record of a park is replaced. */
export const hasEnded = (record: TurnOutcome | undefined): record is EndedTurn => record !== undefined && record.end !== 'parked'

import type { IncomingEvent } from './events.ts'

/** One message of the queue: sequence number, tokens, turn, and 1 if it is a tool's result (never parted from its call). */
export type QueueEntry = readonly [seq: number, tokens: number, turn: number, result: 0 | 1]

/** Why a turn takes its next step. */
export type StepCause = 'event' | 'heartbeat' | 'failed-call' | 'malformed-call' | 'no-call' | 'memory-pressure'

/** A message that the workflow wants recorded by the next inference. */
export type PendingRecord =
  | { readonly seq: number; readonly event: IncomingEvent; readonly at: string }
  | { readonly seq: number; readonly notice: NoticeKind; readonly at: string }

/** Texts of the runtime to its agent. The texts themselves are made where the message is recorded. */
export type NoticeKind = 'memory-pressure' | 'no-tool-call' | 'turn-cancelled' | 'content-filtered'

/** Tokens of main context at the last inference, by section, uncalibrated; `queue` is kept by the workflow itself. */
export interface SectionTokens {
  readonly instructions: number
  readonly tools: number
  readonly coreMemory: number
  readonly statistics: number
}

/** The recursive summary at the queue's head: its operation id, and its tokens. */
export interface SummaryRef {
  readonly op: string
  readonly tokens: number
}

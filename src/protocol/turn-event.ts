import type { EventKind } from './events.ts'
import type { StoredMessage } from './messages.ts'
import type { TurnEnd, TurnFigures, TurnReason } from './turn.ts'
import type { WaitingCall } from './waiting.ts'

/**
 * What happens to an agent, as whoever watches it is told. Recall memory is the durable log: `turn`, `step`, `message` and `end` follow from
 * what is stored and are told to every watcher, however late. The others say how it stands now: `delta` and `reset` what the model is
 * writing, `waiting` and `parked` what the agent stands still for, `memory` that a block was written. `replaced` comes first, or not at all.
 * Every wire is a projection of these.
 */
export type TurnEvent = AgentReplaced | TurnBegun | StepBegun | TextDelta | TextReset | MessageRecorded | CallsWaiting | TurnParked | TurnEnded | BlockWritten

export type TurnEventType = TurnEvent['type']

interface Told {
  /**
   * Names the event's place among those of its agent: `12`, `12.turn`, `14.176444950312.3`; of the second agent of a name `2~12`. To watch on from an event,
   * give its id as `after`.
   */
  readonly id: string
}

/**
 * What this watcher was told before, up to the id that it goes on after, was of an earlier agent of the name, which was deleted. The present one is
 * told from its beginning.
 */
export interface AgentReplaced extends Told {
  readonly type: 'replaced'
  /** Of the present agent. */
  readonly key: string
}

/** An event has its turn: the `message` with its text follows, under `seq`. */
export interface TurnBegun extends Told {
  readonly type: 'turn'
  readonly turn: number
  readonly event: { readonly id: string; readonly kind: EventKind | 'notice'; /** Of the message that has its text. */ readonly seq: number }
}

/** The model was asked. Its message will have, or has, the number `seq`. */
export interface StepBegun extends Told {
  readonly type: 'step'
  readonly turn: number
  /** The first of a turn is 1. */
  readonly step: number
  readonly seq: number
}

/**
 * What the model has written since the delta before. Best effort: any of them may be missing at the end of a step, and none is told once
 * the step's `message` is. That message is the truth: the texts of one `call` and `kind`, joined, are the beginning of what it says, or all.
 */
export interface TextDelta extends Told {
  readonly type: 'delta'
  readonly turn: number
  readonly step: number
  /** Sequence number that the step's message will have. */
  readonly seq: number
  /** Of the inference: a later one has a higher number, and begins with a `reset`. */
  readonly attempt: number
  /** Place within the attempt, from 1. */
  readonly n: number
  /** `text`: of a reply, which the user is to see. `thoughts`: inner thoughts. */
  readonly kind: 'thoughts' | 'text'
  readonly text: string
  /** Index, in the step's message, of the call in whose arguments this stands. Absent: beside the calls. */
  readonly call?: number
  /** The provider's id of that call, where it gave one. */
  readonly callId?: string
}

/** The inference is made anew: what was told of this step's text is void. */
export interface TextReset extends Told {
  readonly type: 'reset'
  readonly turn: number
  readonly step: number
  readonly seq: number
  /** The one that begins. */
  readonly attempt: number
}

/** Recall memory has another message. */
export interface MessageRecorded extends Told {
  readonly type: 'message'
  readonly turn: number
  readonly seq: number
  readonly message: StoredMessage
}

/** Calls that need a person's approval, or a result from a caller; a `parked` follows. */
export interface CallsWaiting extends Told {
  readonly type: 'waiting'
  readonly turn: number
  readonly calls: readonly WaitingCall[]
}

/** The turn stands still. It goes on by itself, or by `resume`; then further steps follow, or the `end`. */
export interface TurnParked extends Told {
  readonly type: 'parked'
  readonly turn: number
  readonly eventId: string
  readonly reason?: TurnReason
  readonly detail?: string
  /** Epoch milliseconds of the next try by itself. Absent where only a person can help, or an older worker has recorded it. */
  readonly retryAt?: number
}

export interface TurnEnded extends Told {
  readonly type: 'end'
  readonly turn: number
  readonly eventId: string
  readonly end: Exclude<TurnEnd, 'parked'>
  readonly reason?: TurnReason
  readonly detail?: string
  readonly figures: TurnFigures
  /** Sequence numbers of the messages that hold its replies. */
  readonly replies: readonly number[]
}

/** A block has another value now, by the agent or a person. Told while one watches; later, `client.blocks` tells. */
export interface BlockWritten extends Told {
  readonly type: 'memory'
  readonly label: string
  readonly version: number
}

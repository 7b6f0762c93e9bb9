import type { ClientToolDefinition } from '../protocol/definition.ts'
import type { EventKind } from '../protocol/events.ts'
import type { Parked } from '../protocol/state.ts'
import type { TurnOutcome } from '../protocol/turn.ts'

/** How long one waits for a turn. */
export interface WaitOptions {
  /** `parked`: also until the agent parks. `end`: for the turn's real end, through every park, which may be for ever. Default `parked`. */
  readonly until?: 'parked' | 'end'
  /** Stops the waiting, not the turn. */
  readonly signal?: AbortSignal
}

export interface SendOptions extends WaitOptions {
  /**
   * Makes the send repeatable: the same id is the same message. 1 to 128 characters without spaces; forms that the runtime gives itself
   * (`timer:…`, say) are refused. Default: a new UUID.
   */
  readonly eventId?: string
  /** Default `user-message`. */
  readonly kind?: EventKind
  /**
   * Tools that run at the caller, for this message's turn only: the model is offered them beside the agent's own, whatever steps the turn
   * takes and whichever process dies meanwhile. They are answered as the definition's client tools are, by `serveTools` or `answerCall`. At
   * most 64, of 256 KiB together. The same message sent again has to bring the same ones (`event-conflict`). A name that a tool of the
   * agent has is refused (`tool-conflict`); where the agent gets a tool of that name before the turn begins, its own is offered.
   * Default: none.
   */
  readonly clientTools?: readonly ClientToolDefinition[]
  /**
   * Milliseconds for which a server or worker that is away is waited for until the event is accepted. What is refused then is withdrawn,
   * unless Temporal itself is away: then it stays, and is to be sent again under its id. Default, and at most: the client's `patienceMs`.
   */
  readonly acceptMs?: number
  /** Called as soon as the event is durable in the mailbox; again where it has to be given to its agent again. */
  readonly onAccepted?: (accepted: Accepted) => void
}

/** A turn that has come to its end, or is parked. */
export interface TurnResult extends TurnOutcome {
  /** The texts that the agent sent to the user, in order. */
  readonly replyTexts: readonly string[]
  /** Of `send`: the same message had been sent before under its id, and had its turn, or has it; nothing was sent now. */
  readonly repeated?: true
}

/** Accepted, and durable. */
export interface Accepted {
  readonly eventId: string
  /** 0: its turn runs, or is over; 1: next. */
  readonly position: number
  readonly parked?: Parked
  /** The same message had been sent before under its id; nothing was sent now. */
  readonly repeated?: true
}

/** A block as one of its versions has it. */
export interface BlockView {
  readonly label: string
  readonly blockId: string
  readonly description: string
  readonly limit: number
  readonly readOnly: boolean
  readonly value: string
  /** 0: never written. */
  readonly version: number
}

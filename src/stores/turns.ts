import type { StoredMessage } from '../protocol/messages.ts'
import type { Counters } from '../protocol/state.ts'
import type { EndedTurn, TurnOutcome } from '../protocol/turn.ts'

export interface TurnRef {
  readonly agentId: string
  readonly turn: number
}

export interface EventRef {
  readonly agentId: string
  readonly eventId: string
}

export interface TurnStore {
  /**
   * A parked turn's record gives way to a later one; a turn's end stays, whoever comes late. With the turn's end its event is no longer pending.
   * @param counters of the agent's whole life, at the turn's end
   */
  put(agentId: string, outcome: TurnOutcome, counters?: Counters): Promise<void>
  /**
   * Stores the last result of a turn, and the turn's end as `put` does: both or neither; in MongoDB the result first. Nothing where the result is
   * there already, or where the turn has ended; in MongoDB an end that is stored between the look for one and the result is not seen, and stays.
   * @returns whether it has stored them. If not, whoever asks has to look at what is there
   */
  endWith(result: StoredMessage, outcome: EndedTurn, counters: Counters): Promise<boolean>
  get(agentId: string, turn: number): Promise<TurnOutcome | undefined>
  /** Those of these turns that have a record, of any agents, in one question. */
  each(turns: readonly TurnRef[]): Promise<readonly (TurnRef & { readonly outcome: TurnOutcome })[]>
  /** The turn with the highest number of those that have ended. */
  latestEnded(agentId: string): Promise<{ readonly outcome: TurnOutcome; readonly counters?: Counters } | undefined>
  /**
   * How it stands with an event. Where several turns bear its id (a workflow that began anew without its history took it up again), a turn
   * that ended comes before one that is parked, and of those the latest.
   */
  byEvent(agentId: string, eventId: string): Promise<TurnOutcome | undefined>
  /** The same of several events, of any agents, in one question; nothing of those that have none. */
  ofEvents(events: readonly EventRef[]): Promise<readonly { readonly agentId: string; readonly outcome: TurnOutcome }[]>
}

import type { EventBody, EventKind } from '../protocol/events.ts'

export interface EventStore {
  /** Inserts if absent; returns the body as stored, which may differ from the one given: the caller compares. */
  put(body: EventBody): Promise<EventBody>
  /**
   * As `put`, for an event that is to have a turn: it is *pending* from now on, until its turn has ended (`TurnStore.put`) or it is
   * withdrawn. One that was withdrawn is pending again; one whose turn has ended stays as it is, and so does one that says something else.
   * @param taskQueue of the workers that are to take it up
   */
  deposit(body: EventBody, taskQueue: string): Promise<Deposited>
  /** The agent's workflow has refused the event, so nobody is to take it up. */
  withdraw(agentId: string, eventId: string): Promise<void>
  /** An event that was withdrawn and was accepted all the same is pending again; nothing of one that is not there, or whose turn has ended. */
  pendAgain(agentId: string, eventId: string, taskQueue: string): Promise<void>
  get(agentId: string, eventId: string): Promise<EventBody | undefined>
  /** The agent's pending events in the order in which they were deposited, without their texts. */
  pending(agentId: string, limit: number): Promise<readonly PendingEvent[]>
  /** The event that became pending last of those that are, this one left out. */
  latestPending(agentId: string, except: string): Promise<string | undefined>
  /**
   * Agents with an event that has been pending since before `before`, or since after `after`, as a client's clock that goes ahead may say; each once, the
   * longest waiting first.
   */
  agentsWithPending(waiting: { readonly taskQueue: string; /** ISO 8601. */ readonly before: string; /** ISO 8601. */ readonly after?: string; readonly limit: number }): Promise<readonly string[]>
}

/** `body` as it is stored, which may differ from the one given. `fresh`: it is pending by this call, and was not before. */
export interface Deposited {
  readonly body: EventBody
  readonly fresh: boolean
}

/** An event that has yet to have its turn, or whose turn has not ended. */
export interface PendingEvent {
  readonly eventId: string
  readonly kind: EventKind
  /** UTF-8 bytes of its text. */
  readonly bytes: number
  /** It has brought tools for its turn. */
  readonly tools?: true
  /** ISO 8601: when it became pending. */
  readonly since: string
}

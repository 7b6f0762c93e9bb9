import type { StoredMessage } from '../protocol/messages.ts'
import type { SeqRange, SeqRanges } from '../protocol/seq-ranges.ts'
import type { MeantExchange } from './exchanges.ts'

export interface MessageQuery {
  /**
   * Words; a message matches that has at least one of them. Absent: all messages. What is searched of a message that has a
   * `reply` is the reply; of every other one it is the `text`.
   */
  readonly text?: string
  /** ISO 8601, inclusive from, exclusive to. */
  readonly from?: string
  readonly to?: string
  /** `relevance` needs `text`; ties are newest first. */
  readonly order: 'newest' | 'relevance'
  readonly offset: number
  readonly limit: number
  /** Only these roles. Default: all. */
  readonly roles?: readonly StoredMessage['role'][]
  /**
   * Only what was said to the agent and by it: messages that are events (they have an `eventId`) and messages that have a
   * `reply`. Leaves out inner thoughts, notices and other tools' results. `total` counts what is left. With `roles`, both hold.
   */
  readonly conversation?: true
  /** Leaves out messages at or above this sequence number, so that a search does not find its own step. */
  readonly before?: number
}

/** ISO 8601, inclusive from, exclusive to. */
export interface TimeSpan {
  readonly from: string
  readonly to: string
}

/** A query with what it means. */
export interface MeantQuery extends MessageQuery {
  /**
   * As `ExchangeStore.nearest` found it: all is ranked by words and meaning together, and a few messages of these exchanges are found that have none of the
   * words (`near`). It counts with the order `relevance` alone, and adds what is of the conversation alone.
   */
  readonly meant?: readonly MeantExchange[]
  /** Times that the question names: what was said then is raised above what was said at other times. They count with the order `relevance` alone. */
  readonly named?: readonly TimeSpan[]
}

export interface FoundMessages {
  /** How many match: of a text, those that have one of its words. */
  readonly total: number
  /** So many were counted, and there may be more: a question of a large memory is answered before all that match have been counted. */
  readonly atLeast?: true
  /**
   * The sequence numbers of those that have none of the words and are only the nearest by meaning, ten at the most: they stand on the pages among the others,
   * and `total` does not count them. They are there whatever is asked, so that they may be about something else. Absent: none.
   */
  readonly near?: readonly number[]
  /** Nobody looked at meaning, as the embedding model or the store of its vectors was away. No store says so: `searchRecall` does. */
  readonly byWordsAlone?: true
  readonly messages: readonly StoredMessage[]
}

export interface MessageStore {
  /**
   * Inserts if absent under `op`; returns the stored one, which may be an earlier attempt's.
   * @throws PerdureError `numbers-behind` when another `op` holds the same `seq`
   */
  insert(message: StoredMessage): Promise<StoredMessage>
  /**
   * Inserts all of these, of one agent, in one write and in this order: whoever sees one of them sees those before it. False: an `op` or a `seq` of
   * theirs is taken, and it and those behind it are not stored, of those before it perhaps some are. Whoever is told so inserts them singly.
   */
  insertTogether(messages: readonly StoredMessage[]): Promise<boolean>
  byOp(agentId: string, op: string): Promise<StoredMessage | undefined>
  /** Messages that hold one of these operations, or a sequence number from the first of the range to its last: what an insert of them would meet. */
  holding(agentId: string, wanted: { readonly ops: readonly string[]; readonly numbers?: SeqRange }): Promise<readonly StoredMessage[]>
  /** Messages in those ranges, by ascending `seq`, popped ones included. */
  ranges(agentId: string, ranges: SeqRanges): Promise<readonly StoredMessage[]>
  /** Messages with `seq` above `after`, ascending. */
  after(agentId: string, after: number, limit: number): Promise<readonly StoredMessage[]>
  /** The same of several agents in one question, by agent and ascending: of each, the messages above its mark. */
  afterEach(marks: ReadonlyMap<string, number>, limit: number): Promise<readonly StoredMessage[]>
  search(agentId: string, query: MeantQuery): Promise<FoundMessages>
  /** The highest sequence number; 0 before the first message. One look at an index, however many messages there are. */
  latestSeq(agentId: string): Promise<number>
  count(agentId: string): Promise<number>
  /** The same for several agents, in one question; those without messages are not in it. */
  counts(agentIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  markPopped(agentId: string, ranges: SeqRanges): Promise<void>
}

import type { CheckpointControl } from '../protocol/activities.ts'
import type { SeqRanges } from '../protocol/seq-ranges.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import type { EventBody, EventKind } from '../protocol/events.ts'
import type { StepUsage, StoredMessage } from '../protocol/messages.ts'
import type { IdRange, Tenant } from '../protocol/tenant.ts'
import type { Counters } from '../protocol/state.ts'
import type { ScheduledTimer } from '../protocol/timers.ts'
import type { EndedTurn, TurnOutcome } from '../protocol/turn.ts'
import type { AnswerBody } from '../protocol/waiting.ts'
import type { AccessKeyStore } from './access-keys.ts'
import type { ArchivalStore } from './archival.ts'
import type { AsideCostStore } from './asides.ts'
import type { DefinitionStore } from './definitions.ts'
import type { DocumentStore } from './documents.ts'
import type { MeantExchange } from './exchanges.ts'
import type { LiveStore } from './live.ts'
import type { PromptFrameStore } from './prompt-frames.ts'

/**
 * Core and recall memory, and everything else that has a body. Two implementations: `mongo/` and `embedded/`, held to one
 * contract suite (`test/stores`). Every write that returns has been made durable. Every insert is insert-if-absent under an
 * operation id and returns what is stored afterwards, so that a repeated attempt is harmless.
 */
export interface MemoryStore {
  readonly agents: AgentStore
  readonly definitions: DefinitionStore
  readonly events: EventStore
  readonly messages: MessageStore
  readonly blocks: BlockStore
  readonly summaries: SummaryStore
  readonly promptFrames: PromptFrameStore
  readonly asideCosts: AsideCostStore
  readonly turns: TurnStore
  readonly claims: ClaimStore
  readonly checkpoints: CheckpointStore
  readonly answers: AnswerStore
  readonly timers: TimerStore
  readonly documents: DocumentStore
  readonly accessKeys: AccessKeyStore
  /**
   * Differs from the last answer if anything was written meanwhile, by whichever process; it may differ for no reason. Undefined where that
   * can't be told without reading.
   */
  changeMark(): Promise<string | undefined>
  /** Deletes all that is stored of an agent, except blocks that it shares with others. */
  eraseAgent(agentId: string): Promise<void>
  close(): Promise<void>
}

export interface StoredAgent {
  /** Names the agent in every id of it, in stores and in Temporal: see `protocol/agent-key.ts`. Its name is `definition.id`. */
  readonly key: string
  /** The one in force. The version that a step saw may be an earlier one: see `DefinitionStore`. */
  readonly definition: AgentDefinition
  /** Its number. Absent: 1. */
  readonly version?: number
  /** How many documents are loaded. Absent: none ever was. */
  readonly documents?: number
  /** Digest of the definition at creation. */
  readonly digest: string
  /** ISO 8601. */
  readonly createdAt: string
  /** Names the call that created it, to tell that one from others which found it there. */
  readonly creation?: string
  readonly archivedAt?: string
  /** ISO 8601: since when it is being deleted. Its name is free, and names it no more. */
  readonly deletingAt?: string
}

/** One whose deletion is not finished. */
export interface LeavingAgent extends StoredAgent {
  /** The id of the command by which its deletion began, where that was given one. */
  readonly deletingBy?: string
}

/** What agents are looked for by: all that is given holds for each that is found. */
export interface AgentFilter {
  /** One of the agent's tags, exactly. */
  readonly tag?: string
  /** The name of its model, exactly. */
  readonly model?: string
  readonly archived?: boolean
  /** It has one of these. */
  readonly keys?: readonly string[]
}

export interface AgentsPage extends AgentFilter {
  /** The keys among which agents are looked for: those of a tenant (`idsOf`). */
  readonly within: IdRange
  readonly after?: string
  readonly limit: number
}

/** An agent as its creator knows it. Blocks of its own are named `<name>/<label>`; the store names them after the key. */
export interface NewAgent extends Pick<StoredAgent, 'definition' | 'digest' | 'createdAt' | 'creation'> {
  /** Whose it is. Its key says so. Default: the default tenant's. */
  readonly tenant?: Tenant | undefined
}

export interface AgentStore {
  /**
   * Stores the agent under a key that no agent ever had, unless one of its line is in force: that is returned then, which may be another
   * definition's. Of creations at the same time one stands.
   */
  create(agent: NewAgent): Promise<StoredAgent>
  /** The agent of that line (`lineOf`) in force: created, and not being deleted. */
  current(line: string): Promise<StoredAgent | undefined>
  /** By key, also one that is being deleted. */
  get(agentId: string): Promise<StoredAgent | undefined>
  /** Those in force that match, by key: those after the key `after`, or from the first on. */
  list(page: AgentsPage): Promise<readonly StoredAgent[]>
  /** Those whose deletion is not finished, of one line or of all. */
  beingDeleted(line?: string): Promise<readonly LeavingAgent[]>
  /** Whether an agent had this key, and is erased. One that these stores never had was not deleted from them. */
  wasDeleted(agentId: string): Promise<boolean>
  /**
   * Whether an agent of that line, or the agent of exactly that key where it is a later one's (`isLaterKey`), was or is being deleted by this command,
   * whoever finished it. Of a line the latest 50 pairs of an agent and a command are known.
   */
  wasDeletedBy(lineOrKey: string, commandId: string): Promise<boolean>
  /**
   * Frees the agent's name for another one, at once and for good; the record stays until the agent is erased. Idempotent: the first time stands.
   * @param by the id of the command that wants it. It is kept with the name, beyond the agent's erasure, for `wasDeletedBy`; so is that of another
   *   command that wants the same later, also where the agent is erased by then.
   */
  markDeleting(agentId: string, at: string, by?: string): Promise<void>
  /** Puts a version of the definition, which is stored, in force, unless a later one is. The digest stays that of creation. */
  define(agentId: string, version: number, definition: AgentDefinition): Promise<void>
  setDocuments(agentId: string, count: number): Promise<void>
  archive(agentId: string, at: string): Promise<void>
}

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
  /** Agents with an event that has been pending since before `before`, each once, the longest waiting first. */
  agentsWithPending(waiting: { readonly taskQueue: string; /** ISO 8601. */ readonly before: string; readonly limit: number }): Promise<readonly string[]>
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

/** The timers of an agent, as its workflow last had them. */
export interface StoredTimers {
  readonly agentId: string
  /** The task queue of the workers that are to fire them. */
  readonly taskQueue: string
  readonly timers: readonly ScheduledTimer[]
}

/** A copy of what the workflow holds: where that is lost, a new one goes on with it. */
export interface TimerStore {
  /** Takes the place of the agent's earlier ones. */
  put(timers: StoredTimers): Promise<void>
  get(agentId: string): Promise<StoredTimers | undefined>
  /** Agents with a timer that was due before `before` (epoch milliseconds), each once, the longest overdue first. */
  agentsWithDue(due: { readonly taskQueue: string; readonly before: number; readonly limit: number }): Promise<readonly string[]>
}

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
  byOp(agentId: string, op: string): Promise<StoredMessage | undefined>
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

/** One version of a block. Version 1 is the initial value; the highest is the present one. */
export interface BlockVersion {
  readonly blockId: string
  readonly version: number
  readonly value: string
  /** Operation id of the write, unique per block. */
  readonly op: string
  /** Agent or person. */
  readonly author: string
  readonly turn: number
  /** ISO 8601. */
  readonly at: string
}

/**
 * Blocks are their versions: a write inserts the next version, and loses to whoever inserted that number first. So one atomic
 * insert is the whole write, the history is complete by construction, and shared blocks lose no edit.
 */
export interface BlockStore {
  current(blockId: string): Promise<BlockVersion | undefined>
  /** `undefined` for a block that is not there. Order as asked. */
  currents(blockIds: readonly string[]): Promise<readonly (BlockVersion | undefined)[]>
  /** The version that was written under `op`, however many came after it: how a repeated write finds itself. */
  byOp(blockId: string, op: string): Promise<BlockVersion | undefined>
  /**
   * Inserts this version. `stored`: it is in, now or by an earlier write under the same `op` (whose version is returned).
   * `conflict`: another op holds this version number; read again and retry.
   */
  insert(version: BlockVersion): Promise<{ readonly status: 'stored' | 'conflict'; readonly version: BlockVersion }>
  /** Newest first. */
  history(blockId: string, limit: number): Promise<readonly BlockVersion[]>
  version(blockId: string, version: number): Promise<BlockVersion | undefined>
}

export interface Summary {
  readonly agentId: string
  readonly op: string
  readonly text: string
  readonly tokens: number
  readonly byModel: boolean
  /** Messages that it stands for, the earlier summaries' included. */
  readonly covers: number
  /** The highest sequence number that has left the context with it. Absent in summaries of earlier versions. */
  readonly left?: number
  readonly at: string
  /** The usage of the model's calls for it, added up. Absent, like the two below, if rules made the summary, and in summaries of earlier versions. */
  readonly usage?: StepUsage
  readonly model?: string
  readonly latencyMs?: number
}

export interface SummaryStore {
  insert(summary: Summary): Promise<Summary>
  get(agentId: string, op: string): Promise<Summary | undefined>
  /** The one inserted last, by `at`. */
  latest(agentId: string): Promise<Summary | undefined>
  /** In the order of `at`. */
  list(agentId: string): Promise<readonly Summary[]>
}

export interface TurnRef {
  readonly agentId: string
  readonly turn: number
}

export interface EventRef {
  readonly agentId: string
  readonly eventId: string
}

export interface TurnStore {
  /** A parked turn's record gives way to a later one; a turn's end stays, whoever comes late. */
  /**
   * With the turn's end its event is no longer pending.
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

export interface ToolOutcome {
  readonly ok: boolean
  /** The text for the model. */
  readonly text: string
  /** The text for the user, from `send_message`. */
  readonly reply?: string
}

export interface Claim {
  readonly agentId: string
  /** Operation id of the call. */
  readonly op: string
  /** Who claimed: one attempt of one activity. */
  readonly owner: string
  readonly outcome?: ToolOutcome
}

/** The ledger of tool calls: claimed before an effect that must not happen twice, and then given the outcome. */
export interface ClaimStore {
  /** Inserts if absent; returns the claim as stored. */
  claim(claim: Claim): Promise<Claim>
  get(agentId: string, op: string): Promise<Claim | undefined>
  /** Sets the outcome if there is none yet; returns the claim as stored: the first outcome stands. Claims if need be. */
  setOutcome(claim: Required<Claim>): Promise<Claim>
}

export interface Checkpoint {
  readonly agentId: string
  readonly name: string
  readonly control: CheckpointControl
  /** Values of the agent's blocks by the labels that they had. */
  readonly blocks: Readonly<Record<string, string>>
  /** Which blocks these were, by the same labels. Absent where an earlier release has saved it. */
  readonly blockIds?: Readonly<Record<string, string>>
  readonly instructions: string
  readonly at: string
}

export interface CheckpointStore {
  /** Replaces one of the same name. */
  put(checkpoint: Checkpoint): Promise<void>
  get(agentId: string, name: string): Promise<Checkpoint | undefined>
  list(agentId: string): Promise<readonly { readonly name: string; readonly at: string }[]>
}

/** The answers of persons and callers to calls that waited. The workflow decides which answer counts, by its id. */
export interface AnswerStore {
  /** Inserts if absent under call and id; returns the answer as stored. */
  put(body: AnswerBody): Promise<AnswerBody>
  get(agentId: string, op: string, id: string): Promise<AnswerBody | undefined>
  /** All that was said to these calls, the earliest first. */
  to(agentId: string, ops: readonly string[]): Promise<readonly AnswerBody[]>
}

/** The two stores of an agent, as one of the two sets. */
export interface Stores {
  readonly kind: 'servers' | 'embedded'
  /** For a person: where the memory lies, without secrets. */
  readonly describe: string
  /** What an operator should do about them. */
  readonly notice?: string
  readonly memory: MemoryStore
  readonly archival: ArchivalStore
  /** Text of inferences that run. */
  readonly live: LiveStore
  close(): Promise<void>
}

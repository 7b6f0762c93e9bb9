import type { CommandRequest } from './commands.ts'
import type { Spending } from './cost.ts'
import type { ControlSettings } from './definition.ts'
import type { IncomingEvent } from './events.ts'
import type { AgentId } from './ids.ts'
import type { ScheduledTimer } from './timers.ts'
import type { TurnEnd, TurnOutcome, TurnReason } from './turn.ts'
import type { AnswerRequest, CallAnswer, WaitingCall } from './waiting.ts'
import type { PendingRecord, QueueEntry, SectionTokens, StepCause, SummaryRef } from './context.ts'
import type { InferenceResult } from './inference.ts'

/** The turn in progress. Its owner is the loop; nothing else writes it. */
export interface RunningTurn extends Spending {
  readonly turn: number
  readonly event: IncomingEvent
  /** Sequence number of the event's message: it stays in the context as long as its turn runs. */
  readonly eventSeq: number
  /** Epoch milliseconds, by the workflow's clock. */
  readonly acceptedAt: number
  /** When the turn began, likewise; unknown of one that an earlier version began, or whose workflow was lost. */
  readonly begunAt?: number
  /** The step that runs or comes next, from 1. */
  step: number
  /** Sequence number given to that step's assistant message; kept when the step is tried again. */
  stepSeq?: number
  cause: StepCause
  pending: PendingRecord[]
  replies: number[]
  /** In a row, of steps whose calls were all malformed, or that had none. */
  malformedSteps: number
  /** In a row, of steps with the same calls and the same results. */
  identicalSteps: number
  stepDigest: string
  /** Whether this step's prompt was already found too large once. */
  overflowed: boolean
  /** The endpoint has refused, or failed at, a request with what this turn has brought: given up, the turn leaves the context. */
  suspect?: true
  /** What a content filter has said of the prompt: the turn is over, and only has to be taken out of the context and recorded. */
  filtered?: string
  /** Settling the present step was begun: its short tools may have run. */
  settling?: true
  /** How the turn has ended, where that could not be recorded yet. */
  ending?: TurnEnding
  /** The step has its inference, and calls that wait for somebody. */
  waiting?: WaitingStep
  /** What was said to the calls of the step before the workflow was lost that had heard it. */
  said?: readonly AnswerRequest[]
}

/** A turn's end as the loop has decided it. */
export interface TurnEnding {
  readonly end: TurnEnd
  readonly reason?: TurnReason
  readonly detail?: string
}

/** What a turn has spent and repeated when it begins. */
export const nothingDone = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, malformedSteps: 0, identicalSteps: 0, stepDigest: '', overflowed: false }

/** Why the agent stands still, until a person or a condition lets it go on. */
export interface Parked {
  readonly reason: TurnReason
  readonly detail: string
  /** Epoch milliseconds. */
  readonly since: number
  /** Epoch milliseconds of the next try by itself; absent where only a person can help. */
  readonly retryAt?: number
  /** The cancel that was asked for could not be followed yet; it does not let go on by itself. */
  readonly cancelHeld?: true
  /** Calls that wait for a person or a caller; then `retryAt` is the first of their deadlines. */
  readonly calls?: readonly WaitingCall[]
}

export interface Counters extends Spending {
  turns: number
  steps: number
  compactions: number
  /** Messages given to recall memory, so far as this workflow knows. */
  messages: number
  /** Signals refused because their event was malformed (an update's sender gets the error instead). */
  refusedSignals: number
  /** Runs of this workflow before the present one. */
  continuedAsNew: number
}

/**
 * All that an agent's workflow knows: what it starts with, changes in place, and carries through continue-as-new. Control
 * only, no bodies.
 */
export interface AgentState {
  readonly schema: 1
  readonly agentId: AgentId
  /** When the agent was made, in the stores of whoever started its workflow. Absent of one that an earlier version started, or somebody by hand. */
  readonly createdAt?: string
  /** How whoever began the run has it go, so that it goes so on each replay. Absent, or of another run, where an earlier version began the run: it carries along what it does not know. */
  begun?: BegunRun
  /** The settings of the definition in force. */
  settings: ControlSettings
  /** Its version. Absent until the workflow has been told, by an earlier worker it never is: then it goes by the first. */
  definition?: number
  /** False until the first run has looked into the stores for what an earlier workflow of this agent has left there. */
  opened: boolean
  nextSeq: number
  nextTurn: number
  mailbox: QueuedEvent[]
  /** Events that were sent before some in the mailbox, and are not known here: on their way, or lost by a reset. */
  awaited?: string[]
  /** An event that is new here was given before: the stores are looked into before the next turn. */
  givenAgain?: true
  /** Commands and looks into the stores, in a row, that were done while a message or a step waited for them. Absent: none. */
  ahead?: number
  running?: RunningTurn
  queue: QueueEntry[]
  summary?: SummaryRef
  /** Provider's prompt tokens for one token counted here. 1 until the first report. */
  calibration: number
  /** The window as the endpoint named it in a refusal, smaller than the definition's. Forgotten when model or window are changed, and by `resume`, whether the agent is parked or not. */
  learnedWindow?: number
  /** Whether the present pressure was already alerted. */
  alerted: boolean
  sections?: SectionTokens
  /** Version of each block as the model last saw it, by the label that it had then. */
  blockVersions: Readonly<Record<string, number>>
  /** The version of the definition that the model saw then. */
  seenDefinition?: number
  parked?: Parked
  /** Absent where there is none. */
  timers?: ScheduledTimer[]
  /** The stores have an older copy of the timers; the end of the next turn brings it up to date. */
  timersUnkept?: true
  /** A cancel of the running turn, and a resume, that were answered and not yet followed. */
  cancelAsked: boolean
  resumeAsked: boolean
  /** Tries by itself since the model last answered; they get rarer. */
  retries: number
  /** Turns in a row whose prompt the provider's content filter refused. Absent: none. */
  filtered?: number
  /** Latest answers to calls that waited, to tell the same answer again from another one; null: the deadline passed. */
  answered?: (readonly [op: string, answer: string | null])[]
  /** The latest commands, cancels and the like that came under an id: what was asked, and the answer, for those who ask again. */
  commands?: (readonly [id: string, asked: string, answer: unknown])[]
  /** Commands that wait for a turn's end, on their way into the next run. */
  waitingCommands?: CommandRequest[]
  /** Event ids of the latest turns, and which turn; older ones are known to the message store. */
  handled: (readonly [eventId: string, turn: number])[]
  /** The latest turns' outcomes, for senders who ask again. */
  outcomes: TurnOutcome[]
  counters: Counters
}

export interface QueuedEvent {
  readonly event: IncomingEvent
  /** Epoch milliseconds, by the workflow's clock. */
  readonly acceptedAt: number
}

/**
 * A run is kept this short because an agent that left its worker's cache replays its history at the next event, and that costs
 * by the event.
 */
const eventsPerRun = 120

/** A run of this version also answers what came before its first task before it does anything else. */
export interface BegunRun {
  /** How many runs the agent had before it. */
  readonly run: number
  /** Events after which it continues as new. */
  readonly mostEvents: number
  /** Epoch milliseconds, by the workflow's clock: when the run before it ended; of an agent's first run, by its creator's clock, when the agent was created. */
  readonly at?: number
}

export const begunRun = (run: number, at?: number): BegunRun => ({ run, mostEvents: eventsPerRun, ...(at !== undefined && { at }) })

export function initialState(agentId: AgentId, settings: ControlSettings, createdAt?: string): AgentState {
  return {
    schema: 1,
    agentId,
    ...(createdAt !== undefined && { createdAt }),
    begun: begunRun(0, createdAt === undefined ? undefined : Date.parse(createdAt)),
    settings,
    opened: false,
    nextSeq: 1,
    nextTurn: 1,
    mailbox: [],
    queue: [],
    calibration: 1,
    alerted: false,
    blockVersions: {},
    cancelAsked: false,
    resumeAsked: false,
    retries: 0,
    handled: [],
    outcomes: [],
    counters: {
      turns: 0,
      steps: 0,
      compactions: 0,
      promptTokens: 0,
      cachedTokens: 0,
      completionTokens: 0,
      messages: 0,
      refusedSignals: 0,
      continuedAsNew: 0,
    },
  }
}

/** A step between its inference and its calls, as long as one of them waits. The model is not asked again. */
export interface WaitingStep {
  readonly inference: Extract<InferenceResult, { outcome: 'stored' }>
  /** Epoch milliseconds. */
  readonly since: number
  /** By index of the call: since when it waits for its present party. Absent: since the step began to wait. */
  readonly phaseSince: Record<number, number>
  answers: Record<number, CallAnswer>
}

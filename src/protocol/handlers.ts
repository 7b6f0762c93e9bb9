import type { AgentBudget } from './definition.ts'
import type { IncomingEvent } from './events.ts'
import type { Parked, Counters } from './state.ts'
import type { SectionTokens, StepCause } from './context.ts'
import type { TimerView } from './timers.ts'
import type { TurnOutcome } from './turn.ts'
import type { WaitingCall } from './waiting.ts'

/** Names of the workflow's handlers, as Temporal's Web UI and command line show them. */
export const workflowType = 'agent'
export const handlerNames = {
  /** Update: an event, answered at once, or, for a few at a time, when its turn ends. */
  event: 'event',
  /** Signal: an event; nobody waits. */
  eventSignal: 'eventSignal',
  /** Update: a command, run between turns. */
  command: 'command',
  /** Update: cancels the running turn. */
  cancel: 'cancel',
  /** Update: what a person, or a caller, says to a call that waits. */
  answer: 'answer',
  /** Update: goes on after a park. */
  resume: 'resume',
  /** Update of earlier versions, refused now: budgets are part of the definition, which the command `define` changes. */
  budget: 'budget',
  /** Signal: compares the workflow with the stores, which know more after a reset. */
  reconcile: 'reconcile',
  /** Update: sets a timer, see `TimerRequest`. */
  schedule: 'schedule',
  /** Update: takes a timer away. */
  unschedule: 'unschedule',
  /** Query: what the update `event` would answer, by an event's id; null for one that the workflow does not know. */
  eventAnswer: 'eventAnswer',
  /** Query: what has become of a command; null for one that the workflow does not know. */
  commandAnswer: 'commandAnswer',
  /** Signal: ends this run as soon as can be; for a run that Temporal lets take no more updates. */
  renewSignal: 'renewSignal',
  /** Query: see `AgentView`. */
  state: 'state',
  /** Query: the message queue as `QueueEntry[]`. */
  queue: 'queue',
  /** Query: of what its main context is made now, see `ContextParts`. */
  contextParts: 'contextParts',
  /** Update: is always refused, with what a query would answer. See `LookRequest`. */
  look: 'look',
} as const

/** Goes with every update: which agent is meant, of all that have had this name in some stores. */
export interface OfAgent {
  /** When it was made, as the sender's stores have it. Absent of senders without stores. */
  readonly createdAt?: string
}

/** What the signal with an event brings. Of senders without stores the second is absent, and in histories of earlier versions. */
export type GivenBySignal = readonly [event: IncomingEvent, of?: OfAgent]
export const givenBySignal = (event: IncomingEvent, { createdAt }: OfAgent): GivenBySignal => [event, { ...(createdAt !== undefined && { createdAt }) }]

/** Of the update `look`. The refusal's type is `lookedAt`, and its first detail the answer of that query; no refused update is in a history. */
export interface LookRequest extends OfAgent {
  readonly query: typeof handlerNames.state | typeof handlerNames.queue | typeof handlerNames.contextParts | typeof handlerNames.eventAnswer | typeof handlerNames.commandAnswer
  readonly args?: readonly unknown[]
}
export const lookedAt = 'look'

export interface EventRequest {
  readonly event: IncomingEvent
  /**
   * `accepted`: answered at once; whoever wants the turn's end finds its record in the turn store. For senders without a store, `turn`: its
   * end, or until the agent parks; `end`: its end, through every park. Few of these are held at a time; the others are answered at once too.
   */
  readonly wait: 'turn' | 'end' | 'accepted'
}

export type EventAnswer =
  | { readonly status: 'ended'; readonly outcome: TurnOutcome }
  /** Ended some turns ago: its record is in the turn store. */
  | { readonly status: 'handled'; readonly turn: number }
  /** Accepted; `position` 0 is the running turn, 1 the next one. `detail`: why one that wanted to wait was not held, and where to look. */
  | { readonly status: 'queued'; readonly eventId: string; readonly position: number; readonly detail?: string }
  /** Accepted, and the agent is parked: the turn will go on when the reason is gone. */
  | { readonly status: 'parked'; readonly eventId: string; readonly position: number; readonly parked: Parked }
  /** The agent was archived before the event's turn came. */
  | { readonly status: 'archived'; readonly eventId: string }
  /** The workflow continues as new; the event is carried. Ask again under the same id. */
  | { readonly status: 'carried'; readonly eventId: string }

/** An activity of a step that has failed (`infer`: the inference) and is tried again: which attempt comes, or runs, and what the one before failed by. */
export interface Retrying {
  readonly activity: string
  readonly attempt: number
  readonly detail: string
}

/** An activity (`infer`: the inference) that an operator has paused in Temporal. It goes on by itself once it is unpaused there. */
export interface PausedActivity {
  readonly activity: string
  /** By which it is unpaused: `temporal activity unpause --activity-id`. */
  readonly activityId: string
  /** ISO 8601. */
  readonly since: string
  /** What the operator has said. */
  readonly reason?: string
}

/** Answer of the query `state`, without `retrying` and `paused`, which `client.state` adds. No conversation text. */
export interface AgentView {
  readonly agentId: string
  readonly model: string
  readonly contextWindow: number
  /** Version of the definition in force; absent where an older workflow does not know it. */
  readonly definition?: number
  readonly status: 'idle' | 'running' | 'parked'
  readonly running?: {
    readonly turn: number
    readonly step: number
    readonly cause: StepCause
    readonly doing: string
    readonly eventId: string
    readonly retrying?: Retrying
  }
  /** What of its work is paused, so that it stands still, or will once the attempt that runs has ended. Also of a parked agent, whose look for its stores may be. */
  readonly paused?: readonly PausedActivity[]
  readonly parked?: Parked
  /** Calls of the running turn that wait for a person or a caller. */
  readonly waiting?: readonly WaitingCall[]
  readonly mailbox: readonly { readonly eventId: string; readonly kind: string; readonly bytes: number }[]
  /** Ascending by due time. Absent where there is none, or where an older worker answers. */
  readonly timers?: readonly TimerView[]
  /** Commands that wait for the gap between two turns, by type. */
  readonly commands: readonly string[]
  readonly sections?: SectionTokens
  /** Tokens of summary and queue, uncalibrated, as `sections` are. */
  readonly summaryTokens: number
  readonly queueTokens: number
  /** Tokens of the whole prompt as it stands now, calibrated, and the thresholds in tokens. */
  readonly pressure: { readonly tokens: number; readonly warning: number; readonly flush: number }
  readonly queueLength: number
  /** Messages in recall memory that the queue does not show. */
  readonly evicted: number
  readonly calibration: number
  /** By the labels of `seenDefinition`. */
  readonly blockVersions: Readonly<Record<string, number>>
  /** Version of the definition that the model last saw; absent before the first step, and where an older workflow does not know it. */
  readonly seenDefinition?: number
  readonly lastOutcome?: TurnOutcome
  readonly counters: Counters
  /** Budget of the agent's whole life. */
  readonly agentBudget?: AgentBudget
}

import { patched, workflowInfo, type CancellationScope } from '@temporalio/workflow'
import { askedBy, type CommandRequest } from '../../protocol/commands.ts'
import type { AgentState, BegunRun } from '../../protocol/state.ts'
import { mayRunDuringTurn, type WaitingCommand } from './commands.ts'
import { firstSeed, type Seeded } from './was-reset.ts'

/** One run of an agent's workflow: the state that goes on into the next run, and the values that only this run needs. Handlers and loop share it. */
export interface AgentRun extends Seeded {
  readonly state: AgentState
  readonly commands: WaitingCommand[]
  /** In words, for the query and the Web UI. */
  doing: string
  preview?: string
  /** The step in progress, for a cancel to reach. */
  step?: CancellationScope
  /** The queue was compacted: a good moment to continue as new. */
  compacted: boolean
  /** Somebody asked for a new run. */
  renewAsked: boolean
  /** Continues as new as soon as every handler has answered. */
  draining: boolean
  archived: boolean
  /** This workflow was started for an agent that the stores do not have any more. */
  gone?: true
  /** Somebody asked to compare the workflow with the stores, or a store said that the workflow is behind. */
  reconcile?: 'asked' | 'numbers-behind'
  /** How often in a row a step has found the workflow behind. */
  reconciled: number
  /** Updates that this run has accepted. */
  updates: number
  /** Those of them whose senders are kept waiting. */
  held: number
  /** Events after which it continues as new. */
  readonly mostEvents: number
  /** The run has taken as many updates as it should, or Temporal lets it take no more. */
  full: boolean
  /** The loop has done a piece of its work in this run. */
  acted: boolean
  /** It was reset, and has looked into the stores since. */
  lookedAfterReset?: true
}

/** Of runs that an earlier version has begun. */
const eventsPerEarlierRun = 300

/**
 * Of a workflow whose run ends within this time, Temporal begins the next run a second later (`history.continueAsNewMinInterval`, by default 1 s), and the
 * messages wait. A run that reaches its events sooner, as with a burst of messages and a quick model, goes on for as long, and a little longer: Temporal counts
 * from the new run's start, this workflow from the old one's last task. Milliseconds.
 */
const leastRunMs = 1_250

export function shouldContinueAsNew({ state, compacted, renewAsked, full, mostEvents }: AgentRun): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo()
  return compacted || renewAsked || full || (historyLength > mostEvents && !isYoung(state)) || continueAsNewSuggested
}

/**
 * Whether this run has to do a piece of the loop's work before it ends, as it is asked to. What is sent while a run begins is told to it with its first
 * task: whoever asks again and again would have runs that only begin and end, and the agent would never come to its messages. Earlier versions
 * ended at once.
 */
export const hasToActFirst = ({ acted, renewAsked, full }: AgentRun): boolean => !acted && (renewAsked || full) && patched('act-before-renew')

/** Whether a message waits for its turn, or a turn for its next step. */
export const isTurnsWork = ({ running, mailbox }: AgentState): boolean => running !== undefined || mailbox.length > 0

/** Commands, and looks into the stores, that are done while a message or a turn waits for them: about as many as may wait at a time. */
const mostAhead = 25

/** Counts what is done while a message or a turn waits for it. Carried, as it makes so much history that a run may end over it. */
export function goesAhead({ state }: AgentRun): void {
  if (state.parked === undefined && isTurnsWork(state)) state.ahead = (state.ahead ?? 0) + 1
}

/**
 * Whether what goes ahead of messages has gone ahead long enough. Commands run between two turns, some between two steps: whoever gives them so
 * quickly that one always waits would keep the agent from ever answering. Earlier versions let them.
 */
export function hasToGiveWay({ state }: AgentRun): boolean {
  return state.opened && state.parked === undefined && isTurnsWork(state) && (state.ahead ?? 0) >= mostAhead && patched('messages-between-commands')
}

/** Of runs that an earlier version has begun nobody knows when. A creator's clock may be wrong either way: then the run after the first one begins late. */
function isYoung(state: AgentState): boolean {
  const age = Date.now() - (begunAsNow(state)?.at ?? 0)
  return age >= 0 && age < leastRunMs
}

/** Undefined where an earlier version began the run. */
export const begunAsNow = ({ begun, counters }: AgentState): BegunRun | undefined => (begun?.run === counters.continuedAsNew ? begun : undefined)

export function newRun(state: AgentState): AgentRun {
  const mostEvents = begunAsNow(state)?.mostEvents ?? eventsPerEarlierRun
  return { state, commands: carriedCommands(state), doing: 'idle', compacted: false, renewAsked: false, draining: false, archived: false, reconciled: 0, updates: 0, held: 0, mostEvents, full: false, acted: false, seedSeen: firstSeed() }
}

/** Commands that an earlier run has carried. A worker of an earlier version carries them on without running them; what was given to it again, and ran there, is left out. */
function carriedCommands(state: AgentState): WaitingCommand[] {
  const { waitingCommands = [], commands = [] } = state
  if (waitingCommands.length === 0 || !patched('commands-carried')) return []
  delete state.waitingCommands
  const hasRun = (request: CommandRequest): boolean => commands.some(([id, asked]) => id === request.id && asked === askedBy(request.command))
  return waitingCommands.filter((request) => !hasRun(request)).map((request) => ({ request }))
}

/** The command that is to run next; while a turn runs, one that may run between two of its steps goes before those that may not. */
export function nextCommand(run: AgentRun): WaitingCommand | undefined {
  const first = unanswered(run)
  if (run.state.running === undefined || run.state.parked !== undefined || (first !== undefined && mayRunDuringTurn(first))) return first
  return run.commands.find((command) => command.answer === undefined && command.request.command.type === 'define') ?? first
}

export const unanswered = (run: AgentRun): WaitingCommand | undefined => run.commands.find((command) => command.answer === undefined)

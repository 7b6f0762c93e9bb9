import type { ContextParts } from '../../protocol/aside.ts'
import { costText, spendingOf } from '../../protocol/cost.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import type { TimerView } from '../../protocol/timers.ts'
import { promptTokens, thresholds, windowOf } from './pressure.ts'
import type { AgentState } from '../../protocol/state.ts'
import { rangesOf, tokensOf } from './queue.ts'
import type { AgentRun } from './run.ts'
import { waitingCalls } from './waiting.ts'
import { timerView } from './timers.ts'

/** How many of an agent's timers the Web UI shows. */
const shownTimers = 10

/** Answer of the query `state`: figures and ids, no conversation. */
export function viewOf({ state, doing, commands }: AgentRun): AgentView {
  const { warning, flush } = thresholds(state)
  const lastOutcome = state.outcomes.at(-1)
  const { running } = state
  return {
    agentId: state.agentId,
    model: state.settings.model,
    contextWindow: windowOf(state),
    ...(state.definition !== undefined && { definition: state.definition }),
    status: state.parked ? 'parked' : running ? 'running' : 'idle',
    ...(running && { running: { turn: running.turn, step: running.step, cause: running.cause, doing, eventId: running.event.id } }),
    ...(state.parked && { parked: state.parked }),
    ...(running?.waiting && { waiting: waitingCalls(state.agentId, running) }),
    mailbox: state.mailbox.map(({ event }) => ({ eventId: event.id, kind: event.kind, bytes: event.bytes })),
    ...(state.timers && { timers: state.timers.toSorted((one, other) => one.dueAt - other.dueAt).map(timerView) }),
    commands: commands.filter(({ answer }) => answer === undefined).map(({ request }) => request.command.type),
    ...(state.sections && { sections: state.sections }),
    summaryTokens: state.summary?.tokens ?? 0,
    queueTokens: tokensOf(state.queue),
    pressure: { tokens: promptTokens(state), warning, flush },
    queueLength: state.queue.length,
    evicted: state.counters.messages - state.queue.length,
    calibration: state.calibration,
    blockVersions: state.blockVersions,
    ...(state.seenDefinition !== undefined && { seenDefinition: state.seenDefinition }),
    ...(lastOutcome && { lastOutcome }),
    counters: state.counters,
    ...(state.settings.agentBudget && { agentBudget: state.settings.agentBudget }),
  }
}

/** Answer of the query `contextParts`: what a prompt would be made of. */
export function contextPartsOf(state: AgentState): ContextParts {
  const { definition, summary, queue, counters, calibration, settings } = state
  return {
    ...(definition !== undefined && { definition }),
    ...(summary && { summary: summary.op }),
    queue: rangesOf(queue),
    evicted: counters.messages - queue.length,
    window: windowOf(state),
    calibration,
    spent: spendingOf(counters),
    ...(settings.agentBudget && { agentBudget: settings.agentBudget }),
  }
}

/** The state for a person, in Temporal's Web UI under "Current Details". Its `preview` is conversation text, there only where it was asked for. */
export function detailsOf(run: AgentRun): string {
  const { doing, preview } = run
  const view = viewOf(run)
  const share = Math.round((100 * view.pressure.tokens) / view.contextWindow)
  const lines = [
    `### ${view.agentId}: ${view.status}`,
    view.running ? `Turn ${view.running.turn}, step ${view.running.step} (${view.running.cause}): ${doing}` : 'Waits for an event.',
    ...(view.parked ? [`**Parked** (${view.parked.reason}): ${view.parked.detail}`] : []),
    ...(preview === undefined ? [] : [`> ${preview}`]),
    '',
    '| context window | tokens |',
    '|---|---|',
    ...Object.entries(view.sections ?? {}).map(([section, tokens]) => `| ${section === 'coreMemory' ? 'core memory' : section} | ${tokens} |`),
    `| summary | ${view.summaryTokens} |`,
    `| queue (${view.queueLength} messages) | ${view.queueTokens} |`,
    `| **prompt, calibrated ×${view.calibration.toFixed(2)}** | **${view.pressure.tokens}** of ${view.contextWindow} (${share} %) |`,
    '',
    `Model ${view.model}: ${view.counters.turns} turns, ${view.counters.steps} steps, ${view.counters.compactions} compactions${costOf(view)}.`,
    '',
    `${view.evicted} messages outside the context, ${view.mailbox.length} events wait.`,
    ...timerLines(view.timers ?? []),
  ]
  return lines.join('\n')
}

function costOf({ counters }: AgentView): string {
  const cost = costText(counters)
  return cost === undefined || cost === 'unknown' ? '' : `; cost ${cost}`
}

function timerLines(timers: readonly TimerView[]): string[] {
  const shown = timers.slice(0, shownTimers).map(({ id, dueAt, everyMs }) => `| ${id} | ${dueAt} | ${everyMs === undefined ? 'once' : `every ${everyMs / 1_000} s`} |`)
  if (shown.length === 0) return []
  const more = timers.length - shown.length
  return ['', '| timer | next due | |', '|---|---|---|', ...shown, ...(more > 0 ? ['', `and ${more} more timers`] : [])]
}

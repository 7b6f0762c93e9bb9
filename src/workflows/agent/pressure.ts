import { limits } from '../../protocol/limits.ts'
import { pressureMarks, type PressureMarks } from '../../protocol/pressure-marks.ts'
import type { AgentState } from '../../protocol/state.ts'
import { tokensOf } from './queue.ts'

/**
 * Prompt tokens as the queue stands now, as the provider would count them.
 * @param pending tokens, as counted here, of messages that are not in the queue yet
 */
export function promptTokens(state: AgentState, pending = 0): number {
  const { instructions = 0, tools = 0, coreMemory = 0, statistics = 0 } = state.sections ?? {}
  const counted = instructions + tools + coreMemory + statistics + (state.summary?.tokens ?? 0) + tokensOf(state.queue) + pending
  return Math.round(counted * state.calibration)
}

/** Tokens of the window: the definition's, or fewer, where the endpoint has said so. */
export function windowOf({ settings, learnedWindow = Infinity }: Pick<AgentState, 'settings' | 'learnedWindow'>): number {
  return Math.min(settings.contextWindow, learnedWindow)
}

/** Goes by the window that the endpoint has named, where it is smaller than the one that was gone by; true where it is. */
export function learnWindow(state: AgentState, window: number | undefined): boolean {
  if (window === undefined || window >= windowOf(state)) return false
  state.learnedWindow = window
  return true
}

/** Goes by the definition's again: the model is another one, or a person has set its endpoint right. */
export function forgetWindow(state: AgentState): void {
  delete state.learnedWindow
}

/** For the activities: the window that the endpoint has named. */
export function learnedOnly({ learnedWindow }: AgentState): { readonly window?: number } {
  return learnedWindow === undefined ? {} : { window: learnedWindow }
}

export function thresholds(state: AgentState): PressureMarks & { readonly hard: number } {
  const { pressure } = state.settings
  const contextWindow = windowOf(state)
  const marks = pressureMarks(contextWindow, pressure)
  const { flush } = marks
  return {
    ...marks,
    // Above the flush threshold lies the room for the reply; an alert may take half of it before the flush, and no more.
    hard: flush + Math.floor((contextWindow - flush) / 2),
  }
}

export type PressureVerdict = 'none' | 'alert' | 'flush'

/**
 * Paper section 2.2: past the warning threshold the agent is told once and gets a step to save what matters; past the flush
 * threshold the queue is evicted. A queue that jumps past both is alerted first if there is still room for that step.
 */
export function pressureVerdict(state: AgentState): PressureVerdict {
  const tokens = promptTokens(state)
  const { warning, flush, hard } = thresholds(state)
  // The queue is carried through continue-as-new, and a window may be larger than what a payload holds.
  if (tokens > hard || state.queue.length > limits.queueMessages || (tokens > flush && state.alerted)) return 'flush'
  if (tokens > warning && !state.alerted) return 'alert'
  return 'none'
}

/** Tokens, as counted here, that may come into the queue without an alert; negative where there is one due. Less by what rounding may add. */
export function tokensBeforeAlert(state: AgentState): number {
  if (state.alerted) return Infinity
  const room = thresholds(state).warning - promptTokens(state)
  return room < 0 ? room : Math.max(0, Math.floor(room / state.calibration) - 2)
}

/** Share of the window that the recursive summary may take. */
const summaryShare = 0.1

export function summaryTokens(state: AgentState): number {
  return Math.floor(windowOf(state) * summaryShare)
}

/**
 * Tokens (as counted here) that have to leave the queue: the settled share of it, and at least what brings the prompt, with a
 * summary as long as it may be, below the warning threshold.
 */
export function tokensToEvict(state: AgentState): number {
  const share = tokensOf(state.queue) * state.settings.pressure.evict
  const growth = Math.max(0, summaryTokens(state) - (state.summary?.tokens ?? 0))
  const excess = (promptTokens(state) - thresholds(state).warning) / state.calibration + growth
  return Math.ceil(Math.max(share, excess))
}

/** A reported ratio moves the calibration by a third, so that one odd report does not swing it; bounded against nonsense. */
export function recalibrated(present: number, reported: number, first: boolean): number {
  const bounded = Math.min(3, Math.max(0.5, reported))
  return first ? bounded : present + (bounded - present) / 3
}

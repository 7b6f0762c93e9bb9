import type { AgentState } from '../../protocol/state.ts'
import { promptTokens, thresholds, windowOf } from './pressure.ts'
import { tokensOf } from './queue.ts'

/** Whether the prompt fits by what a refusal has just taught: then only the room for the reply was too large. */
export function fitsAfterAll(state: AgentState, pending: number): boolean {
  return promptTokens(state, pending) <= thresholds(state).hard
}

/**
 * Whether the tools that the message has brought are what does not fit: the prompt would fit without them. Before the queue is compacted that is
 * asked of a prompt without a queue, as its messages are not to leave for what one message brings.
 */
export function broughtTooMuch(state: AgentState, { pending, brought, compacted }: { readonly pending: number; readonly brought: number; readonly compacted: boolean }): boolean {
  const { hard } = thresholds(state)
  const tokens = compacted ? promptTokens(state, pending) : promptTokens({ ...state, queue: [] }, pending)
  return tokens > hard && tokens - brought * state.calibration <= hard
}

export function broughtDetail(state: AgentState, brought: number): string {
  return (
    `the tools that this message has brought take ${brought} tokens, for which the window of ${windowOf(state)} has no room beside the agent's own texts: ` +
    'describe them in fewer words, bring fewer, or give the agent a larger window (`perdure set`); the agent goes on with the next message'
  )
}

/**
 * Why the agent parks where compacting did not help, and what to do.
 * @param pending tokens of what the turn would bring into the queue
 */
export function overflowDetail(state: AgentState, pending: number): string {
  const { instructions = 0, tools = 0, coreMemory = 0, statistics = 0 } = state.sections ?? {}
  const parts = { instructions, tools, 'core memory': coreMemory, statistics, summary: state.summary?.tokens ?? 0, queue: tokensOf(state.queue), 'the new message': pending }
  const counted = Object.entries(parts).map(([name, tokens]) => `${name} ${tokens}`).join(', ')
  const ratio = state.calibration === 1 ? '' : `, by the endpoint's own count about ${state.calibration.toFixed(2)} times as many`
  const { contextWindow } = state.settings
  const window = windowOf(state)
  const named = window < contextWindow
  const advice = named ? `start the endpoint with a window of ${contextWindow} and resume` : 'give the agent a larger window, if its model has one (`perdure set`)'
  return (
    `the context does not fit the window of ${window} tokens${named ? `, which the endpoint names (the agent is set to ${contextWindow})` : ''}: ` +
    `${counted}, all together ${promptTokens(state, pending)}${ratio}, and a reply needs room too; ${advice}, shorten the largest part, take away tools, or ask for shorter replies (sampling.maxOutputTokens)`
  )
}

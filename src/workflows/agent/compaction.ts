import type { AgentActivities } from '../../protocol/activities.ts'
import { opOf } from '../../protocol/ids.ts'
import type { AgentState } from '../../protocol/state.ts'
import { assertWhole } from '../whole-answer.ts'
import { learnedOnly, learnWindow, promptTokens, summaryTokens, thresholds, tokensToEvict } from './pressure.ts'
import { chunkToEvict, rangesOf, without } from './queue.ts'
import { pricedOnly, spend } from './spending.ts'

/**
 * Evicts the oldest chunk of the queue and puts one summary, which includes the earlier one, at its head (paper section 2.2).
 * A transaction: queue and summary change together, after the summary is stored; until then the old context stands.
 * False where nothing is left that could be evicted.
 */
export async function compactQueue(state: AgentState, activities: Pick<AgentActivities, 'compact'>): Promise<boolean> {
  const evicted = chunkToEvict({
    queue: state.queue,
    tokens: tokensToEvict(state),
    pinned: state.running === undefined ? [] : [state.running.eventSeq],
  })
  if (evicted.length === 0) return false
  const op = opOf.compaction(state.agentId, state.counters.compactions + 1, state.counters.messages)
  const answer = await activities.compact({
    agentId: state.agentId,
    op,
    ...(state.running && { turn: state.running.turn }),
    evict: rangesOf(evicted),
    ...(state.summary && { summary: state.summary.op }),
    maxTokens: summaryTokens(state),
    ...learnedOnly(state),
    ...pricedOnly(state.settings),
  })
  assertWhole('compact', answer, { tokens: 'number' })
  const { tokens, usage, window } = answer
  learnWindow(state, window)
  if (usage !== undefined) spend(state, state.running, usage)
  state.queue = without(state.queue, evicted)
  state.summary = { op, tokens }
  state.counters.compactions += 1
  // Where the fixed part alone is above the warning threshold, a further alert would tell nothing new.
  state.alerted = promptTokens(state) > thresholds(state).warning
  return true
}

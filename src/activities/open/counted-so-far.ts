import { addUsage, spendingOf, type Spending } from '../../protocol/cost.ts'
import type { Counters } from '../../protocol/state.ts'
import type { MemoryStore } from '../../stores/stores.ts'
import type { Summary } from '../../stores/summaries.ts'
import type { TurnInProgress } from './turn-in-progress.ts'

interface Known {
  readonly agentId: string
  readonly ended: { readonly outcome: { readonly turn: number }; readonly counters?: Counters } | undefined
  readonly turn: TurnInProgress | undefined
  readonly summary: Summary | undefined
}

/**
 * The counters of the agent's life up to the step that is run next: those at the end of its latest turn, and what came after. Turns of
 * earlier versions have none; then only their number is known.
 */
export async function countedSoFar(memory: MemoryStore, { agentId, ended, turn, summary }: Known): Promise<Partial<Counters>> {
  const { counters } = ended ?? {}
  const made = summary === undefined ? 0 : compactionOf(summary.op)
  if (counters === undefined) return { ...(ended && { turns: ended.outcome.turn }), ...(made > 0 && { compactions: made }) }
  const spending: Spending = { ...spendingOf(counters) }
  if (turn !== undefined) addSpending(spending, turn.running)
  const later = made > counters.compactions ? (await memory.summaries.list(agentId)).filter(({ op }) => compactionOf(op) > counters.compactions) : []
  for (const { usage } of later) if (usage !== undefined) addUsage(spending, usage, counters.steps)
  return { ...counters, ...spending, steps: counters.steps + (turn === undefined ? 0 : turn.running.step - 1), compactions: Math.max(counters.compactions, made) }
}

function addSpending(sum: Spending, { promptTokens, cachedTokens, completionTokens, costMicros, unpriced }: Spending): void {
  sum.promptTokens += promptTokens
  sum.cachedTokens += cachedTokens
  sum.completionTokens += completionTokens
  if (costMicros !== undefined) sum.costMicros = (sum.costMicros ?? 0) + costMicros
  if (unpriced !== undefined) sum.unpriced = (sum.unpriced ?? 0) + unpriced
}

/** The number in a summary's operation id: `ada/compaction/3-120`. */
const compactionOf = (op: string): number => Number(/\/compaction\/(\d+)/.exec(op)?.[1] ?? 0)

import type { Spending } from '../protocol/cost.ts'
import type { StepUsage } from '../protocol/messages.ts'

/** What an aside has cost. Of what was asked and answered nothing is kept. */
export interface AsideCost {
  readonly agentId: string
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly model: string
  readonly usage: StepUsage
  /** Milliseconds that the model took. */
  readonly latencyMs: number
}

export interface AsideCostStore {
  /** Inserts if absent under agent and id. */
  insert(cost: AsideCost): Promise<void>
  /** In no order. */
  list(agentId: string): Promise<readonly AsideCost[]>
  /** What they have cost together. It reads no more of an agent with many asides than of one with few. */
  spent(agentId: string): Promise<Readonly<Spending>>
}

export const nothingSpent: Readonly<Spending> = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }

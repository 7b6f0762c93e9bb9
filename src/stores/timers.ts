import type { ScheduledTimer } from '../protocol/timers.ts'

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

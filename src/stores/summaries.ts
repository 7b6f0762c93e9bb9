import type { StepUsage } from '../protocol/messages.ts'

export interface Summary {
  readonly agentId: string
  readonly op: string
  readonly text: string
  readonly tokens: number
  readonly byModel: boolean
  /** Messages that it stands for, the earlier summaries' included. */
  readonly covers: number
  /** The highest sequence number that has left the context with it. Absent in summaries of earlier versions. */
  readonly left?: number
  readonly at: string
  /** The usage of the model's calls for it, added up. Absent, like the two below, if rules made the summary, and in summaries of earlier versions. */
  readonly usage?: StepUsage
  readonly model?: string
  readonly latencyMs?: number
}

export interface SummaryStore {
  insert(summary: Summary): Promise<Summary>
  get(agentId: string, op: string): Promise<Summary | undefined>
  /** The one inserted last, by `at`. */
  latest(agentId: string): Promise<Summary | undefined>
  /** In the order of `at`. */
  list(agentId: string): Promise<readonly Summary[]>
}

import type { PressureSettings } from './definition.ts'

/** Prompt tokens above which the agent is told that its window fills up, and above which its queue is evicted. */
export interface PressureMarks {
  readonly warning: number
  readonly flush: number
}

export function pressureMarks(contextWindow: number, { warning, flush }: Pick<PressureSettings, 'warning' | 'flush'>): PressureMarks {
  return { warning: Math.floor(contextWindow * warning), flush: Math.floor(contextWindow * flush) }
}

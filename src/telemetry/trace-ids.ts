import { createHash } from 'node:crypto'

/**
 * Ids made of names, so that every attempt on every worker puts its spans into its turn's trace, and nothing has to be carried along for
 * it through histories.
 */
export interface TraceIds {
  readonly traceId: string
  /** The id of the span at the top. */
  readonly rootSpanId: string
}

export const turnTrace = (agentId: string, turn: number): TraceIds => traceOf(`${agentId}/${turn}`)

/** A summary between two turns has a trace of its own. */
export const compactionTrace = (op: string): TraceIds => traceOf(op)

/** The id of the span of one attempt of a compaction. The spans of its calls of the model are below it. */
export const compactionSpanId = (op: string, attempt: number): string => digest(`${op}#${attempt}`).slice(0, 16)

function traceOf(name: string): TraceIds {
  const hex = digest(name)
  return { traceId: hex.slice(0, 32), rootSpanId: hex.slice(32, 48) }
}

const digest = (name: string): string => createHash('sha256').update(name).digest('hex')

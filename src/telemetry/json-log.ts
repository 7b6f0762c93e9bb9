import type { Observation } from '../protocol/observation.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'

const order: readonly Level[] = ['debug', 'info', 'warn', 'error']

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>
export type Log = (level: Level, message: string, fields?: Fields, at?: number) => void

/** Writes one JSON object a line: level, time, message, then the fields that are there. */
export function jsonLog(options: { readonly level: Level; readonly write: (line: string) => void }): Log {
  return (level, message, fields = {}, at = Date.now()) => {
    if (order.indexOf(level) < order.indexOf(options.level)) return
    options.write(`${JSON.stringify({ level, time: new Date(at).toISOString(), message, ...fields })}\n`)
  }
}

/** The fields of Temporal's own log lines that are kept: names, ids and counts. Any other field may quote a conversation. */
const harmlessFields = ['workflowId', 'runId', 'workflowType', 'activityId', 'activityType', 'attempt', 'taskQueue', 'namespace', 'sdkComponent', 'identity', 'reason', 'failure'] as const

/** Longer ones are cut. */
export const mostCharacters = 500

/** The harmless ones of the details of a line of Temporal's log; for an error, its kind. */
export function fieldsOf(meta: Readonly<Record<string | symbol, unknown>> = {}): Fields {
  const kept = harmlessFields.flatMap((name) => {
    const value = meta[name]
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, typeof value === 'string' ? value.slice(0, mostCharacters) : value] as const] : []
  })
  const { error } = meta
  return { ...Object.fromEntries(kept), ...(error instanceof Error && { error: kindOf(error) }) }
}

function kindOf(error: Error): string {
  const { cause } = error
  const word = 'type' in error && typeof error.type === 'string' ? error.type : 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return (cause instanceof Error ? `${word}: ${kindOf(cause)}` : word).slice(0, mostCharacters)
}

const probes = ['/health', '/ready']

/** The line of something that was done. */
export function logObservation(log: Log, observation: Observation): void {
  if (observation.type === 'turn') {
    const { agentId, outcome, endedAt } = observation
    const { turn, end, reason, eventId, figures } = outcome
    const { latencyMs, ...counts } = figures
    const level = end === 'parked' || end === 'stopped' ? 'warn' : 'info'
    log(level, end === 'parked' ? 'turn parked' : 'turn ended', { agent: agentId, turn, event: eventId, end, reason, ...counts, durationMs: latencyMs }, endedAt)
    return
  }
  if (observation.type === 'request') {
    const { method, route, status, code, key, tenant, stream, left, trace, startedAt, endedAt } = observation
    // Whoever looks whether a server is well asks often.
    const level = status >= 500 ? 'warn' : route !== undefined && probes.includes(route) ? 'debug' : 'info'
    log(level, 'request', { method, route, status, code, key, tenant, stream, left, durationMs: endedAt - startedAt, trace: trace.traceId }, endedAt)
    return
  }
  const { type, agentId, turn, step, op, attempt, startedAt, endedAt, error } = observation
  const fields = { agent: agentId, turn, step, op, attempt, ...particulars(observation), durationMs: endedAt - startedAt, error }
  log(error === undefined || error === 'cancelled' ? (type === 'step' ? 'debug' : 'info') : 'warn', type, fields, endedAt)
}

function particulars(observation: Exclude<Observation, { type: 'turn' | 'request' }>): Fields {
  switch (observation.type) {
    case 'inference': {
      const { model, purpose, finishReason, usage } = observation
      return { model, purpose, finishReason, ...usage }
    }
    case 'tool':
      return { tool: observation.tool }
    case 'step':
      return { model: observation.model, ...observation.usage }
    case 'compaction':
      return { model: observation.model, byModel: observation.byModel, ...observation.usage }
  }
}

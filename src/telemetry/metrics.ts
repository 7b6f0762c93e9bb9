import type { Observation, Observe } from '../protocol/observation.ts'
import type { StepUsage } from '../protocol/messages.ts'

/** The part of Temporal's metric meter that is used. */
export interface Meter {
  createCounter(name: string, unit?: string, description?: string): { add(value: number, tags?: Labels): void }
  createHistogram(name: string, valueType?: 'int' | 'float', unit?: string, description?: string): { record(value: number, tags?: Labels): void }
}

export type Labels = Record<string, string>

/** Every metric of ours: its name as Prometheus shows it, its labels, what it counts. No label has the name of an agent. */
export const metrics = {
  perdure_turns: { kind: 'counter', labels: ['end', 'reason'], about: 'turns that ended' },
  perdure_turn_seconds: { kind: 'histogram', labels: ['end'], about: 'from the acceptance of an event to the end of its turn' },
  perdure_parks: { kind: 'counter', labels: ['reason'], about: 'times that a turn was parked' },
  perdure_steps: { kind: 'counter', labels: ['model'], about: 'steps whose message was stored' },
  perdure_inference_seconds: { kind: 'histogram', labels: ['model', 'purpose', 'error'], about: 'calls of the model, failed ones too' },
  perdure_tokens: { kind: 'counter', labels: ['model', 'kind'], about: 'tokens of steps and summaries: prompt, cached (of the prompt), completion' },
  perdure_cost_micro_dollars: { kind: 'counter', labels: ['model'], about: 'cost of steps and summaries, in millionths of a US dollar' },
  perdure_unpriced: { kind: 'counter', labels: ['model'], about: 'steps and summaries whose price is not known' },
  perdure_tool_calls: { kind: 'counter', labels: ['tool', 'error'], about: 'runs of tools' },
  perdure_tool_seconds: { kind: 'histogram', labels: ['tool'], about: 'runs of tools' },
  perdure_compactions: { kind: 'counter', labels: ['by'], about: 'summaries: by the model, by rules, or failed' },
  perdure_requests: { kind: 'counter', labels: ['method', 'route', 'status', 'code'], about: 'requests over HTTP, when they are over' },
  perdure_request_seconds: { kind: 'histogram', labels: ['method', 'route'], about: 'requests over HTTP that were not answered by a stream' },
  perdure_stream_seconds: { kind: 'histogram', labels: ['route'], about: 'streams of events over HTTP, from their request to their end' },
} as const

type Name = keyof typeof metrics

/** Upper bounds in seconds. */
const bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
export const histogramBounds: Record<string, number[]> = Object.fromEntries(Object.entries(metrics).flatMap(([name, { kind }]) => (kind === 'histogram' ? [[name, bounds]] : [])))

/** Counts what is observed. */
export function meteredObserver(meter: Meter): Observe {
  const recorders = new Map<Name, (value: number, labels: Labels) => void>()
  for (const [name, { kind, about }] of Object.entries(metrics) as [Name, (typeof metrics)[Name]][]) {
    if (kind === 'counter') {
      const counter = meter.createCounter(name, '', about)
      recorders.set(name, (value, labels) => counter.add(value, labels))
    } else {
      const histogram = meter.createHistogram(name, 'float', '', about)
      recorders.set(name, (value, labels) => histogram.record(value, labels))
    }
  }
  return (observation) => {
    for (const [name, value, labels] of measured(observation)) recorders.get(name)?.(value, labels)
  }
}

type Measured = readonly [name: Name, value: number, labels: Labels]

function measured(observation: Observation): readonly Measured[] {
  switch (observation.type) {
    case 'turn': {
      const { end, reason = 'none', figures } = observation.outcome
      if (end === 'parked') return [['perdure_parks', 1, { reason }]]
      return [['perdure_turns', 1, { end, reason }], ['perdure_turn_seconds', figures.latencyMs / 1_000, { end }]]
    }
    case 'step':
      return [['perdure_steps', 1, { model: observation.model }], ...spent(observation.model, observation.usage)]
    case 'inference': {
      const { model, purpose, error = 'none' } = observation
      return [['perdure_inference_seconds', secondsOf(observation), { model, purpose, error }]]
    }
    case 'tool': {
      const { tool, error = 'none' } = observation
      return [['perdure_tool_calls', 1, { tool, error }], ['perdure_tool_seconds', secondsOf(observation), { tool }]]
    }
    case 'compaction': {
      const { model, byModel, usage } = observation
      const by = byModel === undefined ? 'failed' : byModel ? 'model' : 'rules'
      return [['perdure_compactions', 1, { by }], ...(usage === undefined ? [] : spent(model, usage))]
    }
    case 'request': {
      const { method, route = 'none', status, code = 'none', stream } = observation
      return [
        ['perdure_requests', 1, { method, route, status: String(status), code }],
        stream === true ? ['perdure_stream_seconds', secondsOf(observation), { route }] : ['perdure_request_seconds', secondsOf(observation), { method, route }],
      ]
    }
  }
}

function spent(model: string, { promptTokens, cachedTokens, completionTokens, costMicros }: StepUsage): readonly Measured[] {
  const kinds = { prompt: promptTokens, cached: cachedTokens, completion: completionTokens }
  return [
    ...Object.entries(kinds).map(([kind, count]) => ['perdure_tokens', count, { model, kind }] as const),
    costMicros === undefined ? ['perdure_unpriced', 1, { model }] : ['perdure_cost_micro_dollars', costMicros, { model }],
  ]
}

const secondsOf = ({ startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number }): number => Math.max(0, endedAt - startedAt) / 1_000

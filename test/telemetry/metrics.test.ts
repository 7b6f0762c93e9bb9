import { describe, expect, test } from 'vitest'
import type { Observation } from '../../src/protocol/observation.ts'
import { meteredObserver, metrics, type Labels } from '../../src/telemetry/metrics.ts'

const attempt = { agentId: 'ada', turn: 1, op: 'ada/1/1', attempt: 1, startedAt: 1_000, endedAt: 1_250 }
const usage = { promptTokens: 30, cachedTokens: 10, completionTokens: 5 }
const figures = { steps: 2, ...usage, latencyMs: 900 }

function counted(...observations: readonly Observation[]): (readonly [name: string, value: number, labels: Labels])[] {
  const seen: (readonly [string, number, Labels])[] = []
  const put = (name: string) => (value: number, labels: Labels = {}) => void seen.push([name, value, labels])
  const observe = meteredObserver({ createCounter: (name) => ({ add: put(name) }), createHistogram: (name) => ({ record: put(name) }) })
  for (const observation of observations) observe(observation)
  return seen
}

describe('a metric', () => {
  test('counts ends and parks apart, by reason [telemetry]', () => {
    const outcome = { turn: 1, eventId: 'e', replies: [], figures }
    const turn = { type: 'turn', agentId: 'ada', model: 'm', endedAt: 2_000 } as const
    expect(counted({ ...turn, outcome: { ...outcome, end: 'stopped', reason: 'cost-budget' } }, { ...turn, outcome: { ...outcome, end: 'parked', reason: 'agent-budget' } })).toEqual([
      ['perdure_turns', 1, { end: 'stopped', reason: 'cost-budget' }],
      ['perdure_turn_seconds', 0.9, { end: 'stopped' }],
      ['perdure_parks', 1, { reason: 'agent-budget' }],
    ])
  })

  test('of cost counts what has a price, and how often there was none [telemetry cost]', () => {
    const step = { ...attempt, type: 'step', step: 1, model: 'm' } as const
    const names = (...observations: readonly Observation[]) => counted(...observations).map(([name, value]) => [name, value])
    expect(names({ ...step, usage: { ...usage, costMicros: 70 } })).toEqual([
      ['perdure_steps', 1],
      ['perdure_tokens', 30],
      ['perdure_tokens', 10],
      ['perdure_tokens', 5],
      ['perdure_cost_micro_dollars', 70],
    ])
    expect(names({ ...step, usage })).toContainEqual(['perdure_unpriced', 1])
  })

  test('of summaries says who made them [telemetry]', () => {
    const compaction = { ...attempt, type: 'compaction', model: 'm' } as const
    const by = counted({ ...compaction, byModel: true, usage }, { ...compaction, byModel: false }, { ...compaction, error: 'rate-limited' })
    expect(by.filter(([name]) => name === 'perdure_compactions').map(([, , labels]) => labels)).toEqual([{ by: 'model' }, { by: 'rules' }, { by: 'failed' }])
    expect(by.filter(([name]) => name === 'perdure_tokens')).toHaveLength(3)
  })

  test('has the labels that it is said to have, and never an agent [telemetry]', () => {
    const all = counted(
      { ...attempt, type: 'inference', purpose: 'step', model: 'm' },
      { ...attempt, type: 'tool', step: 1, tool: 'send_message', error: 'cancelled' },
      { ...attempt, type: 'step', step: 1, model: 'm', usage },
      { type: 'request', method: 'GET', route: '/health', status: 200, trace: { traceId: 'a', sampled: true }, startedAt: 1_000, endedAt: 1_250 },
      { type: 'request', method: 'GET', status: 404, code: 'not-found', stream: true, trace: { traceId: 'a', sampled: true }, startedAt: 1_000, endedAt: 1_250 },
      { type: 'turn', agentId: 'ada', model: 'm', endedAt: 1, outcome: { turn: 1, eventId: 'e', end: 'completed', replies: [], figures } },
    )
    for (const [name, , labels] of all) {
      expect(Object.keys(labels)).toEqual(metrics[name as keyof typeof metrics].labels)
      expect(Object.values(labels)).not.toContain('ada')
    }
  })
})

import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { Observation } from '../../src/protocol/observation.ts'
import { spanOf, type SpanData } from '../../src/telemetry/span-of.ts'
import { turnTrace } from '../../src/telemetry/trace-ids.ts'
import { tracesWanted } from '../../src/telemetry/traces.ts'
import { fail, say, scriptedModel, think, type ScriptedStep } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from '../activities/setting.ts'

let here: Setting | undefined
afterEach(() => here?.close())

async function observed(steps: readonly ScriptedStep[]): Promise<{ readonly here: Setting; readonly seen: Observation[]; readonly spans: () => SpanData[] }> {
  const seen: Observation[] = []
  here = await setting({ model: scriptedModel(steps), observe: (observation) => seen.push(observation) })
  return { here, seen, spans: () => seen.flatMap((observation) => spanOf(observation) ?? []) }
}

const settleFirst = { agentId: 'ada', turn: 1, step: 1, op: 'ada/1/1', seq: 2, turnSeq: 1 }

describe('a span', () => {
  test('of a step\'s inference and of its tools stands in the turn\'s trace, below its root, at every attempt [telemetry]', async () => {
    const { here, spans } = await observed([fail(new ModelError('server-error', 'heron')), say('heron')])
    await expect(here.run('infer', firstStep('heron'))).rejects.toThrow()
    await here.run('infer', firstStep('heron'), 2)
    await here.run('settle', settleFirst)
    const { traceId, rootSpanId } = turnTrace('ada', 1)
    expect(spans()).toMatchObject([
      { name: 'chat scripted', kind: 'client', error: 'server-error', attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.conversation.id': 'ada', 'perdure.attempt': 1 } },
      { name: 'chat scripted', attributes: { 'gen_ai.request.model': 'scripted', 'gen_ai.response.finish_reasons': ['tool_calls'], 'perdure.attempt': 2 } },
      { name: 'execute_tool send_message', kind: 'internal', attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'send_message', 'perdure.op': 'ada/1/1/0' } },
    ])
    expect(spans().map((span) => [span.traceId, span.parentSpanId])).toEqual(spans().map(() => [traceId, rootSpanId]))
    expect(JSON.stringify(spans())).not.toContain('heron')
  })

  test('of a step says of which model it was, also when the agent was given another one meanwhile [telemetry, definition:living]', async () => {
    const { here, seen } = await observed([say('Hello.'), say('Hello again.')])
    await here.run('infer', firstStep('Hi', { definition: 1 }))
    const agent = await here.stores.memory.agents.get('ada')
    if (agent === undefined) throw new Error('no agent')
    await here.stores.memory.agents.define('ada', 2, { ...agent.definition, model: 'successor' })
    await here.run('infer', firstStep('Hi', { definition: 2, turn: 2, op: 'ada/2/1', seq: 4, turnSeq: 3, record: [] }))
    expect(seen.flatMap((observation) => (observation.type === 'step' ? [observation.model] : []))).toEqual(['scripted', 'successor'])
  })

  test('of a repeated attempt that finds its answer is none: nobody was asked [telemetry]', async () => {
    const { here, seen, spans } = await observed([say('Hello.')])
    await here.run('infer', firstStep('Hi'))
    await here.run('infer', firstStep('Hi'), 2)
    expect(spans()).toHaveLength(1)
    expect(seen.map(({ type }) => type)).toEqual(['inference', 'step', 'step'])
  })

  test('of a turn is the root of its trace, from its event\'s acceptance to its end; a parked turn has none yet [telemetry]', async () => {
    const { here, spans } = await observed([])
    const figures = { steps: 2, promptTokens: 30, cachedTokens: 10, completionTokens: 5, costMicros: 7, latencyMs: 4_000 }
    const outcome = { turn: 3, eventId: 'e', end: 'completed' as const, replies: [], figures }
    await here.run('endTurn', { agentId: 'ada', outcome: { ...outcome, end: 'parked', reason: 'model-error' } })
    expect(spans()).toEqual([])
    await here.run('endTurn', { agentId: 'ada', outcome })
    const [root] = spans()
    const { traceId, rootSpanId } = turnTrace('ada', 3)
    expect(root).toMatchObject({
      name: 'invoke_agent ada',
      traceId,
      spanId: rootSpanId,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'ada',
        'gen_ai.request.model': 'scripted',
        'gen_ai.usage.input_tokens': 30,
        'gen_ai.usage.cache_read.input_tokens': 10,
        'gen_ai.usage.output_tokens': 5,
        'perdure.cost_micro_dollars': 7,
        'perdure.turn.end': 'completed',
      },
    })
    expect(root).not.toHaveProperty('parentSpanId')
    expect((root?.endedAt ?? 0) - (root?.startedAt ?? 0)).toBe(4_000)
  })

  test('of a summary has the model\'s calls below it: in its turn\'s trace, or between turns in its own [telemetry]', async () => {
    const { here, spans } = await observed([say('Hello.'), think('They said hello.'), think('They said hello again.')])
    await here.run('infer', firstStep('Hi'))
    const compaction = { agentId: 'ada', evict: [[1, 2]] as const, maxTokens: 300 }
    await here.run('compact', { ...compaction, op: 'ada/compaction/1-2', turn: 1 })
    await here.run('compact', { ...compaction, op: 'ada/compaction/2-2' })
    const [, chatInTurn, inTurn, chatBetween, between] = spans()
    const { traceId, rootSpanId } = turnTrace('ada', 1)
    expect(inTurn).toMatchObject({ name: 'compact', traceId, parentSpanId: rootSpanId, attributes: { 'perdure.summary.by_model': true } })
    expect(chatInTurn).toMatchObject({ traceId, parentSpanId: inTurn?.spanId, attributes: { 'perdure.purpose': 'summary' } })
    expect(between).not.toHaveProperty('parentSpanId')
    expect(chatBetween).toMatchObject({ traceId: between?.traceId, parentSpanId: between?.spanId })
    expect(between?.traceId).not.toBe(traceId)
  })

  test('that an observer cannot take changes nothing of what it watches [telemetry]', async () => {
    here = await setting({
      model: scriptedModel([say('Hello.')]),
      observe: () => {
        throw new Error('full')
      },
    })
    expect(await here.run('infer', firstStep('Hi'))).toMatchObject({ outcome: 'stored' })
  })
})

describe('traces', () => {
  test('are sent where OpenTelemetry\'s variables name a place, and do not switch them off [telemetry]', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://localhost:4318'
    expect(tracesWanted({})).toBe(false)
    expect(tracesWanted({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).toBe(false)
    expect(tracesWanted({ OTEL_EXPORTER_OTLP_ENDPOINT })).toBe(true)
    expect(tracesWanted({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: OTEL_EXPORTER_OTLP_ENDPOINT })).toBe(true)
    expect(tracesWanted({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBe(false)
    expect(tracesWanted({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBe(false)
  })
})

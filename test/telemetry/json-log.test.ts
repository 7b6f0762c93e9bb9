import { ApplicationFailure } from '@temporalio/common'
import { describe, expect, test } from 'vitest'
import { fieldsOf, jsonLog, logObservation, type Level } from '../../src/telemetry/json-log.ts'

function lines(level: Level) {
  const written: string[] = []
  const log = jsonLog({ level, write: (line) => written.push(line) })
  return { log, read: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

const attempt = { agentId: 'ada', turn: 1, step: 2, op: 'ada/1/2', attempt: 1, startedAt: 1_000, endedAt: 1_250 }

describe('a log line', () => {
  test('is one JSON object with level, time and message, from the chosen level on [telemetry]', () => {
    const { log, read } = lines('warn')
    log('info', 'not this')
    log('warn', 'this\none', { port: 1, absent: undefined }, 0)
    expect(read()).toEqual([{ level: 'warn', time: '1970-01-01T00:00:00.000Z', message: 'this\none', port: 1 }])
  })

  test('of Temporal keeps names and ids of its details; of an error its kind, whatever it quotes [telemetry]', () => {
    const error = new Error('the user said: heron', { cause: ApplicationFailure.nonRetryable('heron', 'model-refused') })
    const meta = { workflowId: 'agent:ada', attempt: 2, error, input: 'heron', args: ['heron'], headers: { authorization: 'heron' } }
    expect(fieldsOf(meta)).toEqual({ workflowId: 'agent:ada', attempt: 2, error: 'Error: model-refused' })
    expect(JSON.stringify(fieldsOf({ reason: 'x'.repeat(900) })).length).toBeLessThan(600)
  })

  test('of a request says what was asked and how it went: a probe only at debug, an error of the server as a warning [telemetry http:api]', () => {
    const { log, read } = lines('info')
    const request = { type: 'request', method: 'GET', route: '/api/v1/agents', status: 200, trace: { traceId: 'a', sampled: true }, startedAt: 1_000, endedAt: 1_250 } as const
    logObservation(log, { ...request, key: '4be1' })
    logObservation(log, { ...request, route: '/ready' })
    logObservation(log, { ...request, route: '/ready', status: 503, code: 'not-ready' })
    expect(read()).toEqual([
      { level: 'info', time: '1970-01-01T00:00:01.250Z', message: 'request', method: 'GET', route: '/api/v1/agents', status: 200, key: '4be1', durationMs: 250, trace: 'a' },
      { level: 'warn', time: '1970-01-01T00:00:01.250Z', message: 'request', method: 'GET', route: '/ready', status: 503, code: 'not-ready', durationMs: 250, trace: 'a' },
    ])
  })

  test('of what was done says which agent, turn, step, and how long it took [telemetry]', () => {
    const { log, read } = lines('info')
    logObservation(log, { ...attempt, type: 'inference', purpose: 'step', model: 'm', error: 'rate-limited' })
    logObservation(log, { ...attempt, type: 'tool', tool: 'send_message', callId: 'c' })
    logObservation(log, { ...attempt, type: 'step', model: 'm', usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 } })
    const figures = { steps: 2, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 900 }
    logObservation(log, { type: 'turn', agentId: 'ada', model: 'm', endedAt: 2_000, outcome: { turn: 1, eventId: 'e', end: 'parked', reason: 'model-refused', detail: 'heron', replies: [], figures } })
    expect(read()).toMatchObject([
      { level: 'warn', message: 'inference', agent: 'ada', turn: 1, step: 2, op: 'ada/1/2', error: 'rate-limited', durationMs: 250 },
      { level: 'info', message: 'tool', tool: 'send_message' },
      { level: 'warn', message: 'turn parked', agent: 'ada', event: 'e', reason: 'model-refused', steps: 2, durationMs: 900 },
    ])
    expect(JSON.stringify(read())).not.toContain('heron')
  })
})

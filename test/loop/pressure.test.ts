import { describe, expect, test } from 'vitest'
import { initialState, type AgentState } from '../../src/protocol/state.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { pressureVerdict, promptTokens, recalibrated, tokensToEvict } from '../../src/workflows/agent/pressure.ts'

function stateWith(queueTokens: number, changes: Partial<AgentState> = {}): AgentState {
  const settings = { model: 'm', contextWindow: 1_000, pressure: defaults.pressure, budget: defaults.budget }
  const sections = { instructions: 100, tools: 50, coreMemory: 40, statistics: 10 }
  return { ...initialState('a', settings), sections, queue: [[1, queueTokens, 1, 0]], ...changes }
}

describe('memory pressure', () => {
  test('is counted over every section of the context [context:budget]', () => {
    expect(promptTokens(stateWith(300, { summary: { op: 's', tokens: 50 } }))).toBe(550)
  })

  test('is counted as the provider counts, once it has reported [context:budget]', () => {
    expect(promptTokens(stateWith(300, { calibration: 1.5 }))).toBe(750)
  })

  test('is nothing up to the warning threshold [pressure:alert]', () => {
    expect(pressureVerdict(stateWith(500))).toBe('none')
  })

  test('asks for one alert above the warning threshold, and for no second one [pressure:alert]', () => {
    expect(pressureVerdict(stateWith(501))).toBe('alert')
    expect(pressureVerdict(stateWith(501, { alerted: true }))).toBe('none')
  })

  test('asks for a flush above the flush threshold, after the alert [pressure:flush]', () => {
    expect(pressureVerdict(stateWith(701, { alerted: true }))).toBe('flush')
  })

  test('lets the alert go first where the queue jumped past both thresholds and a step still fits [pressure:alert]', () => {
    expect(pressureVerdict(stateWith(701))).toBe('alert')
    expect(pressureVerdict(stateWith(751))).toBe('flush')
  })

  test('evicts the settled share, and at least what brings the prompt, its summary included, below the warning threshold [pressure:flush]', () => {
    expect(tokensToEvict(stateWith(510))).toBe(255)
    expect(tokensToEvict(stateWith(1_500))).toBe(1_100)
  })
})

describe('calibration', () => {
  test('takes the first report whole and moves by a third after that [context:budget]', () => {
    expect(recalibrated(1, 1.3, true)).toBe(1.3)
    expect(recalibrated(1, 1.3, false)).toBeCloseTo(1.1)
  })

  test('is not led astray by a nonsensical report [context:budget]', () => {
    expect(recalibrated(1, 100, true)).toBe(3)
    expect(recalibrated(1, 0, true)).toBe(0.5)
  })
})

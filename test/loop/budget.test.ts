import { describe, expect, test } from 'vitest'
import { budgetsAfter, overAgentBudget } from '../../src/protocol/budget.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { tookMs } from '../../src/protocol/turn.ts'
import { initialState, type AgentState, type RunningTurn } from '../../src/protocol/state.ts'
import { pricedOnly, spend, spentUp } from '../../src/workflows/agent/spending.ts'
import { outcomeOfTurn } from '../../src/workflows/agent/turn-outcome.ts'
import { decide, startTurn } from '../../src/workflows/agent/turn.ts'

const usage = { promptTokens: 100, cachedTokens: 10, completionTokens: 5 }
const heartbeat = { name: 'archival_memory_search', heartbeat: true, wellFormed: true }

function running(settings: Partial<AgentState['settings']> = {}): { state: AgentState; turn: RunningTurn } {
  const state = initialState('a', { model: 'm', contextWindow: 10_000, pressure: defaults.pressure, budget: defaults.budget, ...settings })
  const turn = startTurn(state, { event: { id: 'e', kind: 'user-message', bytes: 1 }, acceptedAt: 1 }, 1)
  state.running = turn
  return { state, turn }
}

const next = (state: AgentState, turn: RunningTurn) => decide(state, Object.assign(turn, { identicalSteps: 1 }), { kind: 'done', calls: [heartbeat], results: [{ ok: true, tokens: 1 }] })

describe('a budget in dollars', () => {
  test('stops the turn that has reached it, and says so [cost turn:named-end]', () => {
    const { state, turn } = running({ budget: { ...defaults.budget, costMicros: 50 } })
    spend(state, turn, { ...usage, costMicros: 49 })
    expect(next(state, turn)).toEqual({ next: 'heartbeat' })
    spend(state, turn, { ...usage, costMicros: 1 })
    expect(next(state, turn)).toEqual({ end: 'stopped', reason: 'cost-budget', detail: 'the turn has cost $0.00005, the budget is $0.00005' })
  })

  test('asks the activities to refuse a model without a price, and no other agent does [cost]', () => {
    expect(pricedOnly(running().state.settings)).toEqual({})
    expect(pricedOnly(running({ agentBudget: { tokens: 5 } }).state.settings)).toEqual({})
    expect(pricedOnly(running({ agentBudget: { costMicros: 5 } }).state.settings)).toEqual({ priced: true })
    expect(pricedOnly(running({ budget: { ...defaults.budget, costMicros: 5 } }).state.settings)).toEqual({ priced: true })
  })
})

describe('what is spent', () => {
  test('goes to the agent and to the running turn, also for a summary; the turn\'s figures say what is not known [cost]', () => {
    const { state, turn } = running()
    spend(state, turn, { ...usage, costMicros: 7 })
    spend(state, undefined, usage)
    expect(state.counters).toMatchObject({ promptTokens: 200, cachedTokens: 20, completionTokens: 10, costMicros: 7, unpriced: 1 })
    expect(outcomeOfTurn(turn, { end: 'completed' }, 5).figures).toEqual({ steps: 0, ...usage, costMicros: 7, latencyMs: 4 })
  })

  test('of time has the wait for other turns beside it: what the turn itself took is the rest [cost]', () => {
    const state = initialState('a', { model: 'm', contextWindow: 10_000, pressure: defaults.pressure, budget: defaults.budget })
    const turn = startTurn(state, { event: { id: 'e', kind: 'user-message', bytes: 1 }, acceptedAt: 1_000 }, 31_000)
    const { figures } = outcomeOfTurn(turn, { end: 'completed' }, 33_500)
    expect(figures).toMatchObject({ latencyMs: 32_500, waitedMs: 30_000 })
    expect(tookMs(figures)).toBe(2_500)
    // An earlier version began it.
    Reflect.deleteProperty(turn, 'begunAt')
    expect(outcomeOfTurn(turn, { end: 'completed' }, 33_500).figures).not.toHaveProperty('waitedMs')
  })

  test('is held against the budget of the agent\'s life before anything is begun [cost]', () => {
    const { state, turn } = running({ agentBudget: { tokens: 106 } })
    spend(state, turn, usage)
    expect(spentUp(state)).toBeUndefined()
    spend(state, turn, { promptTokens: 1, cachedTokens: 0, completionTokens: 0 })
    expect(spentUp(state)).toMatch(/has used 106 tokens in its life, its budget is 106/)
    expect(overAgentBudget({ promptTokens: 0, completionTokens: 0, costMicros: 3 }, { costMicros: 3 })).toMatch(/has cost \$0.000003 in its life/)
  })
})

describe('a change of budgets in a history of an earlier version', () => {
  const present = { budget: { ...defaults.budget, costMicros: 9 }, agentBudget: { tokens: 10, costMicros: 20 } }

  test('keeps what it does not name, and removes what it sets to null [cost]', () => {
    expect(budgetsAfter(present, { agent: { costMicros: 30 } })).toEqual({ ...present, agentBudget: { tokens: 10, costMicros: 30 } })
    expect(budgetsAfter(present, { turn: { costMicros: null, steps: 3 } }).budget).toEqual({ ...defaults.budget, steps: 3 })
    expect(budgetsAfter(present, { agent: { costMicros: null, tokens: null } })).toEqual({ budget: present.budget })
  })
})

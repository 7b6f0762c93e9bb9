import { describe, expect, test } from 'vitest'
import { defaults } from '../../src/protocol/definition.ts'
import { initialState, type AgentState, type RunningTurn } from '../../src/protocol/state.ts'
import { decide, startTurn } from '../../src/workflows/agent/turn.ts'

const call = (changes: object = {}) => ({ name: 'send_message', heartbeat: false, wellFormed: true, ...changes })
const ok = { ok: true, tokens: 10 }

function running(changes: Partial<RunningTurn> = {}): { state: AgentState; turn: RunningTurn } {
  const state = initialState('a', { model: 'm', contextWindow: 1_000, pressure: defaults.pressure, budget: { ...defaults.budget, steps: 5, tokens: 1_000 } })
  const turn = startTurn(state, { event: { id: 'e', kind: 'user-message', bytes: 1 }, acceptedAt: 1 }, 1)
  return { state, turn: Object.assign(turn, { step: 2, identicalSteps: 1 }, changes) }
}

function decided(turn: Partial<RunningTurn>, calls: ReturnType<typeof call>[], results = calls.map(() => ok)) {
  const { state, turn: whole } = running(turn)
  return decide(state, whole, { kind: 'done', calls, results })
}

describe('after a step', () => {
  test('the agent yields where no call asks for a heartbeat [step:heartbeat]', () => {
    expect(decided({}, [call()])).toEqual({ end: 'completed' })
  })

  test('a call that asks for a heartbeat gives another step at once [step:heartbeat]', () => {
    expect(decided({}, [call(), call({ heartbeat: true })])).toEqual({ next: 'heartbeat' })
  })

  test('a failed call gives another step, heartbeat or not [step:failed-tool-continues]', () => {
    expect(decided({}, [call()], [{ ok: false, tokens: 10 }])).toEqual({ next: 'failed-call' })
  })

  test('a malformed call gives another step, a bounded number of times [step:malformed-call]', () => {
    const malformed = [call({ wellFormed: false })]
    expect(decided({ malformedSteps: 1 }, malformed, [{ ok: false, tokens: 1 }])).toEqual({ next: 'malformed-call' })
    expect(decided({ malformedSteps: 3 }, malformed, [{ ok: false, tokens: 1 }])).toMatchObject({ end: 'stopped', reason: 'malformed-calls' })
  })

  test('text without a call is asked for again, a bounded number of times [step:tools-only]', () => {
    expect(decided({ malformedSteps: 1 }, [])).toEqual({ next: 'no-call' })
    expect(decided({ malformedSteps: 3 }, [])).toMatchObject({ end: 'stopped', reason: 'no-tool-call' })
  })

  test.for([['cut', /cut by the limit of their output/], ['filtered', /content filter held back/], [undefined, /text without a tool call/]] as const)('an answer without a call that was %s is called so where the turn ends [turn:named-end]', ([ended, detail]) => {
    const { state, turn } = running({ malformedSteps: 3 })
    expect(decide(state, turn, { kind: 'done', calls: [], results: [], ...(ended && { ended }) })).toMatchObject({ reason: 'no-tool-call', detail: expect.stringMatching(detail) as string })
  })

  test('text without a call is a yield once the user has a reply [step:tools-only]', () => {
    expect(decided({ malformedSteps: 1, replies: [3] }, [])).toEqual({ end: 'completed' })
  })

  test('text without a call is enough for an event that nobody waits for an answer to [step:tools-only event:kinds]', () => {
    expect(decided({ malformedSteps: 1, event: { id: 'e', kind: 'heartbeat', bytes: 0 } }, [])).toEqual({ end: 'completed' })
  })

  test('pressure asks for a step of its own before the agent yields [pressure:alert]', () => {
    const { state, turn } = running()
    state.queue = [[1, 750, 1, 0]]
    expect(decide(state, turn, { kind: 'done', calls: [call()], results: [ok] })).toEqual({ next: 'memory-pressure' })
  })
})

describe('a turn is stopped', () => {
  const again = [call({ heartbeat: true })]

  test('at its budget of steps [turn:named-end]', () => {
    expect(decided({ step: 6 }, again)).toMatchObject({ end: 'stopped', reason: 'step-budget' })
  })

  test('at its budget of tokens [turn:named-end]', () => {
    expect(decided({ promptTokens: 900, completionTokens: 100 }, again)).toMatchObject({ end: 'stopped', reason: 'token-budget' })
  })

  test('when the same calls bring the same results again and again [turn:named-end]', () => {
    expect(decided({ identicalSteps: 3 }, again)).toMatchObject({ end: 'stopped', reason: 'repeated-call' })
  })

  test('but never where it would have ended by itself [turn:named-end]', () => {
    expect(decided({ step: 6, identicalSteps: 9 }, [call()])).toEqual({ end: 'completed' })
  })
})

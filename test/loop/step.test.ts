import { describe, expect, test } from 'vitest'
import type { InferenceInput, SettleInput, SettleResult } from '../../src/protocol/activities.ts'
import type { InferenceResult } from '../../src/protocol/inference.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { initialState, type AgentState, type RunningTurn } from '../../src/protocol/state.ts'
import { putInForce } from '../../src/workflows/agent/definition.ts'
import { overflowDetail } from '../../src/workflows/agent/overflow.ts'
import { pressureVerdict, thresholds, windowOf } from '../../src/workflows/agent/pressure.ts'
import { settleFiltered } from '../../src/workflows/agent/step-given-up.ts'
import type { StepPorts } from '../../src/workflows/agent/step-ports.ts'
import { runStep } from '../../src/workflows/agent/step.ts'
import { outcomeOfTurn } from '../../src/workflows/agent/turn-outcome.ts'
import { decide, startTurn } from '../../src/workflows/agent/turn.ts'

const cancelled = new Error('cancelled')
const sections = { instructions: 10, tools: 10, coreMemory: 10, statistics: 10 }
const usage = { promptTokens: 50, cachedTokens: 5, completionTokens: 7 }
const short = { name: 'send_message', heartbeat: false, wellFormed: true }
const outside = { name: 'fetch_page', heartbeat: true, wellFormed: true, activity: { timeoutMs: 1_000, attempts: 3 } }

function stored(calls: Extract<InferenceResult, { outcome: 'stored' }>['calls']): InferenceResult {
  return { outcome: 'stored', recorded: [20], tokens: 30, calls, digest: 'd', usage, sections, calibration: 1.2, blockVersions: { human: 1 } }
}

function setting(ports: Partial<StepPorts> = {}): { state: AgentState; turn: RunningTurn; ports: StepPorts; seen: { infer: InferenceInput[]; settle: SettleInput[]; tools: number[] } } {
  const state = initialState('a', { model: 'm', contextWindow: 1_000, pressure: defaults.pressure, budget: defaults.budget })
  const turn = startTurn(state, { event: { id: 'e', kind: 'user-message', bytes: 1 }, acceptedAt: 1 }, 1)
  const seen = { infer: [] as InferenceInput[], settle: [] as SettleInput[], tools: [] as number[] }
  const whole: StepPorts = {
    infer: async () => stored([short]),
    callTool: async () => undefined,
    settle: async (input) => ({
      results: [{ ok: true, tokens: 8 }, { ok: true, tokens: 9 }].slice(0, seen.infer.length === 0 ? 0 : 2),
      replies: [0],
      digest: 'r',
      ...(input.record && { inPlace: { recorded: [20], tokens: 15 } }),
    }),
    now: () => 1_000,
    isCancellation: (error) => error === cancelled,
    describeFailure: (error) => `failed: ${(error as Error).message}`,
    ...ports,
  }
  const watched: StepPorts = {
    ...whole,
    infer: (input) => {
      seen.infer.push(structuredClone(input))
      return whole.infer(input)
    },
    callTool: (input, call) => {
      seen.tools.push(input.call)
      return whole.callTool(input, call)
    },
    settle: (input, calls) => {
      seen.settle.push(structuredClone(input))
      return whole.settle(input, calls)
    },
  }
  return { state, turn, ports: watched, seen }
}

describe('the last step of a turn, for all that is known before its results', () => {
  const endingsOf = async (change: (given: ReturnType<typeof setting>) => void = () => undefined, calls: readonly (typeof short)[] = [short]) => {
    const given = setting({ infer: async () => stored(calls), settle: async () => ({ results: calls.map(() => ({ ok: true, tokens: 8 })), replies: [0], digest: 'r' }) })
    change(given)
    const result = await runStep(given.state, given.turn, given.ports)
    return { ...given, result, ending: given.seen.settle[0]?.ending }
  }

  test('is settled with the end that the loop would record after it [turn:named-end]', async () => {
    const { state, turn, result, ending } = await endingsOf()
    expect(result.kind === 'done' && decide(state, turn, result)).toEqual({ end: 'completed' })
    const after = outcomeOfTurn(turn, { end: 'completed' }, 1_000)
    expect(ending).toMatchObject({ outcome: { ...after, replies: [] }, acceptedAt: 1, counters: { ...state.counters, turns: 1 } })
  })

  test('ends with no more tokens than leave the context below the warning [pressure:alert]', async () => {
    const { state, ending } = await endingsOf()
    const most = ending?.mostTokens ?? 0
    expect(most).toBeGreaterThan(0)
    const withResult = (tokens: number) => pressureVerdict({ ...state, queue: [...state.queue.slice(0, -1), [3, tokens, 1, 1]] })
    expect([withResult(most), withResult(most + 4)]).toEqual(['none', 'alert'])
  })

  test.each<[string, (given: ReturnType<typeof setting>) => void, (typeof short)[]]>([
    ['a call asks for another step', () => undefined, [{ ...short, heartbeat: true }]],
    ['a call is malformed', () => undefined, [short, { ...short, wellFormed: false }]],
    ['the context is under memory pressure, of which the model is to be told', ({ state }) => void state.queue.push([0, 600, 0, 0]), [short]],
    ['the timers are to be copied with the turn', ({ state }) => void (state.timersUnkept = true), [short]],
  ])('is left to the loop where %s [turn:named-end]', async (_, change, calls) => {
    expect((await endingsOf(change, calls)).ending).toBeUndefined()
  })
})

describe('a step', () => {
  test('changes the queue once all of it has happened, in the order of the conversation [step:pairing]', async () => {
    const { state, turn, ports } = setting({ infer: async () => stored([short, outside]) })
    await runStep(state, turn, ports)
    expect(state.queue).toEqual([
      [1, 20, 1, 0],
      [2, 30, 1, 0],
      [3, 8, 1, 1],
      [4, 9, 1, 1],
    ])
    expect(turn.replies).toEqual([3])
    expect(state.nextSeq).toBe(5)
    expect(turn.pending).toEqual([])
    expect(state.counters).toMatchObject({ steps: 1, messages: 4, promptTokens: 50, cachedTokens: 5, completionTokens: 7 })
  })

  test('that failed on the way is repeated under the same numbers, and leaves no trace before [step:pairing]', async () => {
    let failing = true
    const { state, turn, ports, seen } = setting({
      infer: async () => {
        if (failing) throw new Error('worker died')
        return stored([short])
      },
    })
    await expect(runStep(state, turn, ports)).rejects.toThrow('worker died')
    expect(state.queue).toEqual([])
    failing = false
    await runStep(state, turn, ports)
    expect(seen.infer[1]).toEqual(seen.infer[0])
  })

  test('runs every call that reaches outside, and one that failed is its own result only [step:parallel-calls step:failed-tool-continues]', async () => {
    const { state, turn, ports, seen } = setting({
      infer: async () => stored([outside, outside]),
      callTool: async ({ call }) => {
        if (call === 0) throw new Error('no route')
      },
    })
    await runStep(state, turn, ports)
    expect(seen.tools).toEqual([0, 1])
    expect(seen.settle[0]?.failures).toEqual({ 0: 'failed: no route' })
  })

  test('in which the agent has changed its definition goes by all of that version; by its number, where a history has no more [definition:living core:self-edit]', async () => {
    const result = { results: [{ ok: true, tokens: 8 }], replies: [], digest: 'r' }
    const changed = initialState('a', { model: 'another', contextWindow: 2_000, pressure: defaults.pressure, budget: { ...defaults.budget, steps: 5 } }).settings
    const { state, turn, ports } = setting({ settle: async () => ({ ...result, definition: { version: 3, settings: changed } }) })
    await runStep(state, turn, ports)
    expect(state).toMatchObject({ definition: 3, settings: changed })
    await runStep(state, turn, { ...ports, settle: async () => ({ ...result, definition: 4 }) })
    expect(state).toMatchObject({ definition: 4, settings: changed })
  })

  test('is to see the version that the workflow knows; the first, where it knows of none [definition:living]', async () => {
    const { state, turn, ports, seen } = setting()
    await runStep(state, turn, ports)
    await runStep({ ...state, definition: 3 }, turn, ports)
    expect(seen.infer.map(({ definition }) => definition)).toEqual([1, 3])
  })

  test('has no results to record where the model made no call [step:tools-only]', async () => {
    const { state, turn, ports, seen } = setting({ infer: async () => stored([]) })
    expect(await runStep(state, turn, ports)).toMatchObject({ kind: 'done', results: [] })
    expect(seen.settle).toEqual([])
  })
})

describe('a cancelled step', () => {
  test('that was thinking leaves its event and a notice in the queue [turn:cancel]', async () => {
    const { state, turn, ports, seen } = setting({
      infer: async () => {
        throw cancelled
      },
      settle: async () => ({ results: [], replies: [], digest: '', inPlace: { recorded: [20], tokens: 15 } }),
    })
    expect(await runStep(state, turn, ports)).toEqual({ kind: 'cancelled' })
    expect(seen.settle[0]).toMatchObject({ cancelled: true, record: [{ seq: 1 }] })
    expect(state.queue).toEqual([
      [1, 20, 1, 0],
      [2, 15, 1, 0],
    ])
  })

  test('whose inference was stored before the cancel came is paid for [turn:cancel cost]', async () => {
    const { state, turn, ports } = setting({
      infer: async () => {
        throw cancelled
      },
      settle: async () => ({ results: [], replies: [], digest: '', inPlace: { recorded: [20], tokens: 15, usage: { promptTokens: 90, cachedTokens: 0, completionTokens: 9, costMicros: 4 } } }),
    })
    await runStep(state, turn, ports)
    expect(turn).toMatchObject({ promptTokens: 90, costMicros: 4 })
    expect(state.counters).toMatchObject({ steps: 0, promptTokens: 90, completionTokens: 9, costMicros: 4 })
  })

  test('of which an earlier attempt has sent a reply names it: the user has read it [turn:cancel turn:named-end]', async () => {
    const { state, turn, ports } = setting({
      infer: async () => {
        throw cancelled
      },
      settle: async () => ({ results: [{ ok: true, tokens: 8 }, { ok: false, tokens: 9 }], replies: [0], digest: '', inPlace: { recorded: [20], tokens: 30 } }),
    })
    await runStep(state, turn, ports)
    expect(turn.replies).toEqual([3])
  })

  test('that ran tools still records a result for every call [turn:cancel step:pairing]', async () => {
    const { state, turn, ports, seen } = setting({
      infer: async () => stored([outside, outside]),
      callTool: async ({ call }) => {
        if (call === 1) throw cancelled
      },
    })
    expect(await runStep(state, turn, ports)).toEqual({ kind: 'cancelled' })
    expect(seen.settle[0]).toMatchObject({ cancelled: true })
    expect(state.queue).toHaveLength(4)
  })
})

describe('a step that is given up', () => {
  const settle = async (input: SettleInput): Promise<SettleResult> => ({ results: [], replies: [], digest: '', inPlace: { recorded: [20], tokens: 15, ...(input.leaving && { left: true }) } })
  const cancelling = async (): Promise<never> => Promise.reject(cancelled)

  test('before the turn had any inference leaves the context with all that the turn has brought [turn:cancel context:no-poison]', async () => {
    const { state, turn, ports, seen } = setting({ infer: cancelling, settle })
    state.queue = [[0, 9, 0, 0]]
    expect(await runStep(state, turn, ports)).toEqual({ kind: 'cancelled' })
    expect(seen.settle[0]?.leaving).toEqual({ ranges: [[1, 2]], notice: 'turn-cancelled' })
    expect(state.queue).toEqual([[0, 9, 0, 0]])
    expect(state.counters.messages).toBe(2)
  })

  test('after the endpoint has taken what the turn has brought keeps it [turn:cancel]', async () => {
    const { state, turn, ports, seen } = setting()
    await runStep(state, turn, ports)
    await runStep(state, turn, { ...ports, infer: cancelling })
    expect(seen.settle[1]?.leaving).toBeUndefined()
    expect(state.queue.map(([seq]) => seq)).toContain(1)
  })

  test('at what the endpoint fails for leaves with the whole turn [turn:cancel context:no-poison]', async () => {
    const { state, turn, ports } = setting()
    await runStep(state, turn, ports)
    turn.suspect = true
    await runStep(state, turn, { ...ports, infer: cancelling, settle })
    expect(state.queue).toEqual([])
  })

  test('for a content filter leaves with its turn, and at a second refusal in a row with the exchange before it [context:no-poison]', async () => {
    const { state, turn, ports } = setting()
    await runStep(state, turn, ports)
    const next = (id: string): RunningTurn => startTurn(state, { event: { id, kind: 'user-message', bytes: 1 }, acceptedAt: 1 }, 1)
    expect(await settleFiltered(state, next('refused'), { settle })).toBe('turn')
    expect(state.queue.map(([seq]) => seq)).toEqual([1, 2, 3, 4])
    expect(await settleFiltered(state, next('refused too'), { settle })).toBe('exchange')
    expect(state.queue).toEqual([])
    expect(await settleFiltered(state, next('refused for a block'), { settle })).toBe('nothing-helps')
    await runStep(state, next('accepted'), ports)
    expect(state.filtered).toBeUndefined()
  })
})

describe('a refusal that names the window', () => {
  const overflow = (named: { readonly window?: number; readonly calibration?: number }) => async (): Promise<InferenceResult> => ({ outcome: 'overflow', by: 'provider', recorded: [20], sections, ...named })

  test('is learned: thresholds, the next inference and what people are shown go by it, until the model is another [model:any pressure:transaction]', async () => {
    const { state, turn, ports, seen } = setting({ infer: overflow({ window: 600, calibration: 1.4 }) })
    expect(await runStep(state, turn, ports)).toMatchObject({ kind: 'overflow', learned: true, pending: 20 })
    expect([windowOf(state), thresholds(state).flush, state.calibration]).toEqual([600, 540, 1.4])
    await runStep(state, turn, ports)
    expect(seen.infer.map(({ window }) => window)).toEqual([undefined, 600])
    expect(overflowDetail(state, 20)).toMatch(/window of 600 tokens, which the endpoint names \(the agent is set to 1000\).*queue 0, the new message 20, all together 84/)
    putInForce(state, { version: 2, settings: { ...state.settings, model: 'another' } })
    expect(windowOf(state)).toBe(1_000)
  })

  test('larger than the one that is set changes nothing [model:any]', async () => {
    const { state, turn, ports } = setting({ infer: overflow({ window: 2_000 }) })
    expect(await runStep(state, turn, ports)).toMatchObject({ learned: false })
    expect(state.learnedWindow).toBeUndefined()
  })
})

describe('a step that can not be taken', () => {
  test('tells that its prompt does not fit, and keeps what was pending [pressure:transaction]', async () => {
    const { state, turn, ports } = setting({ infer: async () => ({ outcome: 'overflow', by: 'provider', recorded: [20], sections }) })
    expect(await runStep(state, turn, ports)).toEqual({ kind: 'overflow', by: 'provider', learned: false, pending: 20 })
    expect(state.queue).toEqual([])
    expect(turn.pending).toHaveLength(1)
  })

  test('tells that its event was handled in an earlier turn [mailbox:dedupe]', async () => {
    const { state, turn, ports } = setting({ infer: async () => ({ outcome: 'duplicate' }) })
    expect(await runStep(state, turn, ports)).toEqual({ kind: 'duplicate' })
    expect(state.queue).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import type { InferenceInput, SettleInput, ToolInput } from '../../src/protocol/activities.ts'
import type { CallRef, InferenceResult } from '../../src/protocol/inference.ts'
import { keyOf } from '../../src/protocol/agent-key.ts'
import { limits } from '../../src/protocol/limits.ts'
import { innerId } from '../../src/protocol/tenant.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { initialState, type AgentState, type RunningTurn } from '../../src/protocol/state.ts'
import type { AnswerKind } from '../../src/protocol/waiting.ts'
import type { StepPorts } from '../../src/workflows/agent/step-ports.ts'
import { runStep, type StepResult } from '../../src/workflows/agent/step.ts'
import { startTurn } from '../../src/workflows/agent/turn.ts'
import { assertAnswer, beginWaiting, expire, parkedFor, takeAnswer, waitingCalls } from '../../src/workflows/agent/waiting.ts'

const usage = { promptTokens: 50, cachedTokens: 5, completionTokens: 7 }
const sections = { instructions: 10, tools: 10, coreMemory: 10, statistics: 10 }
const activity = { timeoutMs: 1_000, attempts: 3 }

const free: CallRef = { name: 'fetch_page', heartbeat: false, wellFormed: true, activity }
const approved: CallRef = { name: 'pay', heartbeat: true, wellFormed: true, activity, waits: { approval: 1_000 } }
const atCaller: CallRef = { name: 'weather', heartbeat: true, wellFormed: true, waits: { client: 2_000 } }
const both: CallRef = { name: 'drive', heartbeat: true, wellFormed: true, waits: { approval: 1_000, client: 2_000 } }

/** A step whose inference asked for these calls, driven so far that it waits; the clock stood at 100. */
async function waitingStep(calls: readonly CallRef[], key = 'a'): Promise<{
  readonly state: AgentState
  readonly turn: RunningTurn
  readonly seen: { readonly infer: InferenceInput[]; readonly tools: ToolInput[]; readonly settle: SettleInput[] }
  readonly step: () => Promise<StepResult>
  readonly answer: (call: number, answer: AnswerKind, at?: number, id?: string) => ReturnType<typeof takeAnswer>
}> {
  const state = initialState(key, { model: 'm', contextWindow: 1_000, pressure: defaults.pressure, budget: defaults.budget })
  const turn = startTurn(state, { event: { id: 'e', kind: 'user-message', bytes: 1 }, acceptedAt: 1 }, 1)
  state.running = turn
  const seen = { infer: [] as InferenceInput[], tools: [] as ToolInput[], settle: [] as SettleInput[] }
  const inference: InferenceResult = { outcome: 'stored', recorded: [20], tokens: 30, calls, digest: 'd', usage, sections, calibration: 1, blockVersions: {} }
  const ports: StepPorts = {
    infer: (input) => {
      seen.infer.push(input)
      return Promise.resolve(inference)
    },
    callTool: (input) => {
      seen.tools.push(input)
      return Promise.resolve()
    },
    settle: (input) => {
      seen.settle.push(structuredClone(input))
      return Promise.resolve({ results: calls.map(() => ({ ok: true, tokens: 8 })), replies: [], digest: 'r' })
    },
    now: () => 1_000,
    isCancellation: () => false,
    describeFailure: String,
  }
  const step = (): Promise<StepResult> => runStep(state, turn, ports)
  const result = await step()
  expect(result.kind).toBe('waiting')
  if (result.kind === 'waiting') turn.waiting = beginWaiting(result.inference, 100)
  return { state, turn, seen, step, answer: (call, answer, at = 200, id = 'i') => takeAnswer(state, { op: `${key}/1/1/${call}`, answer, id }, at) }
}

const open = ({ state, turn }: { readonly state: AgentState; readonly turn: RunningTurn }): string[] => waitingCalls(state.agentId, turn).map(({ name, for: party }) => `${name} ${party}`)

describe('a step with calls that need somebody', () => {
  test('runs none of its calls, and leaves no trace in the queue [turn:approval step:pairing]', async () => {
    const { state, turn, seen } = await waitingStep([free, approved, atCaller])
    expect(seen.tools).toEqual([])
    expect(seen.settle).toEqual([])
    expect(state.queue).toEqual([])
    expect(turn.pending).toHaveLength(1)
    expect(waitingCalls('a', turn)).toEqual([
      { op: 'a/1/1/1', name: 'pay', for: 'approval', since: 100, until: 1_100 },
      { op: 'a/1/1/2', name: 'weather', for: 'client', since: 100, until: 2_100 },
    ])
  })

  test('goes on from the inference that it has when all are answered, and is recorded in one go [turn:approval tools:client-side step:pairing]', async () => {
    const waiting = await waitingStep([free, approved, atCaller])
    const { state, turn, seen, step, answer } = waiting
    answer(1, 'edit', 200, 'edited')
    answer(2, 'result', 300, 'sunny')
    expect(open(waiting)).toEqual([])
    expect(await step()).toMatchObject({ kind: 'done' })
    expect(seen.infer).toHaveLength(1)
    expect(seen.tools.map(({ call, edit }) => [call, edit])).toEqual([[0, undefined], [1, 'edited']])
    expect(seen.settle[0]?.answers).toEqual({ 1: { approval: { answer: 'edit', id: 'edited' } }, 2: { client: { answer: 'result', id: 'sunny' } } })
    expect(state.queue.map(([seq]) => seq)).toEqual([1, 2, 3, 4, 5])
    expect(turn.waiting).toBeUndefined()
    expect(state.counters.steps).toBe(1)
  })

  test('does not run what was refused, nor what nobody approved in time [turn:approval turn:named-end]', async () => {
    const { state, turn, seen, step, answer } = await waitingStep([approved, approved, free])
    answer(0, 'refuse')
    expire(state, turn, 1_099)
    expect(waitingCalls('a', turn)).toHaveLength(1)
    expire(state, turn, 1_100)
    await step()
    expect(seen.tools.map(({ call }) => call)).toEqual([2])
    expect(seen.settle[0]?.answers).toEqual({ 0: { approval: { answer: 'refuse', id: 'i' } }, 1: { approval: { answer: 'expired' } } })
  })

  test('that is cancelled runs nothing, and still records a result for every call [turn:cancel step:pairing]', async () => {
    const { state, seen, step, answer } = await waitingStep([free, approved])
    answer(1, 'approve')
    state.cancelAsked = true
    expect(await step()).toEqual({ kind: 'cancelled' })
    expect(seen.tools).toEqual([])
    expect(seen.settle[0]).toMatchObject({ cancelled: true })
    expect(state.queue).toHaveLength(4)
  })

  test('waits for the person first where the caller is to run it, and counts the time anew [turn:approval tools:client-side]', async () => {
    const waiting = await waitingStep([both, both])
    const { turn, answer } = waiting
    answer(0, 'edit', 600, 'edited')
    answer(1, 'refuse', 700)
    expect(waitingCalls('a', turn)).toEqual([{ op: 'a/1/1/0', name: 'drive', for: 'client', since: 600, until: 2_600, edit: 'edited' }])
  })
})

describe('an answer', () => {
  test('stands once it is given: the same again changes nothing, another one is refused [turn:approval]', async () => {
    const { answer } = await waitingStep([approved, atCaller])
    expect(answer(0, 'approve', 200, 'i')).toEqual({ already: false })
    expect(answer(0, 'approve', 300, 'i')).toEqual({ already: true })
    expect(() => answer(0, 'refuse', 300, 'j')).toThrow(expect.objectContaining({ code: 'call-answered' }))
  })

  test('is remembered after the step has gone on [turn:approval]', async () => {
    const { answer, step } = await waitingStep([approved])
    answer(0, 'approve', 200, 'i')
    await step()
    expect(answer(0, 'approve', 400, 'i')).toEqual({ already: true })
    expect(() => answer(0, 'edit', 400, 'j')).toThrow(expect.objectContaining({ code: 'call-answered' }))
  })

  test('that comes after the deadline is too late, whether its timer has fired or not [turn:approval turn:named-end]', async () => {
    const { state, turn, answer } = await waitingStep([approved])
    expect(() => answer(0, 'approve', 1_100)).toThrow(expect.objectContaining({ code: 'call-answered' }))
    expire(state, turn, 1_100)
    expect(() => answer(0, 'approve', 1_200)).toThrow(expect.objectContaining({ code: 'call-answered' }))
  })

  test.each([
    ['no op', { answer: 'approve' }, 'invalid-argument'],
    ['no kind of answer', { op: 'a/1/1/0', answer: 'yes' }, 'invalid-argument'],
    ['an edit that is not stored', { op: 'a/1/1/0', answer: 'edit' }, 'invalid-argument'],
    ['an id with a space', { op: 'a/1/1/0', answer: 'approve', id: 'a b' }, 'invalid-argument'],
    ['a result for what waits for approval', { op: 'a/1/1/0', answer: 'result', id: 'i' }, 'call-unknown'],
    ['an approval for what waits for its caller', { op: 'a/1/1/1', answer: 'approve' }, 'call-unknown'],
    ['a call that does not wait', { op: 'a/1/1/2', answer: 'approve' }, 'call-unknown'],
    ['a call of another turn', { op: 'a/2/1/0', answer: 'approve' }, 'call-unknown'],
    ['nothing', undefined, 'invalid-argument'],
  ])('that is %s is refused before it reaches history [turn:approval]', async (_, request, code) => {
    const { state } = await waitingStep([approved, atCaller, free])
    expect(() => assertAnswer(request, state, 200)).toThrow(expect.objectContaining({ code }))
  })
})

test('a call of an agent whose name and whose tenant\'s name are as long as names may be takes its answer [turn:approval http:tenants]', async () => {
  const key = keyOf(innerId('t'.repeat(limits.agentIdCharacters), 'a'.repeat(limits.agentIdCharacters)), 1_000)
  const { state, answer } = await waitingStep([approved], key)
  expect(() => assertAnswer({ op: `${key}/1/1/0`, answer: 'approve' }, state, 200)).not.toThrow()
  expect(answer(0, 'approve')).toEqual({ already: false })
})

test('a parked agent says what waits for whom, and until when [turn:approval query:state]', async () => {
  const { turn } = await waitingStep([approved, approved, atCaller])
  const parked = parkedFor(waitingCalls('a', turn), 100)
  expect(parked).toMatchObject({ reason: 'approval', since: 100, retryAt: 1_100 })
  expect(parked.detail).toBe('pay, pay wait for approval; weather waits for the caller to run it, until 1970-01-01T00:00:01.100Z')
})

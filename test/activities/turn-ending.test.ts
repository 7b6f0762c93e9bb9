import { afterEach, describe, expect, test, vi } from 'vitest'
import type { EndingTurn } from '../../src/protocol/activities.ts'
import type { Observation } from '../../src/protocol/observation.ts'
import { initialState, type Counters } from '../../src/protocol/state.ts'
import { call, say, scriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const counters: Counters = { ...initialState('ada', {} as never).counters, turns: 1 }
const figures = { steps: 1, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 1_000 }
const ending: EndingTurn = { outcome: { turn: 1, eventId: 'e1', end: 'completed', replies: [], figures }, acceptedAt: 0, counters }
const placeOfStep = { agentId: 'ada', turn: 1, step: 1, op: 'ada/1/1', seq: 2, turnSeq: 1 }
const step = { ...placeOfStep, ending }

const inferred = async (model: ScriptedStep): Promise<void> => {
  here = await setting({ model: scriptedModel([model]) })
  await here.run('infer', firstStep('Hi'))
}
const endOf = () => here.stores.memory.turns.get('ada', 1)
const resultsOf = async () => (await here.stores.memory.messages.after('ada', 2, 10)).map(({ text, reply }) => reply ?? text)

describe('a turn that ends with its step', () => {
  test('is recorded with the result of that step: one write, and no look before it [turn:named-end step:pairing]', async () => {
    await inferred(say('Hello.'))
    const { messages, turns } = here.stores.memory
    const others = [vi.spyOn(messages, 'byOp'), vi.spyOn(messages, 'insert'), vi.spyOn(turns, 'get'), vi.spyOn(turns, 'put')]
    const { ended, replies } = await here.run('settle', step)
    expect(replies).toEqual([0])
    expect(ended?.latencyMs).toBeGreaterThanOrEqual(1_000)
    expect(others.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0, 0])
    expect(await here.stores.memory.turns.latestEnded('ada')).toEqual({ outcome: { ...ending.outcome, replies: [3], figures: { ...figures, latencyMs: ended?.latencyMs } }, counters })
    expect(await resultsOf()).toEqual(['Hello.'])
  })

  test('is so once, however often it is settled: the first end stands, and is told again [turn:named-end step:pairing]', async () => {
    await inferred([call('core_memory_append', { label: 'human', content: 'Name: Ada' }), say('Hello.')])
    const first = await here.run('settle', step)
    const end = await endOf()
    expect(await here.run('settle', { ...step, ending: { ...ending, outcome: { ...ending.outcome, figures: { ...figures, latencyMs: 9_000 } } } })).toEqual(first)
    expect(await endOf()).toEqual(end)
    expect(await here.stores.memory.blocks.history('ada/human', 10)).toHaveLength(2)
  })

  test('ends where a worker died between the results and their report, and where it died before the end [turn:named-end]', async () => {
    await inferred([say('Hello.'), say('How are you?')])
    await here.run('settle', placeOfStep)
    expect(await endOf()).toBeUndefined()
    expect((await here.run('settle', step)).ended).toBeDefined()
    expect(await endOf()).toMatchObject({ end: 'completed', replies: [3, 4] })
    expect(await resultsOf()).toEqual(['Hello.', 'How are you?'])
  })

  test('has its event pending no more, also where the write that says so was lost: whoever settles again makes it [turn:named-end recover:from-stores]', async () => {
    await inferred(say('Hello.'))
    await here.run('settle', step)
    const { events } = here.stores.memory
    await events.deposit({ agentId: 'ada', eventId: 'e1', kind: 'user-message', text: 'Hi', sentAt: '2026-01-01T10:00:00.000Z' }, 'q')
    expect(await events.pending('ada', 10)).toHaveLength(1)
    await here.run('settle', step)
    expect(await events.pending('ada', 10)).toEqual([])
  })

  test('is told to whoever observes, with its replies [telemetry]', async () => {
    const seen: Observation[] = []
    here = await setting({ model: scriptedModel([say('Hello.')]), observe: (observation) => void seen.push(observation) })
    await here.run('infer', firstStep('Hi'))
    const { ended } = await here.run('settle', step)
    expect(seen.filter(({ type }) => type === 'turn')).toEqual([expect.objectContaining({ outcome: await endOf(), endedAt: ended?.latencyMs })])
  })
})

describe('a turn goes on, and has no end in the stores', () => {
  test('where a call has failed [step:failed-tool-continues]', async () => {
    await inferred([say('Hello.'), call('core_memory_replace', { label: 'human', old_content: 'not there', new_content: 'x' })])
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: true }, { ok: false }] })
    expect(await endOf()).toBeUndefined()
  })

  test('where the results bring the context under memory pressure [pressure:alert]', async () => {
    await inferred(say('Hello.'))
    const { results, ended } = await here.run('settle', { ...step, ending: { ...ending, mostTokens: 1 } })
    expect({ ok: results[0]?.ok, ended }).toEqual({ ok: true, ended: undefined })
    expect(await endOf()).toBeUndefined()
    expect(await resultsOf()).toEqual(['Hello.'])
  })

  test('where another attempt had it that the call failed: its result stands [step:pairing]', async () => {
    await inferred(say('Hello.'))
    const earlier = { agentId: 'ada', op: 'ada/1/1/0', seq: 3, turn: 1, step: 1, role: 'tool', callId: 'c', toolName: 'send_message', ok: false, text: 'Not sent.', tokens: 3, at: '2026-01-01T10:00:00.000Z' } as const
    await here.stores.memory.messages.insert(earlier)
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: false }], replies: [] })
    expect(await endOf()).toBeUndefined()
  })
})

test('a turn that was ended as cancelled by another worker stays so, and says nothing more [recover:from-stores]', async () => {
  await inferred(say('Hello.'))
  await here.stores.memory.turns.put('ada', { ...ending.outcome, end: 'cancelled' })
  expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: false }], replies: [] })
  expect(await endOf()).toMatchObject({ end: 'cancelled', replies: [] })
})

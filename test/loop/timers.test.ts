import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaults } from '../../src/protocol/definition.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { limits } from '../../src/protocol/limits.ts'
import { initialState, type AgentState } from '../../src/protocol/state.ts'
import type { TimerRequest } from '../../src/protocol/timers.ts'
import { accept, assertEvent } from '../../src/workflows/agent/mailbox.ts'
import { assertSchedulable, fireDue, nextDue, schedule, timerView, unschedule, waitUntil } from '../../src/workflows/agent/timers.ts'

const newState = (): AgentState => initialState('a', { model: 'm', contextWindow: 4_000, pressure: defaults.pressure, budget: defaults.budget })
const timer = (request: Partial<TimerRequest> = {}): TimerRequest => ({ id: 'water', at: 10_000, bytes: 5, body: 'timer-text:water:1', ...request })
const waiting = (state: AgentState) => state.mailbox.map(({ event }) => event.timer)

function codeOf(request: unknown, state = newState()): string | undefined {
  try {
    assertSchedulable(request, state)
    return undefined
  } catch (error) {
    return PerdureError.isInstance(error) ? error.code : `unexpected ${String(error)}`
  }
}

describe('a timer', () => {
  test('comes due once, as an event that names its due time, and is gone then [event:timers]', () => {
    const state = newState()
    schedule(state, timer())
    fireDue(state, 9_999)
    expect(state.mailbox).toEqual([])
    fireDue(state, 12_000)
    fireDue(state, 13_000)
    expect(state.mailbox).toEqual([
      { acceptedAt: 12_000, event: { id: 'timer:water:1970-01-01T00:00:10.000Z', kind: 'timer', bytes: 5, timer: { id: 'water', dueAt: 10_000, body: 'timer-text:water:1' } } },
    ])
    expect(nextDue(state)).toBeUndefined()
    expect('timers' in state).toBe(false)
  })

  test('that repeats is reckoned from its first due time, and does not drift [event:timers]', () => {
    const state = newState()
    schedule(state, timer({ everyMs: 1_000 }))
    for (const now of [10_700, 11_900, 12_300]) {
      fireDue(state, now)
      expect(state.mailbox.shift()?.event.timer?.missed).toBeUndefined()
    }
    expect(nextDue(state)).toBe(13_000)
  })

  test('that nobody took for a while fires once, and says how many due times it missed [event:timers]', () => {
    const state = newState()
    schedule(state, timer({ everyMs: 1_000 }))
    fireDue(state, 75_400)
    expect(waiting(state)).toEqual([{ id: 'water', dueAt: 75_000, body: 'timer-text:water:1', missed: 65 }])
    expect(nextDue(state)).toBe(76_000)
  })

  test('has one firing at the most that waits: a busy agent gets the next one, with what it missed [event:timers]', () => {
    const state = newState()
    schedule(state, timer({ everyMs: 1_000 }))
    for (const now of [10_000, 11_000, 12_000, 13_000]) fireDue(state, now)
    expect(waiting(state)).toHaveLength(1)
    state.mailbox.shift()
    fireDue(state, 13_500)
    expect(waiting(state)).toMatchObject([{ dueAt: 13_000, missed: 2 }])
  })

  test('that comes due a number of times ends with the last one, however many were missed [event:timers]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 30 }), (times, pauses) => {
        const state = newState()
        schedule(state, timer({ everyMs: 1_000, times }))
        let now = 9_000
        let told = 0
        for (const pause of [...pauses, 30_000]) {
          fireDue(state, (now += pause))
          for (const { event } of state.mailbox.splice(0)) told += 1 + (event.timer?.missed ?? 0)
        }
        expect(told).toBe(times)
        expect(state.timers).toBeUndefined()
      }),
    )
  })

  test('waits where the mailbox is full [event:timers]', () => {
    const state = newState()
    schedule(state, timer())
    state.mailbox = Array.from({ length: limits.mailboxEvents }, (_, index) => ({ event: { id: `e-${index}`, kind: 'heartbeat' as const, bytes: 0 }, acceptedAt: 1 }))
    fireDue(state, 10_000)
    expect(nextDue(state)).toBe(10_000)
    state.mailbox.shift()
    fireDue(state, 10_001)
    expect(state.mailbox.at(-1)?.event.timer?.id).toBe('water')
  })

  test('due before another, and before an event that came later, has its turn before them [event:timers mailbox:fifo]', () => {
    const state = newState()
    schedule(state, timer({ id: 'second', at: 20 }))
    schedule(state, timer({ id: 'first', at: 10 }))
    fireDue(state, 30)
    accept(state, { id: 'late', kind: 'heartbeat', bytes: 0 }, 31)
    expect(state.mailbox.map(({ event }) => event.timer?.id ?? event.id)).toEqual(['first', 'second', 'late'])
  })

  test('scheduled again for a time that it had already is not handled twice [event:timers mailbox:dedupe]', () => {
    const state = newState()
    schedule(state, timer())
    fireDue(state, 10_000)
    schedule(state, timer())
    state.handled = [[state.mailbox.shift()?.event.id ?? '', 1]]
    fireDue(state, 10_500)
    expect(state.mailbox).toEqual([])
    expect(state.timers).toBeUndefined()
  })
})

describe('the same timer again', () => {
  test('changes nothing, be it named by its time or by the span to it [event:timers]', () => {
    const state = newState()
    expect(schedule(state, timer()).status).toBe('scheduled')
    expect(schedule(state, timer()).status).toBe('unchanged')
    expect(schedule(state, timer({ id: 'tea', at: 500, afterMs: 400 })).status).toBe('scheduled')
    expect(codeOf(timer({ id: 'tea', at: 777, afterMs: 400 }), state)).toBeUndefined()
    expect(schedule(state, timer({ id: 'tea', at: 777, afterMs: 400 }))).toMatchObject({ status: 'unchanged', timer: { dueAt: '1970-01-01T00:00:00.500Z' } })
  })

  test('with another time or text is a conflict, unless it is to be replaced [event:timers]', () => {
    const state = newState()
    schedule(state, timer())
    for (const other of [{ at: 11_000 }, { everyMs: 5_000 }, { body: 'timer-text:water:2' }, { afterMs: 400 }]) {
      expect(codeOf(timer(other), state)).toBe('timer-conflict')
      expect(codeOf(timer({ ...other, replace: true }), state)).toBeUndefined()
    }
    expect(schedule(state, timer({ at: 11_000, replace: true })).status).toBe('replaced')
    expect(state.timers).toHaveLength(1)
    expect(nextDue(state)).toBe(11_000)
  })

  test('is taken away by its name [event:timers]', () => {
    const state = newState()
    schedule(state, timer())
    expect([unschedule(state, 'tea'), unschedule(state, 'water'), unschedule(state, 'water')]).toEqual([false, true, false])
    expect(state.timers).toBeUndefined()
  })
})

describe('a timer is refused', () => {
  test.each([
    ['nothing', undefined, 'invalid-argument'],
    ['no id', { ...timer(), id: undefined }, 'invalid-argument'],
    ['an id with capitals', timer({ id: 'Water' }), 'invalid-argument'],
    ['an id that is too long', timer({ id: 'x'.repeat(65) }), 'invalid-argument'],
    ['a time that is none', timer({ at: Number.NaN }), 'invalid-argument'],
    ['a time past all dates', timer({ at: 8.64e15 + 1 }), 'invalid-argument'],
    ['an interval under a second', timer({ everyMs: 999 }), 'invalid-argument'],
    ['an interval of ages', timer({ everyMs: 1e15 }), 'invalid-argument'],
    ['a number of times without an interval', timer({ times: 3 }), 'invalid-argument'],
    ['no times at all', timer({ everyMs: 1_000, times: 0 }), 'invalid-argument'],
    ['neither text nor body', { ...timer(), body: undefined }, 'invalid-argument'],
    ['an empty text', timer({ bytes: 0, text: '' }), 'message-empty'],
    ['a text that is too long', timer({ bytes: limits.eventTextBytes + 1 }), 'message-too-large'],
  ])('%s [event:timers]', (_, request, code) => {
    expect(codeOf(request)).toBe(code)
  })

  test('that would be one too many; another version of one that is there is not [event:timers]', () => {
    const state = newState()
    for (let index = 0; index < limits.timers; index++) schedule(state, timer({ id: `t-${index}` }))
    expect(codeOf(timer(), state)).toBe('timers-full')
    expect(codeOf(timer({ id: 't-0', at: 5, replace: true }), state)).toBeUndefined()
  })

  test('whatever is asked: nothing that is taken breaks the loop [event:timers]', () => {
    const at = fc.oneof(fc.integer(), fc.double(), fc.constant(8.64e15))
    const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
    const requests = fc.record({
      id: fc.constantFrom('a', 'b'),
      at,
      afterMs: optional(fc.integer()),
      everyMs: optional(fc.oneof(fc.integer(), fc.maxSafeInteger())),
      times: optional(fc.maxSafeInteger()),
      bytes: fc.nat(),
      body: fc.constant('x'),
      replace: optional(fc.boolean()),
    })
    fc.assert(
      fc.property(fc.array(requests), fc.array(fc.integer({ min: 0, max: 4e12 })), (asked, moments) => {
        const state = newState()
        for (const request of asked) if (codeOf(request, state) === undefined) schedule(state, request as TimerRequest)
        for (const now of moments) {
          fireDue(state, now)
          for (const one of state.timers ?? []) expect(timerView(one).firings).toBeGreaterThanOrEqual(0)
          const due = nextDue(state)
          if (due !== undefined) expect(waitUntil(due, now)).toBeGreaterThanOrEqual(1)
          state.mailbox = []
        }
      }),
    )
  })

  test('as an event from outside: only the workflow makes firings [event:timers]', () => {
    expect(() => assertEvent({ id: 'x', kind: 'timer', bytes: 0, timer: { id: 'water', dueAt: 1e99 } }, newState())).toThrow('schedule')
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertChanges } from '../../src/definition/agent-changes.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { eventKinds } from '../../src/protocol/events.ts'
import { initialState, type AgentState } from '../../src/protocol/state.ts'
import { assertTimerId } from '../../src/protocol/timers.ts'
import { assertCommand } from '../../src/workflows/agent/commands.ts'
import { accept, assertEvent } from '../../src/workflows/agent/mailbox.ts'
import { assertSchedulable, schedule } from '../../src/workflows/agent/timers.ts'
import { assertAnswer } from '../../src/workflows/agent/waiting.ts'
import { almost, hostileJson, hostileText, isPolluted } from './hostile.ts'

const newState = (): AgentState => initialState('a', { model: 'm', contextWindow: 4_000, pressure: defaults.pressure, budget: defaults.budget })

/** Accepted, or refused by an error of ours whose text a person can read. */
function assertNamed(check: () => void): 'accepted' | 'refused' {
  try {
    check()
    return 'accepted'
  } catch (error) {
    if (!PerdureError.isInstance(error)) throw error
    expect(error.message.length).toBeLessThan(1_000)
    return 'refused'
  } finally {
    expect(isPolluted()).toBe(false)
  }
}

const id = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 })
const whole = fc.oneof(fc.nat(), fc.double(), fc.constantFrom(-1, NaN, Infinity, 1e300))

describe('whatever comes as', () => {
  test('an event is refused by name or taken, and what is taken is carried small and plain [event:user-update, event:user-signal]', () => {
    const event = almost({ id: fc.oneof(id, hostileText), kind: fc.constantFrom(...eventKinds), bytes: whole, text: hostileText })
    fc.assert(
      fc.property(event, (given) => {
        const state = newState()
        const outcome = assertNamed(() => {
          assertEvent(given, state)
          accept(state, given, 1)
        })
        expect(state.mailbox.length).toBe(outcome === 'accepted' ? 1 : 0)
        for (const waiting of state.mailbox) expect(Object.keys(waiting.event).every((key) => ['id', 'kind', 'bytes', 'text'].includes(key))).toBe(true)
        expect(JSON.stringify(state).length).toBeLessThan(600_000)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['a command', almost({ id, command: almost({ type: fc.constantFrom('pop', 'save', 'load', 'archive'), name: hostileText, erase: fc.boolean() }) }), assertCommand],
    ['an answer', almost({ op: hostileText, answer: fc.constantFrom('approve', 'edit', 'refuse', 'result'), id: hostileText }), (given: unknown) => assertAnswer(given, newState(), 1)],
    ['a change of a definition', almost({ model: hostileText, tags: fc.array(hostileText), metadata: hostileJson, blocks: almost({ human: almost({ limit: whole }) }), budget: almost({ steps: whole, dollars: whole }) }), assertChanges],
    ['the name of a timer', hostileJson, assertTimerId],
  ] as const)('%s is refused by name or taken [event:user-update]', (_, arbitrary, check) => {
    fc.assert(
      fc.property(arbitrary, (given) => {
        assertNamed(() => check(given))
      }),
      { numRuns: 500 },
    )
  })

  test('a timer is refused by name or taken, and what is taken is carried plain [event:timers]', () => {
    const timer = almost({ id: fc.stringMatching(/^[a-z]{1,9}$/), at: whole, bytes: fc.nat(), everyMs: whole, times: whole, text: hostileText, body: hostileText, afterMs: whole, replace: fc.boolean() })
    const known = ['id', 'at', 'bytes', 'afterMs', 'everyMs', 'times', 'body', 'text', 'dueAt', 'firings']
    fc.assert(
      fc.property(timer, (given) => {
        const state = newState()
        assertNamed(() => {
          assertSchedulable(given, state)
          schedule(state, given)
        })
        for (const kept of state.timers ?? []) expect(Object.keys(kept).every((key) => known.includes(key))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

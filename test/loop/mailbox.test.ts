import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaults } from '../../src/protocol/definition.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { assertEventId, assertSenderEventId, type IncomingEvent } from '../../src/protocol/events.ts'
import { limits } from '../../src/protocol/limits.ts'
import { initialState, type AgentState, type QueuedEvent } from '../../src/protocol/state.ts'
import { accept, assertEvent, mailboxWith, outcomeOf, positionOf, remember } from '../../src/workflows/agent/mailbox.ts'
import { startTurn } from '../../src/workflows/agent/turn.ts'

const newState = (): AgentState => initialState('a', { model: 'm', contextWindow: 4_000, pressure: defaults.pressure, budget: defaults.budget })
const message = (id: string): IncomingEvent => ({ id, kind: 'user-message', bytes: 5 })

function codeOf(event: unknown): string | undefined {
  try {
    assertEvent(event, newState())
    return undefined
  } catch (error) {
    return PerdureError.isInstance(error) ? error.code : `unexpected ${String(error)}`
  }
}

describe('an event id that a sender chooses', () => {
  const documents = 'documents-0b8f4c1e-2f1d-4f5a-9d58-3c1b7a2e9f00-3'

  test.each(['timer:tea:2027-03-01T08:00:00.000Z', 'timer:', 'timer-text:tea:0123', documents, 'import-1'])('may not be one that the runtime gives: %s [mailbox:dedupe]', (id) => {
    expect(() => assertSenderEventId(id)).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('choose another') as string }))
    expect(() => assertEventId(id)).not.toThrow()
  })

  test.each(['timer', 'my-timer:tea', 'timers:1', 'documents-of-march', 'documents-2027', 'import-of-march', 'import'])('may look a little like one: %s [mailbox:dedupe]', (id) => {
    expect(() => assertSenderEventId(id)).not.toThrow()
  })
})

describe('the mailbox', () => {
  test('keeps events in the order in which they came [mailbox:fifo]', () => {
    const state = newState()
    for (const id of ['x', 'y', 'z']) accept(state, message(id), 1)
    expect(state.mailbox.map(({ event }) => event.id)).toEqual(['x', 'y', 'z'])
    expect(positionOf(state, 'z')).toBe(3)
  })

  test('takes an event once, be it waiting, running or handled [mailbox:dedupe]', () => {
    const state = newState()
    accept(state, message('x'), 1)
    accept(state, message('x'), 2)
    expect(state.mailbox).toHaveLength(1)
    const queued = state.mailbox.shift()
    if (queued) state.running = startTurn(state, queued, 3)
    accept(state, message('x'), 4)
    expect(state.mailbox).toEqual([])
    expect(positionOf(state, 'x')).toBe(0)
    delete state.running
    remember(state, { turn: 1, eventId: 'x', end: 'completed', replies: [], figures: { steps: 1, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 1 } })
    accept(state, message('x'), 5)
    expect(state.mailbox).toEqual([])
    expect(outcomeOf(state, 'x')?.turn).toBe(1)
  })
})

describe('a mailbox that is compared with the stores', () => {
  const queued = (id: string, acceptedAt: number): QueuedEvent => ({ event: message(id), acceptedAt })
  const idsOf = (mailbox: readonly QueuedEvent[]): readonly string[] => mailbox.map(({ event }) => event.id)
  const holding = (...mailbox: QueuedEvent[]): AgentState => ({ ...newState(), mailbox })

  test('keeps the order in which messages were accepted, though they were stored in another [mailbox:fifo recover:from-stores]', () => {
    const state = holding(queued('second', 5), queued('first', 6))
    expect(idsOf(mailboxWith(state, [queued('first', 1), queued('second', 2)], false))).toEqual(['second', 'first'])
  })

  test("has the stores' order where messages were given again, which come in any; between them what came without a store [mailbox:fifo recover:from-stores]", () => {
    const state = holding(queued('third', 4), queued('signal', 2), queued('second', 5), queued('first', 6))
    expect(idsOf(mailboxWith(state, [queued('first', 1), queued('second', 2), queued('third', 3)], true))).toEqual(['first', 'signal', 'second', 'third'])
  })

  test.each([[false], [true]])('takes up what only the stores have, before what was sent later, whichever order counts: %s [mailbox:durable recover:from-stores]', (byStores) => {
    const state = holding(queued('first', 5), queued('fourth', 6))
    const stored = [queued('first', 1), queued('second', 2), queued('third', 3), queued('fourth', 4)]
    expect(idsOf(mailboxWith(state, stored, byStores))).toEqual(['first', 'second', 'third', 'fourth'])
  })

  test('has each of those before the first that was sent later, and leaves the others in their order, whatever that is [mailbox:fifo recover:from-stores]', () => {
    const moments = fc.array(fc.nat({ max: 20 }), { maxLength: 12 })
    fc.assert(
      fc.property(moments, moments, (ofHere, ofStores) => {
        const here = ofHere.map((moment, index) => queued(`here-${index}`, moment))
        const stored = ofStores.toSorted((one, other) => one - other).map((moment, index) => queued(`new-${index}`, moment))
        const merged = mailboxWith(holding(...here), stored, false)
        expect(merged.filter(({ event }) => event.id.startsWith('here'))).toEqual(here)
        expect(merged.filter(({ event }) => event.id.startsWith('new'))).toEqual(stored)
        for (const added of stored) {
          const later = here.findIndex(({ acceptedAt }) => acceptedAt > added.acceptedAt)
          const before = merged.slice(0, merged.indexOf(added)).filter(({ event }) => event.id.startsWith('here'))
          expect(before).toHaveLength(later < 0 ? here.length : later)
        }
      }),
    )
  })

  test('has nothing that has had its turn, or whose turn runs [mailbox:dedupe recover:from-stores]', () => {
    const state = holding(queued('handled', 5), queued('waits', 6))
    state.handled = [['handled', 1]]
    state.running = startTurn(state, queued('runs', 4), 5)
    expect(idsOf(mailboxWith(state, ['handled', 'runs', 'waits', 'new'].map((id, index) => queued(id, index)), false))).toEqual(['waits', 'new'])
  })

  test('is as large as a mailbox may be, however much the stores have: the rest stays pending there [mailbox:durable recover:from-stores]', () => {
    const state = holding(queued('here', 0))
    const stored = Array.from({ length: limits.mailboxEvents + 5 }, (_, index) => queued(`e${index}`, index + 1))
    const merged = mailboxWith(state, stored, false)
    expect(merged).toHaveLength(limits.mailboxEvents)
    expect(idsOf(merged).slice(-2)).toEqual([`e${limits.mailboxEvents - 3}`, `e${limits.mailboxEvents - 2}`])
  })
})

describe('what an event carries', () => {
  test('is only what is known: anything else that a sender wrote is left out [event:user-update]', () => {
    const state = newState()
    accept(state, { ...message('x'), secret: 'x'.repeat(100_000) } as IncomingEvent, 1)
    expect(state.mailbox).toEqual([{ event: message('x'), acceptedAt: 1 }])
  })
})

describe('an event is refused', () => {
  test.each([
    ['nothing', undefined, 'invalid-argument'],
    ['a text', 'hello', 'invalid-argument'],
    ['no id', { kind: 'user-message', bytes: 5 }, 'invalid-argument'],
    ['an id with spaces', { id: 'a b', kind: 'user-message', bytes: 5 }, 'invalid-argument'],
    ['an id with a NUL', { id: 'a\0b', kind: 'user-message', bytes: 5 }, 'invalid-argument'],
    ['an id with half a character', { id: 'a\ud800', kind: 'user-message', bytes: 5 }, 'invalid-argument'],
    ['an id that is too long', { id: 'x'.repeat(limits.eventIdCharacters + 1), kind: 'user-message', bytes: 5 }, 'invalid-argument'],
    ['an unknown kind', { id: 'x', kind: 'telepathy', bytes: 5 }, 'invalid-argument'],
    ['bytes that are no number', { id: 'x', kind: 'user-message', bytes: '5' }, 'invalid-argument'],
    ['a text that is no string', { id: 'x', kind: 'user-message', bytes: 5, text: {} }, 'invalid-argument'],
    ['an empty message', { id: 'x', kind: 'user-message', bytes: 0 }, 'message-empty'],
    ['a message of spaces', { id: 'x', kind: 'user-message', bytes: 3, text: '   ' }, 'message-empty'],
    ['an oversized message', { id: 'x', kind: 'user-message', bytes: limits.eventTextBytes + 1 }, 'message-too-large'],
    ['a message of too many bytes in few characters', { id: 'x', kind: 'user-message', bytes: 1, text: '語'.repeat(limits.eventTextBytes / 3 + 1) }, 'message-too-large'],
    ['a message that lies about its size', { id: 'x', kind: 'user-message', bytes: 1, text: 'x'.repeat(limits.eventTextBytes + 1) }, 'message-too-large'],
  ])('that is %s [event:user-update]', (_, event, code) => {
    expect(codeOf(event)).toBe(code)
  })

  test('or accepted, but never breaks the validator, whatever is sent [event:user-update]', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        expect(codeOf(event) ?? 'accepted').not.toMatch(/unexpected/)
      }),
    )
  })

  test('when the mailbox is full, unless it is known already [event:user-update mailbox:dedupe]', () => {
    const state = newState()
    for (let index = 0; index < limits.mailboxEvents; index += 1) state.mailbox.push({ event: message(`e${index}`), acceptedAt: 1 })
    expect(() => assertEvent(message('one-more'), state)).toThrow(/wait already/)
    expect(() => assertEvent(message('e7'), state)).not.toThrow()
  })

  test('when what waits has as many bytes as may be carried, however few it is [event:user-update mailbox:durable]', () => {
    const state = newState()
    const withText = (id: string): IncomingEvent => ({ id, kind: 'user-message', bytes: limits.eventTextBytes, text: 'x'.repeat(limits.eventTextBytes) })
    const take = (): void => {
      for (let index = 0; index < limits.mailboxEvents; index += 1) {
        assertEvent(withText(`e${index}`), state)
        accept(state, withText(`e${index}`), 1)
      }
    }
    expect(take).toThrow(/wait already/)
    expect(JSON.stringify(state.mailbox).length).toBeLessThanOrEqual(limits.mailboxBytes)
    expect(state.mailbox.length).toBe(Math.floor(limits.mailboxBytes / limits.eventTextBytes) - 1)
  })
})

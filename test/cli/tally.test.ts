import { describe, expect, test } from 'vitest'
import { tally } from '../../src/cli/demo/tally.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import type { TurnOutcome } from '../../src/protocol/turn.ts'

const base = { agentId: 'a', turn: 1, step: 1, text: '', tokens: 1, at: '' }
const event = (seq: number, eventId: string): StoredMessage => ({ ...base, op: `e${seq}`, seq, role: 'user', eventId })
const step = (seq: number, ids: readonly string[]): StoredMessage => ({ ...base, op: `s${seq}`, seq, role: 'assistant', calls: ids.map((id) => ({ id, name: 'search', arguments: '{}' })) })
const result = (seq: number, callId: string): StoredMessage => ({ ...base, op: `r${seq}`, seq, role: 'tool', callId })
const completed: TurnOutcome = { turn: 1, eventId: 'one', end: 'completed', replies: [], figures: { steps: 1, promptTokens: 0, cachedTokens: 0, completionTokens: 0, latencyMs: 0 } }
const holds = (...facts: Parameters<typeof tally>): boolean[] => tally(...facts).map((line) => line.holds)

describe('the account at the end of the demonstration', () => {
  const messages = [event(1, 'one'), step(2, ['c1', 'c2']), result(3, 'c1'), result(4, 'c2')]

  test('comes out where every message is there once and every call has one result', () => {
    expect(holds({ sent: ['one'], messages, outcomes: [completed] })).toEqual([true, true, true])
  })

  test('sees a message that is missing or doubled', () => {
    expect(holds({ sent: ['one', 'two'], messages, outcomes: [completed] })).toEqual([false, true, true])
    expect(holds({ sent: ['one'], messages: [...messages, event(5, 'one')], outcomes: [completed] })).toEqual([false, true, true])
  })

  test('sees a call without a result, with two, and a result without a call', () => {
    expect(holds({ sent: ['one'], messages: messages.slice(0, 3), outcomes: [completed] })).toEqual([true, false, true])
    expect(holds({ sent: ['one'], messages: [...messages, result(5, 'c2')], outcomes: [completed] })).toEqual([true, false, true])
    expect(holds({ sent: ['one'], messages: [...messages, result(5, 'c9')], outcomes: [completed] })).toEqual([true, false, true])
  })

  test('sees a turn without an end', () => {
    expect(holds({ sent: ['one'], messages, outcomes: [undefined] })).toEqual([true, true, false])
  })
})

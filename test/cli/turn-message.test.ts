import { describe, expect, test } from 'vitest'
import { noColours } from '../../src/cli/output/palette.ts'
import { turnEnd } from '../../src/cli/output/turn-end.ts'
import { callText, turnMessage } from '../../src/cli/output/turn-message.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import type { TurnOutcome } from '../../src/protocol/turn.ts'

const message = (fields: Partial<StoredMessage>): StoredMessage => ({
  agentId: 'sam', op: 'sam/1/1', seq: 2, turn: 1, step: 1, role: 'assistant', text: '', tokens: 1, at: '2026-01-01T00:00:00.000Z', ...fields,
})
const options = { palette: noColours, agentId: 'sam', thoughts: true, columns: 70 }
const appendCall = { id: 'c1', name: 'core_memory_append', arguments: '{"label":"human","content":"Name: Ada","request_heartbeat":true}' }

describe('a turn as it is shown', () => {
  test('a reply is the agent\'s name and the text, further lines indented [cli:chat]', () => {
    expect(turnMessage(message({ role: 'tool', text: 'Sent.', reply: 'Hello,\nAda.' }), options)).toBe('sam> Hello,\n  Ada.')
  })

  test('inner thoughts and calls are shown; what send_message says comes with its result [cli:chat]', () => {
    const shown = turnMessage(message({ text: 'She told me her name.', calls: [appendCall, { id: 'c2', name: 'send_message', arguments: '{"message":"Hi"}' }] }), options)
    expect(shown).toBe('  · She told me her name.\n  → core_memory_append(label: "human", content: "Name: Ada") ↻')
  })

  test('without thoughts only replies are left [cli:chat]', () => {
    const quiet = { ...options, thoughts: false }
    expect(turnMessage(message({ text: 'hm', calls: [appendCall] }), quiet)).toBeUndefined()
    expect(turnMessage(message({ role: 'tool', text: 'Appended.' }), quiet)).toBeUndefined()
    expect(turnMessage(message({ role: 'system', kind: 'memory-pressure', text: 'Full.' }), quiet)).toBeUndefined()
    expect(turnMessage(message({ role: 'tool', text: 'Sent.', reply: 'Hi' }), quiet)).toBe('sam> Hi')
  })

  test('a result is one short line, a failed one is marked', () => {
    expect(turnMessage(message({ role: 'tool', ok: true, text: `found\n${'x'.repeat(200)}` }), options)).toHaveLength(70)
    expect(turnMessage(message({ role: 'tool', ok: false, text: 'block is full' }), options)).toBe('  ✗ block is full')
  })

  test('what the user wrote is not shown again, an alert is', () => {
    expect(turnMessage(message({ role: 'user', kind: 'user-message', text: 'hello' }), options)).toBeUndefined()
    expect(turnMessage(message({ role: 'system', kind: 'memory-pressure', text: 'Save now.' }), options)).toBe('  ! memory-pressure: Save now.')
  })

  test('arguments that are no JSON are shown as the model wrote them', () => {
    expect(callText({ id: 'c', name: 'search', arguments: '{"query": "x' })).toBe('search({"query": "x)')
  })
})

describe('the end of a turn in words', () => {
  const outcome = (fields: Partial<TurnOutcome>): TurnOutcome => ({
    turn: 1, eventId: 'e', end: 'completed', replies: [], figures: { steps: 1, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 1 }, ...fields,
  })

  test('a completed turn with a reply says nothing, one without says so', () => {
    expect(turnEnd(outcome({}), 1, noColours)).toBeUndefined()
    expect(turnEnd(outcome({}), 0, noColours)).toBe('  (no reply)')
  })

  test('a parked turn says why, that the message is kept, and what to do', () => {
    const text = turnEnd(outcome({ end: 'parked', reason: 'model-refused', detail: 'the key was refused' }), 0, noColours)
    expect(text).toContain('the key was refused')
    expect(text).toContain('The message is kept')
    expect(text).toContain('OPENAI_API_KEY')
    expect(text).toContain('/resume')
  })

  test('stopped and cancelled turns are named', () => {
    expect(turnEnd(outcome({ end: 'stopped', reason: 'step-budget', detail: '24 steps' }), 0, noColours)).toBe('stopped (step-budget): 24 steps')
    expect(turnEnd(outcome({ end: 'cancelled' }), 0, noColours)).toContain('cancelled')
  })
})

import { describe, expect, test } from 'vitest'
import { callText, thoughtsOf } from '../../src/cli/output/call-text.ts'
import { figuresText } from '../../src/cli/output/figures-text.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import { replyText } from '../../src/cli/output/reply-lines.ts'
import { turnEnd } from '../../src/cli/output/turn-end.ts'
import { resultLine, thoughtText } from '../../src/cli/output/turn-message.ts'
import type { TurnOutcome } from '../../src/protocol/turn.ts'

const pipe = { palette: noColours, columns: 70, wraps: false }
const screen = { ...pipe, wraps: true }
const long = 'The key of the boathouse hangs behind the blue clock, and has done so for as long as anybody remembers.'

describe('a turn as it is shown', () => {
  test('a reply is the agent\'s name and the text, further lines indented; for a script its lines are not broken [cli:chat]', () => {
    expect(replyText('Hello,\nAda.', { ...pipe, agentId: 'sam' })).toBe('sam> Hello,\n  Ada.')
    expect(replyText(long, { ...pipe, agentId: 'sam' })).toBe(`sam> ${long}`)
  })

  test('on a screen words stay whole, and stand below each other [cli:chat]', () => {
    const lines = replyText(long, { ...screen, agentId: 'sam' }).split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line.length).toBeLessThan(70)
    expect(lines.slice(1).every((line) => line.startsWith('     '))).toBe(true)
    expect(lines.map((line, index) => (index === 0 ? line.slice(5) : line.trim())).join(' ')).toBe(long)
  })

  test('inner thoughts are found beside the calls and within their arguments [cli:chat]', () => {
    const calls = [
      { id: 'a', name: 'core_memory_append', arguments: '{"inner_thoughts":"Keep it.","label":"human"}' },
      { id: 'b', name: 'send_message', arguments: '{"message":"Hi"}' },
    ]
    expect(thoughtsOf({ text: 'She told me her name.', calls })).toEqual([{ text: 'She told me her name.' }, { call: 0, text: 'Keep it.' }])
    expect(thoughtText(' one\ntwo ', pipe)).toBe('  · one\n    two')
  })

  test('a result is one short line, a failed one is marked', () => {
    expect(resultLine({ ok: true, text: `found\n${'x'.repeat(200)}` }, pipe).length).toBeLessThan(71)
    expect(resultLine({ ok: false, text: 'block is full' }, pipe)).toBe('  ✗ block is full')
  })

  test('a call shows its arguments without those of the runtime; arguments that are no JSON stand as the model wrote them', () => {
    const args = '{"inner_thoughts":"x","label":"human","content":"Name: Ada","request_heartbeat":true}'
    expect(callText({ id: 'c', name: 'core_memory_append', arguments: args })).toBe('core_memory_append(label: "human", content: "Name: Ada") ↻')
    expect(callText({ id: 'c', name: 'search', arguments: '{"query": "x' })).toBe('search({"query": "x)')
  })
})

describe('the end of a turn in words', () => {
  const figures = { steps: 2, promptTokens: 3_412, cachedTokens: 0, completionTokens: 85, latencyMs: 1_440 }
  const outcome = (fields: Partial<TurnOutcome>): TurnOutcome => ({ turn: 1, eventId: 'e', end: 'completed', replies: [], figures, ...fields })

  test('a completed turn with a reply says nothing, one without says so', () => {
    expect(turnEnd(outcome({}), 1, noColours)).toBeUndefined()
    expect(turnEnd(outcome({}), 0, noColours)).toBe('  (no reply)')
  })

  test('a parked turn says why, that the message is kept, and what to do', () => {
    const text = turnEnd(outcome({ end: 'parked', reason: 'model-refused', detail: 'the key was refused (401)' }), 0, noColours)
    expect(text).toContain('the key was refused')
    expect(text).toContain('The message is kept')
    expect(text).toContain('OPENAI_API_KEY')
    expect(text).toContain('/resume')
  })

  test.each([
    ['refused: check key, permission and credit (401): Incorrect API key provided', ['OPENAI_API_KEY'], ['/model']],
    ["gives no more on this key's credit: add credit there (429 insufficient_quota): no credit", ['Add credit', '/resume'], ['OPENAI_API_KEY', '/model', '/set']],
    ["gives no more on this key's credit: add credit there, or allow a shorter answer (sampling.maxOutputTokens) (402): can only afford 2213", ['Add credit', '/set sampling.maxOutputTokens'], ['OPENAI_API_KEY']],
    ['does not accept the request: check model name (404 model_not_found): The model `old` has been retired', ['/model NAME'], ['OPENAI_API_KEY']],
    ['does not accept the request: check model name (400 model_not_found): no model of 401 parameters', ['/model NAME'], ['OPENAI_API_KEY']],
    ['does not accept the request: check settings (400): bad temperature', ['/set FIELD=VALUE', '/model NAME', '/cancel'], ['OPENAI_API_KEY']],
  ])('a refusal is advised on by what was refused: %s [cli:chat]', (detail, named, unnamed) => {
    const text = turnEnd(outcome({ end: 'parked', reason: 'model-refused', detail }), 0, noColours) ?? ''
    expect(text).toContain(detail)
    for (const advice of named) expect(text).toContain(advice)
    for (const advice of unnamed) expect(text).not.toContain(advice)
  })

  test('stopped and cancelled turns are named', () => {
    expect(turnEnd(outcome({ end: 'stopped', reason: 'step-budget', detail: '24 steps' }), 0, noColours)).toBe('stopped (step-budget): 24 steps')
    expect(turnEnd(outcome({ end: 'cancelled' }), 0, noColours)).toContain('cancelled')
  })

  test('what it has taken is one line: steps, tokens, cost where it is known, time [cli:chat]', () => {
    expect(figuresText(figures)).toBe('2 steps · 3,412 tokens in, 85 out · 1.4 s')
    expect(figuresText({ ...figures, cachedTokens: 1_000, costMicros: 1_200 })).toBe('2 steps · 3,412 tokens in (1,000 cached), 85 out · $0.0012 · 1.4 s')
    expect(figuresText({ ...figures, latencyMs: 61_400, waitedMs: 60_000 })).toBe('2 steps · 3,412 tokens in, 85 out · 1.4 s')
  })
})

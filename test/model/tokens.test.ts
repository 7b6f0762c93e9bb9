import { describe, expect, test } from 'vitest'
import { countMessageTokens, countTokens, countToolsTokens } from '../../src/model/tokens.ts'

describe('counts of tokens', () => {
  test('are those of o200k_base for ordinary text', () => {
    expect(countTokens('')).toBe(0)
    expect(countTokens('hello world')).toBe(2)
    expect(countTokens('hello world this is '.repeat(50))).toBe(201)
  })

  test('are the same at every call, remembered or not', () => {
    const text = 'The same text, long enough to be remembered, counted twice over. '.repeat(20)
    expect(countTokens(text)).toBe(countTokens(text))
  })

  test('take a special token for plain text', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(3)
  })

  test('stay close where a run without spaces is counted in pieces', () => {
    // Exact counts of o200k_base, which take seconds.
    expect(countTokens('a'.repeat(2_000))).toBeGreaterThanOrEqual(250)
    expect(countTokens('a'.repeat(2_000))).toBeLessThan(300)
    expect(countTokens('永遠'.repeat(1_000))).toBeGreaterThanOrEqual(1_900)
    expect(countTokens('永遠'.repeat(1_000))).toBeLessThanOrEqual(2_150)
  })

  test('finish for long input without spaces, in any script', () => {
    for (const unit of ['x', '=', 'é', '永', '😀', '\u0301']) expect(countTokens(unit.repeat(10_000))).toBeGreaterThan(100)
    expect(countTokens(' '.repeat(100_000))).toBeGreaterThan(100)
  })

  test('include the calls of an assistant message, and the schemas of tools', () => {
    const bare = countMessageTokens({ role: 'assistant', content: 'thinking', toolCalls: [] })
    const calling = countMessageTokens({
      role: 'assistant',
      content: 'thinking',
      toolCalls: [{ id: '1', name: 'send_message', arguments: '{"message":"hello"}' }],
    })
    expect(calling).toBeGreaterThan(bare + 6)
    expect(countToolsTokens([])).toBe(0)
    expect(countToolsTokens([{ name: 'a', description: 'does it', parameters: { type: 'object' } }])).toBeGreaterThan(8)
  })
})

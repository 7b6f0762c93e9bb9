import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { tokenCounterOf } from '../../src/model/byte-pairs.ts'
import { countMessageTokens, countTokens, countToolsTokens, loadTokenCounter } from '../../src/model/tokens.ts'

describe('counts of tokens', () => {
  test('are those of o200k_base for ordinary text', () => {
    expect(countTokens('')).toBe(0)
    expect(countTokens('hello world')).toBe(2)
    expect(countTokens('hello world this is '.repeat(50))).toBe(201)
  })

  test.each([
    ["don't we'll SHE'D it's IT'S", 7],
    ['antidisestablishmentarianism', 6],
    ['camelCaseAndHTTPServer2000', 7],
    ['1234567890123', 5],
    ['永遠の中国語と日本語', 8],
    ['안녕하세요 세계', 3],
    ['שלום עולם', 2],
    ['مرحبا بالعالم', 4],
    ['Ünïcödé naïve Straße', 8],
    ['e\u0301 a\u0300\u0301 \u0301', 6],
    ['👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 😀😀😀', 18],
    ['٣٤٥ ½ Ⅷ ²', 10],
    ['  \n\n\t  x   \r\n  ', 5],
    ['\u3000\u00a0\u2009a', 4],
    ['if (a[i] !== b?.c) {\n    return //**\\\\\n}', 18],
    ['\ud800 \udfff a\ud83d', 4],
    ['<|endoftext|><|endofprompt|>', 13],
    ['\u0000\u0007\u001b[31m', 6],
    ['==========--------_____', 3],
    ['https://example.org/a/b?c=d&e=%20', 12],
    ['ზღაპარი ถนน ไทย தமிழ்', 7],
    ['qzxjkvbwqzxjkvbwqzxjkvbwqzxjkvbwqzxjkvbwqzxjkvbwqzxjkvbw', 35],
  ] as const)('are those that js-tiktoken gives, of hard text too: %j', (text, tokens) => {
    expect(countTokens(text)).toBe(tokens)
  })

  test('are the same at every call, remembered or not', () => {
    const text = 'The same text, long enough to be remembered, counted twice over. '.repeat(20)
    expect(countTokens(text)).toBe(countTokens(text))
  })

  test('of all of which a vocabulary is made are one each, and of a longer text as many as its parts', () => {
    const signs = ['a', 'b', 'c', 'ab', 'abc'].map((token) => Buffer.from(token).toString('base64'))
    const count = tokenCounterOf({ pat_str: '[a-z]+| ', bpe_ranks: `! 0 ${signs.slice(0, 3).join(' ')}\n! 3 ${signs.slice(3).join(' ')}\n` })
    expect(['a', 'b', 'c', 'ab', 'abc'].map((text) => count(text))).toEqual([1, 1, 1, 1, 1])
    expect(count('abcabca')).toBe(3)
    expect(count('cba')).toBe(3)
    expect(count('bcabc')).toBe(3)
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

  test('need the vocabulary\'s texts no more once its table is made', () => {
    loadTokenCounter()
    expect(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('js-tiktoken'))).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { priceOf, priceProblems, readPrices, withCost, writePrices } from '../../src/model/prices.ts'
import { addUsage, costText, dollarsText, microsOf, type Spending } from '../../src/protocol/cost.ts'
import { readConfig } from '../../src/config/config.ts'

const usage = { promptTokens: 1_000, cachedTokens: 400, completionTokens: 50 }

describe('prices', () => {
  test('are dollars for a million tokens: input, cached, output, by model [cost]', () => {
    const prices = readPrices('gpt-4.1=2/0.5/8, qwen3:8b=0/0/0')
    expect(prices).toEqual({ 'gpt-4.1': { input: 2, cached: 0.5, output: 8 }, 'qwen3:8b': { input: 0, cached: 0, output: 0 } })
    expect(readPrices(writePrices(prices))).toEqual(prices)
  })

  test('that are malformed are named one by one, with what would be right [cost]', () => {
    expect(priceProblems('gpt-4.1=2/0.5/8')).toEqual([])
    const problems = priceProblems('gpt-4.1,a=1/2,b=1/x/3,c=1/2/-3,d=1/2/3,d=1/2/3')
    expect(problems).toHaveLength(5)
    expect(problems.join('\n')).toMatch(/"gpt-4.1".*\n.*"a=1\/2".*\n.*"x" as the cached price of b.*\n.*"-3" as the output price of c.*\n.*d twice/)
    expect(() => readConfig({ PERDURE_PRICES: 'gpt-4.1=2' })).toThrow(/PERDURE_PRICES has "gpt-4.1=2"; write model=input\/cached\/output/)
  })

  test('that nobody has given are not known, which is not nothing; the simulated model costs nothing [cost]', () => {
    const { prices } = readConfig({ PERDURE_PRICES: 'gpt-4.1=2/0.5/8' })
    expect(priceOf(prices, 'gpt-4.1-mini')).toBeUndefined()
    expect(priceOf(prices, 'constructor')).toBeUndefined()
    expect(withCost(usage, undefined)).not.toHaveProperty('costMicros')
    expect(withCost(usage, priceOf(prices, 'perdure-simulated')).costMicros).toBe(0)
  })

  test('count cached tokens at their own price, and round up to a millionth of a dollar [cost]', () => {
    expect(withCost(usage, { input: 2, cached: 0.5, output: 8 }).costMicros).toBe(600 * 2 + 400 * 0.5 + 50 * 8)
    expect(withCost({ promptTokens: 1, cachedTokens: 0, completionTokens: 0 }, { input: 0.1, cached: 0, output: 0 }).costMicros).toBe(1)
    expect(withCost({ promptTokens: 30, cachedTokens: 0, completionTokens: 0 }, { input: 0.1, cached: 0, output: 0 }).costMicros).toBe(3)
  })
})

describe('a sum of costs', () => {
  const empty = (): Spending => ({ promptTokens: 0, cachedTokens: 0, completionTokens: 0 })

  test('says how many of its parts have no known price [cost]', () => {
    const sum = empty()
    addUsage(sum, { ...usage, costMicros: 7 }, 0)
    expect(costText(sum)).toBe('$0.000007')
    addUsage(sum, usage, 1)
    expect(sum).toEqual({ promptTokens: 2_000, cachedTokens: 800, completionTokens: 100, costMicros: 7, unpriced: 1 })
    expect(costText(sum)).toBe('at least $0.000007')
    expect(costText({ unpriced: 2 })).toBe('unknown')
    expect(costText({})).toBeUndefined()
  })

  test('that an earlier version began without prices does not pass for the whole [cost]', () => {
    const carried = { ...empty(), promptTokens: 5_000 }
    addUsage(carried, { ...usage, costMicros: 7 }, 12)
    expect(carried).toMatchObject({ costMicros: 7, unpriced: 12 })
  })

  test('is written in dollars, exactly [cost]', () => {
    expect([0, 1, 50_000, 1_234_567, 12_000_000].map(dollarsText)).toEqual(['$0.00', '$0.000001', '$0.05', '$1.234567', '$12.00'])
    expect(microsOf(0.05)).toBe(50_000)
    expect(() => microsOf(0)).toThrow(/at least 0.000001/)
  })
})

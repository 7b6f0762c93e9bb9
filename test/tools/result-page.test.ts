import { describe, expect, test } from 'vitest'
import { merelyNear, renderPage } from '../../src/tools/result-page.ts'

const shown = (page: number, lines: readonly string[]): string =>
  renderPage({ page, lines, found: [{ count: 5_018, atLeast: true, noun: 'results' }, merelyNear()], hint: 'Try other words.' })

describe('a page of results', () => {
  test('behind all that were put in order is none, and more are said to be there where there may be [recall:search]', () => {
    expect(shown(1, ['one'])).toBe('Showing 1-1 of at least 5018 results (page 1)\none')
    expect(shown(5_000, [])).toBe('Page 5000 lies behind the best 5018 results, and no more of them are put in order. Try other words.')
  })
})

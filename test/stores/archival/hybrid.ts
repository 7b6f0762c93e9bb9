import { describe, expect, test } from 'vitest'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId } from '../memory/samples.ts'
import { east, insertAll, leaning, north, searchTexts, space, west } from './samples.ts'

const near = Array.from({ length: 20 }, (_, index) => ({ text: `plain ${index}`, vector: leaning(index / 40) }))

export function hybridPromises(under: () => ArchivalUnderTest): void {
  describe('search by meaning and by words together', () => {
    test('finds a passage by a rare word though its vector points elsewhere [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text: 'the Xylophone in the attic', vector: west }])
      const { total, texts } = await searchTexts(store, agentId, { words: 'where is the xylophone?', limit: 5 })
      expect(total).toBe(21)
      expect(texts).toContain('the Xylophone in the attic')
    })

    test.for([
      ['등대에서', '등대'], ['كـــتابٌ', 'كتاب'], ['Łódź', 'lodz'], ['ex\u00adam\u200bple', 'example'], ['🇩🇪', '🇩🇪'], ['1,000,000', '1000000'], ['getUserName', 'user_name'], ['e-mail', 'email'],
    ] as const)('finds "%s" by "%s" though its vector points elsewhere: forms of a word are one word [archival:insert-search]', async ([text, query]) => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text, vector: west }])
      expect((await searchTexts(store, agentId, { words: query, limit: 5 })).texts).toContain(text)
    })

    test('finds a passage by its meaning though no word matches [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [{ text: 'felines', vector: north }, ...near.map((sample) => ({ ...sample, vector: east }))])
      expect((await searchTexts(store, agentId, { words: 'cats', limit: 1 })).texts).toEqual(['felines'])
      expect((await searchTexts(store, agentId, { words: '?!', limit: 1 })).texts).toEqual(['felines'])
    })

    test('what matches both ways stands before what matches one way [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [
        { text: 'felines', vector: leaning(0.1) },
        { text: 'cats in cafés', vector: north },
        { text: 'cats', vector: west },
        { text: 'stones', vector: west },
      ])
      expect((await searchTexts(store, agentId, { words: 'cats cafes' })).texts[0]).toBe('cats in cafés')
    })

    test('hits come with falling scores [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text: 'xylophone', vector: leaning(0.6) }])
      const { hits } = await store.search(agentId, { words: 'xylophone 3', vector: north, offset: 0, limit: 21 }, space)
      const scores = hits.map((hit) => hit.score)
      expect(scores).toEqual(scores.toSorted((one, other) => other - one))
      expect(scores.every((score) => score > 0)).toBe(true)
    })

    test('pages are the same each time and do not overlap; together they are all [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const twins = ['plain twin', 'plain twin too', 'other'].map((text) => ({ text, vector: east }))
      await insertAll(store, agentId, [...near, ...twins])
      const page = async (offset: number) => searchTexts(store, agentId, { words: 'plain 7 12', offset, limit: 5 })
      const pages = await Promise.all([0, 5, 10, 15, 20, 25].map(page))
      expect(pages.map((found) => found.texts.length)).toEqual([5, 5, 5, 5, 3, 0])
      expect(new Set(pages.flatMap((found) => found.texts)).size).toBe(23)
      expect(new Set(pages.map((found) => found.total))).toEqual(new Set([23]))
      expect(await page(5)).toEqual(pages[1])
    })

    test('takes no words for an operator, a wildcard or a pattern [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, ...awkwardTexts.map((text) => ({ text, vector: west }))])
      for (const text of awkwardTexts) expect((await searchTexts(store, agentId, { words: text, limit: 10 })).texts).toContain(text)
      for (const words of ['', '"', `'`, '*', '%', '.*', 'AND', '\u0000']) expect((await searchTexts(store, agentId, { words })).total).toBe(31)
    })

    test('a vector of zeros breaks neither insert nor search [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const zeros = [0, 0, 0, 0]
      await insertAll(store, agentId, [{ text: 'penguin', vector: zeros }, { text: 'walrus', vector: north }])
      expect((await searchTexts(store, agentId, { words: 'penguin' })).texts.toSorted()).toEqual(['penguin', 'walrus'])
      expect((await searchTexts(store, agentId, { words: 'penguin', vector: zeros, limit: 1 })).texts).toEqual(['penguin'])
    })
  })
}

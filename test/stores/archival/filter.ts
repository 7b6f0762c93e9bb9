import { beforeAll, describe, expect, test } from 'vitest'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { freshAgentId, moment } from '../memory/samples.ts'
import { insertAll, north, searchTexts, west } from './samples.ts'

export function filterPromises(under: () => ArchivalUnderTest): void {
  describe('filters', () => {
    const agentId = `${freshAgentId()}-filters`
    const find = async (query: Parameters<typeof searchTexts>[2]) => {
      const { total, texts } = await searchTexts(under().store, agentId, { words: 'penguin', ...query })
      return { total, texts: texts.toSorted() }
    }

    beforeAll(async () => {
      await insertAll(under().store, agentId, [
        { text: 'penguin a', vector: north, tags: ['birds', `it's "100 %"`], source: 'zoo.md' },
        { text: 'b', vector: north, tags: ['birds_of_prey', 'caf\u00e9'], source: 'zoo.md' },
        { text: 'penguin c', vector: west, tags: ['sea', 'birds', 'cafe\u0301'], source: 'sea.md' },
        { text: 'd', vector: west, source: 'agent' },
      ])
    })

    test('by tag: passages that have at least one of the tags [archival:insert-search]', async () => {
      expect(await find({ tags: ['birds'] })).toEqual({ total: 2, texts: ['penguin a', 'penguin c'] })
      expect(await find({ tags: ['sea', 'birds_of_prey'] })).toEqual({ total: 2, texts: ['b', 'penguin c'] })
      expect(await find({ tags: [`it's "100 %"`] })).toEqual({ total: 1, texts: ['penguin a'] })
      expect(await find({ tags: ['bird%'] })).toEqual({ total: 0, texts: [] })
    })

    test('by tag, in either form of one that looks the same [archival:insert-search]', async () => {
      for (const tag of ['caf\u00e9', 'cafe\u0301']) expect(await find({ tags: [tag] })).toEqual({ total: 2, texts: ['b', 'penguin c'] })
    })

    test('no tags named is no filter [archival:insert-search]', async () => {
      expect((await find({ tags: [] })).total).toBe(4)
    })

    test('by source [archival:insert-search]', async () => {
      expect(await find({ source: 'zoo.md' })).toEqual({ total: 2, texts: ['b', 'penguin a'] })
      expect(await find({ source: 'zoo' })).toEqual({ total: 0, texts: [] })
      const listed = async (source: string) => (await under().store.list(agentId, 0, 10, { source })).map(({ text }) => text)
      expect([await listed('zoo.md'), await listed('zoo'), (await under().store.list(agentId, 1, 1, { source: 'zoo.md' })).length]).toEqual([['b', 'penguin a'], [], 1])
    })

    test('by time, beginning included and end excluded, in any notation of ISO 8601 [archival:insert-search]', async () => {
      expect(await find({ from: moment(2), to: moment(4) })).toEqual({ total: 2, texts: ['b', 'penguin c'] })
      expect((await find({ from: '2024-03-04' })).texts).toEqual(['d'])
      expect((await find({ from: '2024-03-04T14:00:00+02:00' })).texts).toEqual(['d'])
      expect((await find({ to: '2024-03-02T12:00:00Z' })).texts).toEqual(['penguin a'])
    })

    test('all at once, and in pages [archival:insert-search]', async () => {
      expect(await find({ tags: ['birds'], source: 'sea.md', from: moment(1), to: moment(9) })).toEqual({ total: 1, texts: ['penguin c'] })
      expect(await find({ tags: ['birds'], offset: 1, limit: 1 })).toMatchObject({ total: 2, texts: [expect.any(String)] })
      expect(await find({ tags: ['birds'], offset: 2, limit: 1 })).toEqual({ total: 2, texts: [] })
    })
  })
}

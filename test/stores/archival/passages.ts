import { describe, expect, test } from 'vitest'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, moment } from '../memory/samples.ts'
import { east, insertAll, north, searchTexts, space } from './samples.ts'

export function passagePromises(under: () => ArchivalUnderTest): void {
  describe('passages', () => {
    test('gives passages back as they were, on another handle too [archival:insert-search]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const samples = awkwardTexts.map((text, index) => ({ text, tags: [text, 'tag'], source: `${text}.md`, at: moment(index + 1) }))
      const passages = await insertAll(store, agentId, samples)
      expect(await another.list(agentId, 0, 100)).toEqual(passages.toReversed())
      const found = await another.search(agentId, { words: 'walrus', vector: north, offset: 0, limit: 100 }, space)
      expect(found.hits.map((hit) => hit.passage)).toEqual(expect.arrayContaining([...passages]))
      expect(await another.count(agentId)).toBe(awkwardTexts.length)
    })

    test('a passage inserted again under its operation is there once, as it was first [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const [first] = await insertAll(store, agentId, [{ text: 'penguin', vector: north }, { text: 'later' }])
      if (first === undefined) throw new Error('nothing was inserted')
      const again = { ...first, text: 'walrus' }
      await store.insert([{ passage: first, vector: north }, { passage: again, vector: east }, { passage: again, vector: east }], space)
      expect((await store.list(agentId, 0, 10)).map((passage) => passage.text)).toEqual(['later', 'penguin'])
      expect(await searchTexts(store, agentId, { words: 'walrus', limit: 1 })).toEqual({ total: 2, texts: ['penguin'] })
    })

    test('a batch that names an operation twice stores it once [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const passage = { agentId, op: 'same', text: 'penguin', tags: [], source: 'agent', at: moment(1) }
      await store.insert([{ passage, vector: north }, { passage, vector: north }], space)
      expect(await store.count(agentId)).toBe(1)
    })

    test('many at once, of a document for one, are all there, in order, and repeating changes nothing [archival:insert-search documents:load]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const passages = Array.from({ length: 90 }, (_, index) => ({ agentId, op: `${index}`, text: `penguin ${index} stood at the pier `.repeat(20), tags: [], source: 'a.txt', at: moment(1) }))
      const given = passages.map((passage) => ({ passage, vector: north }))
      await store.insert(given.slice(0, 30), space)
      await store.insert(given, space)
      expect((await store.list(agentId, 0, 100)).map(({ op }) => op)).toEqual(passages.map(({ op }) => op).toReversed())
      await store.remove(agentId, passages.slice(5).map(({ op }) => op))
      expect(await store.count(agentId)).toBe(5)
    })

    test('inserts at the same time under one operation store one passage [archival:insert-search]', async () => {
      const { store, another } = under()
      const passage = { agentId: freshAgentId(), op: 'same', text: 'penguin', tags: [], source: 'agent', at: moment(1) }
      await Promise.all([store, another, store, another].map((handle) => handle.insert([{ passage, vector: north }], space)))
      expect(await store.count(passage.agentId)).toBe(1)
    })

    test('a batch of hundreds is stored whole, and an empty one is no error [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const batch = Array.from({ length: 300 }, (_, index) => ({
        passage: { agentId, op: `batch/${index}`, text: `line ${index}`, tags: [], source: 'book.txt', at: moment(1) },
        vector: [1, index, 0, 0],
      }))
      await store.insert(batch, space)
      await store.insert([], space)
      expect(await store.count(agentId)).toBe(300)
    })

    test('lists newest first, in pages', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, ['one', 'two', 'three', 'four', 'five'].map((text) => ({ text })))
      const page = async (offset: number) => (await store.list(agentId, offset, 2)).map((passage) => passage.text)
      expect(await page(0)).toEqual(['five', 'four'])
      expect(await page(2)).toEqual(['three', 'two'])
      expect(await page(4)).toEqual(['one'])
      expect(await page(6)).toEqual([])
    })

    test('agents see only their own passages, also under the same operation [archival:insert-search]', async () => {
      const { store } = under()
      const one = freshAgentId()
      await insertAll(store, one, [{ text: 'penguin of one', op: 'same' }])
      await insertAll(store, `${one}b`, [{ text: 'penguin of two', op: 'same' }, { text: 'walrus' }])
      expect(await searchTexts(store, one, { words: 'penguin walrus' })).toEqual({ total: 1, texts: ['penguin of one'] })
      expect(await store.count(`${one}b`)).toBe(2)
      expect(await store.count(one)).toBe(1)
    })

    test('erasing an agent leaves agents alone whose ids look alike, and finds nothing of it any more', async () => {
      const { store, another } = under()
      const erased = `${freshAgentId()}_b`
      const others = [erased.slice(0, -1), `${erased}c`, erased.replace('_', 'x')]
      for (const agentId of [erased, ...others]) await insertAll(store, agentId, [{ text: 'penguin' }])
      await store.eraseAgent(erased)
      await store.eraseAgent(erased)
      expect(await another.count(erased)).toBe(0)
      expect(await searchTexts(another, erased, { words: 'penguin' })).toEqual({ total: 0, texts: [] })
      for (const agentId of others) expect(await searchTexts(another, agentId, { words: 'penguin' })).toEqual({ total: 1, texts: ['penguin'] })
      await insertAll(store, erased, [{ text: 'walrus' }])
      expect(await searchTexts(store, erased, { words: 'penguin' })).toEqual({ total: 1, texts: ['walrus'] })
    })
  })
}

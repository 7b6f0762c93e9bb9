import { describe, expect, test } from 'vitest'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { freshAgentId } from '../memory/samples.ts'
import { insertAll, searchTexts } from './samples.ts'

export function removePromises(under: () => ArchivalUnderTest): void {
  describe('passages that are removed', () => {
    test('are found no more, by meaning or by words, and the others stay [documents:load archival:insert-search]', async () => {
      const { store } = under()
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      const passages = await insertAll(store, agentId, [{ text: 'heron one' }, { text: 'heron two' }, { text: 'heron three' }])
      await insertAll(store, other, [{ text: 'heron four' }])
      const ops = passages.slice(0, 2).map(({ op }) => op)
      await store.remove(agentId, [...ops, `${agentId}/nowhere`])
      await store.remove(agentId, ops)
      expect(await searchTexts(store, agentId, { words: 'heron' })).toEqual({ total: 1, texts: ['heron three'] })
      expect([await store.count(agentId), await store.count(other)]).toEqual([1, 1])
    })

    test('may be inserted again [documents:load]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const [passage] = await insertAll(store, agentId, [{ text: 'heron' }])
      await store.remove(agentId, [passage?.op ?? ''])
      await insertAll(store, agentId, [{ text: 'crane' }])
      expect(await searchTexts(store, agentId, { words: 'crane' })).toEqual({ total: 1, texts: ['crane'] })
    })
  })
}

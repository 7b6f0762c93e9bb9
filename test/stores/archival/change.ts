import { describe, expect, test } from 'vitest'
import type { Passage } from '../../../src/stores/archival.ts'
import { awkwardTexts, freshAgentId, moment } from '../memory/samples.ts'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { insertAll, north, searchTexts, space, west } from './samples.ts'

const edited = (passage: Passage, text: string, op = `edit-${text}`): Passage => ({
  ...passage,
  text,
  tags: ['edited'],
  edits: [...(passage.edits ?? []), { op, by: 'Grace "G" Hopper', at: moment(9) }],
})

export function changePromises(under: () => ArchivalUnderTest): void {
  const one = async (text: string, more: Partial<Passage> = {}): Promise<Passage> => {
    const [passage = expect.fail('nothing was inserted')] = await insertAll(under().store, freshAgentId(), [{ text, ...more }])
    return passage
  }

  describe('passages of a person', () => {
    test('are found by their operation id with all that is known of their origin, on another handle too [archival:person]', async () => {
      const { store, another } = under()
      const passage = await one('heron', { source: 'person', by: 'Ada', supersedes: 'ada/1/1/0' })
      expect(await another.get(passage.agentId, passage.op)).toEqual(passage)
      expect(await store.list(passage.agentId, 0, 10)).toEqual([passage])
      expect(await store.get(passage.agentId, `${passage.op}0`)).toBeUndefined()
      expect(await store.get(freshAgentId(), passage.op)).toBeUndefined()
    })

    test('are edited with words, tags and vector, again and again, and stay where they are in the list [archival:person]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const [first = expect.fail()] = await insertAll(store, agentId, [{ text: 'heron', vector: west }, { text: 'stork', vector: west }])
      let passage = first
      for (const text of ['crane', ...awkwardTexts, 'bittern']) {
        passage = edited(passage, text)
        expect(await another.edit({ passage, vector: north }, space)).toBe(true)
        expect(await store.get(agentId, first.op)).toEqual(passage)
      }
      expect((await store.list(agentId, 0, 10)).map(({ text }) => text)).toEqual(['stork', 'bittern'])
      expect(await searchTexts(store, agentId, { words: 'bittern', tags: ['edited'] })).toEqual({ total: 1, texts: ['bittern'] })
      // By words alone: 'heron' has none any more, and both are ranked by meaning, the edited one first.
      expect((await searchTexts(store, agentId, { words: 'heron' })).texts).toEqual(['bittern', 'stork'])
      expect(await store.count(agentId)).toBe(2)
    })

    test('lose no edit: of two at the same time one is told to look again; one that is not there is not made [archival:person]', async () => {
      const { store, another } = under()
      const passage = await one('heron')
      const attempts = await Promise.all(['crane', 'stork', 'ibis'].map((text, index) => (index % 2 ? store : another).edit({ passage: edited(passage, text), vector: north }, space)))
      expect(attempts.filter(Boolean)).toHaveLength(1)
      expect((await store.get(passage.agentId, passage.op))?.edits).toHaveLength(1)
      expect(await store.edit({ passage: edited(passage, 'late'), vector: north }, space)).toBe(false)
      const absent = { ...passage, op: `${passage.op}0` }
      expect(await store.edit({ passage: edited(absent, 'nowhere'), vector: north }, space)).toBe(false)
      expect(await store.get(passage.agentId, absent.op)).toBeUndefined()
    })

    test('are not edited any more once another one supersedes them, by whoever has read them before that either [archival:person]', async () => {
      const { store, another } = under()
      const [old = expect.fail(), later = expect.fail()] = await insertAll(store, freshAgentId(), [{ text: 'heron' }, { text: 'crane' }])
      await another.supersede(old.agentId, old.op, later.op)
      expect(await store.edit({ passage: edited(old, 'stork'), vector: north }, space)).toBe(false)
      expect(await store.get(old.agentId, old.op)).toEqual({ ...old, supersededBy: later.op })
      expect(await store.list(old.agentId, 0, 10)).toEqual([later])
    })

    test('that another one supersedes are kept, and neither found, counted nor listed but where they are asked for; the first stands [archival:person]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const [old = expect.fail(), later = expect.fail()] = await insertAll(store, agentId, [{ text: 'heron in the reeds' }, { text: 'heron in the tree' }])
      expect(await store.supersede(agentId, old.op, later.op)).toEqual({ ...old, supersededBy: later.op })
      expect(await another.supersede(agentId, old.op, 'another')).toEqual({ ...old, supersededBy: later.op })
      expect(await store.supersede(agentId, `${old.op}0`, later.op)).toBeUndefined()
      expect(await searchTexts(another, agentId, { words: 'heron reeds' })).toEqual({ total: 1, texts: [later.text] })
      expect([await store.count(agentId), await another.list(agentId, 0, 10)]).toEqual([1, [later]])
      expect((await searchTexts(store, agentId, { words: 'reeds', superseded: true })).texts).toEqual([old.text, later.text])
      expect(await store.list(agentId, 0, 10, { superseded: true })).toEqual([later, { ...old, supersededBy: later.op }])
      await store.eraseAgent(agentId)
      expect(await store.list(agentId, 0, 10, { superseded: true })).toEqual([])
    })
  })
}

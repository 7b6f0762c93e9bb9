import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { liveMarkOf, noLiveMark, type LiveBatch, type LiveStore } from '../../src/stores/live.ts'
import { freshAgentId } from './memory/samples.ts'
import type { StoreHarness } from './store-contract.ts'

const sample = (agentId: string, seq: number, attempt: number, batch: number, turn = 1): LiveBatch => ({
  agentId, seq, turn, step: 2, attempt, batch, texts: [{ n: batch, kind: 'text', text: `"${seq}" \u0000 ${attempt} 😀`, call: 0, callId: 'c' }],
})

/** Every promise of `LiveStore`, as tests. */
export function liveStoreContract(name: string, open: () => Promise<StoreHarness<LiveStore>>): void {
  describe(`store of live text: ${name}`, () => {
    let harness: StoreHarness<LiveStore>
    let store: LiveStore
    let another: LiveStore
    beforeAll(async () => {
      harness = await open()
      store = harness.store
      another = (await harness.reopen?.()) ?? store
    })
    afterAll(() => harness.close())

    test('gives each agent what comes after its mark, in order, on another handle too [live:text]', async () => {
      const [one, two] = [freshAgentId(), freshAgentId()].sort() as [string, string]
      const ones = [sample(one, 9, 1, 1), sample(one, 9, 1, 2), sample(one, 9, 2, 1), sample(one, 10, 1, 1), sample(one, 10, 1, 10)]
      for (const batch of ones.toReversed()) await store.append(batch)
      await store.append(sample(two, 3, 1, 1))
      expect(await another.afterEach(new Map([[one, noLiveMark], [two, noLiveMark]]), 10)).toEqual([...ones, sample(two, 3, 1, 1)])
      expect(await another.afterEach(new Map([[one, liveMarkOf(ones[1] ?? sample(one, 9, 1, 2))]]), 2)).toEqual(ones.slice(2, 4))
      expect(await another.afterEach(new Map(), 10)).toEqual([])
    })

    test('a batch that is sent again is the first one [live:text]', async () => {
      const agentId = freshAgentId()
      await store.append(sample(agentId, 1, 1, 1))
      await another.append({ ...sample(agentId, 1, 1, 1), texts: [] })
      expect(await store.afterEach(new Map([[agentId, noLiveMark]]), 10)).toEqual([sample(agentId, 1, 1, 1)])
    })

    test('knows the latest attempt of a step [live:text]', async () => {
      const agentId = freshAgentId()
      expect(await store.latestAttempt(agentId, 2)).toBe(0)
      for (const batch of [sample(agentId, 1, 7, 1), sample(agentId, 2, 1, 12), sample(agentId, 2, 3, 1), sample(agentId, 3, 9, 1)]) await store.append(batch)
      expect(await another.latestAttempt(agentId, 2)).toBe(3)
    })

    test('keeps an aside until it is forgotten, with its answer, apart from live text [openai:asides]', async () => {
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      const aside = { agentId, id: 'a', messages: [{ role: 'user', text: '"\u0000 😀' }] } as const
      const usage = { promptTokens: 10, cachedTokens: 0, completionTokens: 3 }
      const answered = { answer: { text: 'Boats', model: 'm', usage }, cost: { agentId, id: 'a', at: '2026-01-01T00:00:00.000Z', model: 'm', usage, latencyMs: 5 } }
      await store.putAside(aside)
      expect(await another.aside(agentId, 'a')).toEqual(aside)
      await another.answerAside({ ...aside, answered })
      await store.putAside({ ...aside, agentId: other })
      expect(await store.aside(agentId, 'a')).toEqual({ ...aside, answered })
      expect(await store.afterEach(new Map([[agentId, noLiveMark]]), 10)).toEqual([])
      await store.forgetTurns(agentId, 9)
      expect(await store.aside(agentId, 'a')).toBeDefined()
      await another.forgetAside(agentId, 'a')
      // Its asker has left: an answer that comes after that is for nobody.
      await store.answerAside({ ...aside, answered })
      expect([await store.aside(agentId, 'a'), await store.aside(other, 'a')]).toEqual([undefined, { ...aside, agentId: other }])
      await store.forget(other)
      expect(await another.aside(other, 'a')).toBeUndefined()
    })

    test('forgets an agent, and no other one [live:text]', async () => {
      const [gone, left] = [freshAgentId(), freshAgentId()]
      for (const agentId of [gone, left]) await store.append(sample(agentId, 1, 1, 1))
      await another.forget(gone)
      expect(await store.afterEach(new Map([[gone, noLiveMark], [left, noLiveMark]]), 10)).toEqual([sample(left, 1, 1, 1)])
    })

    test('forgets the turns up to one, in every attempt, and nothing of a later one [live:text]', async () => {
      const [one, other] = [freshAgentId(), freshAgentId()]
      const before = [sample(one, 2, 1, 1, 1), sample(one, 9, 3, 1, 9), sample(one, 9, 999_999_999_999, 2, 9)]
      const after = [sample(one, 10, 1, 1, 10), sample(one, 100, 2, 1, 100), sample(other, 9, 1, 1, 9)]
      for (const batch of [...before, ...after]) await store.append(batch)
      await another.forgetTurns(one, 9)
      const left = await store.afterEach(new Map([[one, noLiveMark], [other, noLiveMark]]), 10)
      expect(left).toHaveLength(after.length)
      expect(left).toEqual(expect.arrayContaining(after))
    })

    test('a mark, where the store has one, tells that another handle has written [live:text]', async () => {
      const before = await store.changeMark()
      await another.append(sample(freshAgentId(), 1, 1, 1))
      if (before !== undefined) expect(await store.changeMark()).not.toBe(before)
    })
  })
}

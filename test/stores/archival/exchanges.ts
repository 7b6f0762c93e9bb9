import { setImmediate as afterOthers } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { EmbeddingSpace } from '../../../src/stores/archival.ts'
import type { ExchangePart, ExchangeQuery } from '../../../src/stores/exchanges.ts'
import { freshAgentId, moment } from '../memory/samples.ts'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { east, insertAll, leaning, north, searchTexts, space, west } from './samples.ts'

const exchange = (first: number, vector: readonly number[], more: Partial<ExchangePart> = {}): ExchangePart => ({ first, last: first + 1, part: 0, at: moment(first), vector, ...more })

export function exchangePromises(under: () => ArchivalUnderTest): void {
  const firsts = async (agentId: string, query: Partial<ExchangeQuery> = {}, of: EmbeddingSpace = space): Promise<readonly number[]> =>
    (await under().store.exchanges.nearest(agentId, { vector: north, limit: 100, ...query }, of)).map(({ first }) => first)

  describe('exchanges', () => {
    test('are found nearest first, those that are as near newest first, and as many as asked for [recall:meaning]', async () => {
      const agentId = freshAgentId()
      await under().store.exchanges.insert(agentId, [exchange(1, east), exchange(3, leaning(0.5)), exchange(5, north), exchange(7, east)], space)
      expect(await firsts(agentId)).toEqual([5, 3, 7, 1])
      expect(await firsts(agentId, { limit: 2 })).toEqual([5, 3])
      const [best] = await under().another.exchanges.nearest(agentId, { vector: north, limit: 1 }, space)
      expect(best).toMatchObject({ first: 5, last: 6 })
      expect(best?.similarity).toBeCloseTo(1)
    })

    test('of several parts are found once, by the nearest of them [recall:meaning]', async () => {
      const agentId = freshAgentId()
      const parts = [east, leaning(0.1), west].map((vector, part) => exchange(1, vector, { part }))
      await under().store.exchanges.insert(agentId, [...parts, exchange(3, leaning(0.5)), exchange(5, east)], space)
      expect(await firsts(agentId)).toEqual([1, 3, 5])
      expect(await firsts(agentId, { limit: 2 })).toEqual([1, 3])
    })

    test('are found by when they began and by their numbers [recall:meaning]', async () => {
      const agentId = freshAgentId()
      await under().store.exchanges.insert(agentId, [1, 3, 5, 7].map((first) => exchange(first, north)), space)
      expect(await firsts(agentId, { before: 5 })).toEqual([3, 1])
      expect(await firsts(agentId, { from: moment(3) })).toEqual([7, 5, 3])
      expect(await firsts(agentId, { from: moment(3), to: moment(5) })).toEqual([3])
    })

    test('stand as they were inserted first, and the latest says how far they go [recall:meaning]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      expect(await store.exchanges.latest(agentId, space)).toBeUndefined()
      await store.exchanges.insert(agentId, [exchange(3, north), exchange(1, north)], space)
      await store.exchanges.insert(agentId, [exchange(1, east), exchange(3, east, { last: 9 })], space)
      expect(await another.exchanges.latest(agentId, space)).toEqual({ first: 3, last: 4 })
      expect((await another.exchanges.nearest(agentId, { vector: north, limit: 9 }, space)).map(({ similarity }) => Math.round(similarity))).toEqual([1, 1])
    })

    test('are the latest only when all of their parts are there, also while they are being stored [recall:meaning]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      await store.exchanges.insert(agentId, [exchange(1, north)], space)
      await store.exchanges.insert(agentId, [exchange(3, west, { part: 2 }), exchange(3, west, { part: 1 })], space)
      expect(await another.exchanges.latest(agentId, space)).toEqual({ first: 1, last: 2 })
      const parts = Array.from({ length: 4_000 }, (_, part) => exchange(3, part === 3_999 ? north : east, { part }))
      const inserted = store.exchanges.insert(agentId, parts, space)
      while ((await another.exchanges.latest(agentId, space))?.first === 1) await afterOthers()
      expect((await another.exchanges.nearest(agentId, { vector: north, limit: 1 }, space))[0]?.first).toBe(3)
      await inserted
    })

    test('are one agent\'s, and no passages [recall:meaning http:tenants]', async () => {
      const { store } = under()
      const [agentId, other, tenant] = [freshAgentId(), freshAgentId(), `~acme~${freshAgentId()}`]
      await store.exchanges.insert(agentId, [exchange(1, north)], space)
      await store.exchanges.insert(tenant, [exchange(5, north)], space)
      await insertAll(store, other, [{ text: 'heron', vector: north }])
      expect([await firsts(agentId), await firsts(other), await firsts(tenant)]).toEqual([[1], [], [5]])
      expect([await store.count(agentId), await store.count(other)]).toEqual([0, 1])
      expect(await searchTexts(store, agentId, { words: 'heron' })).toEqual({ total: 0, texts: [] })
    })

    test('go with their agent, and those of others stay [recall:meaning]', async () => {
      const { store, another } = under()
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      for (const one of [agentId, other]) await store.exchanges.insert(one, [exchange(1, north)], space)
      await store.exchanges.insert(agentId, [exchange(1, [1, 0])], { model: 'erased too', dimensions: 2 })
      await another.eraseAgent(agentId)
      expect([await firsts(agentId), await firsts(other)]).toEqual([[], [1]])
      expect(await store.exchanges.latest(agentId, { model: 'erased too', dimensions: 2 })).toBeUndefined()
    })

    test('of different models lie apart, none is refused, and those of all but one can be removed [recall:meaning archival:embedding-guard]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const [next, wider] = [{ model: 'next', dimensions: 4 }, { model: 'next', dimensions: 5 }]
      await store.exchanges.insert(agentId, [exchange(1, north)], space)
      await store.exchanges.insert(agentId, [exchange(3, north)], next)
      await store.exchanges.insert(agentId, [exchange(5, [...north, 0])], wider)
      expect([await firsts(agentId), await firsts(agentId, {}, next), await firsts(agentId, { vector: [...north, 0] }, wider)]).toEqual([[1], [3], [5]])
      expect(await store.exchanges.keepOnly(next)).toBe(true)
      expect([await firsts(agentId), await firsts(agentId, {}, next), await firsts(agentId, { vector: [...north, 0] }, wider)]).toEqual([[], [3], []])
      expect(await store.exchanges.keepOnly(next)).toBe(false)
      await store.exchanges.insert(agentId, [exchange(1, north)], space)
      expect(await firsts(agentId)).toEqual([1])
    })

    test('are refused with a vector that is not of their model [recall:meaning]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await expect(store.exchanges.insert(agentId, [exchange(1, north), exchange(3, [1, 0])], space)).rejects.toMatchObject({ name: 'PerdureError' })
      expect(await firsts(agentId)).toEqual([])
    })
  })
}

export function inForcePromises(under: () => ArchivalUnderTest): void {
  test('a worker makes vectors of exchanges with the model of the passages, and without passages with that which has made some [recall:meaning archival:embedding-guard]', async () => {
    const { store, another } = under()
    const [agentId, next] = [freshAgentId(), { model: 'next/one', dimensions: 4 }]
    const inForce = (): Promise<readonly boolean[]> => Promise.all([space, next].map((of) => another.exchanges.isInForce(of)))
    expect(await inForce()).toEqual([true, true])
    await store.exchanges.insert(agentId, [exchange(1, north), exchange(3, north)], space)
    expect(await inForce()).toEqual([true, false])
    expect(await another.exchanges.others(space)).toEqual([])
    expect(await another.exchanges.others(next)).toEqual([{ ...space, vectors: 2 }])
    await store.exchanges.insert(agentId, [exchange(1, north)], next)
    expect(await inForce()).toEqual([true, true])
    await store.exchanges.keepOnly(next)
    expect(await inForce()).toEqual([false, true])
    await store.exchanges.insert(agentId, [exchange(1, north)], space)
    await insertAll(store, agentId, [{ text: 'heron', vector: north }])
    expect(await inForce()).toEqual([true, false])
    await store.eraseAgent(agentId)
    expect(await another.exchanges.others(next)).toEqual([])
  })
}

import { describe, expect, test } from 'vitest'
import { PerdureError } from '../../../src/protocol/errors.ts'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { freshAgentId, moment } from '../memory/samples.ts'
import { east, insertAll, space } from './samples.ts'

const query = { words: 'penguin', offset: 0, limit: 5 }

async function errorOf(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    return error
  }
}

export function embeddingPromises(under: () => ArchivalUnderTest): void {
  describe('embedding spaces', () => {
    test('an empty store answers a search with nothing, and counts nothing [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      expect(await store.search(agentId, { ...query, vector: east }, space)).toEqual({ total: 0, hits: [] })
      expect(await store.count(agentId)).toBe(0)
      expect(await store.list(agentId, 0, 10)).toEqual([])
    })

    test.for([
      ['another model', { model: 'other-embedder', dimensions: 4 }, [0, 1, 0, 0]],
      ['other dimensions', { model: 'contract-embedder', dimensions: 3 }, [0, 1, 0]],
    ] as const)('%s is refused, on insert and on search, by an error that names both [archival:embedding-guard]', async ([, other, vector]) => {
      const { store, another } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [{ text: 'penguin' }])
      const passage = { agentId, op: 'other', text: 'walrus', tags: [], source: 'agent', at: moment(2) }
      for (const handle of [store, another]) {
        const insert = () => handle.insert([{ passage, vector }], other)
        const search = () => handle.search(agentId, { ...query, vector }, other)
        for (const attempt of [insert, search]) {
          const error = await errorOf(attempt)
          expect(PerdureError.isInstance(error) && error.code).toBe('embedding-mismatch')
          for (const named of [space.model, other.model, String(space.dimensions), String(other.dimensions)]) expect(String(error)).toContain(named)
        }
      }
      expect(await store.count(agentId)).toBe(1)
    })

    test('a vector that has not the dimensions of its space is refused [archival:embedding-guard]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const passage = { agentId, op: 'short', text: 'walrus', tags: [], source: 'agent', at: moment(2) }
      await expect(store.insert([{ passage, vector: [1, 0] }], space)).rejects.toThrow()
      await insertAll(store, agentId, [{ text: 'penguin' }])
      await expect(store.search(agentId, { ...query, vector: [1, 0] }, space)).rejects.toThrow()
      expect(await store.count(agentId)).toBe(1)
    })
  })
}

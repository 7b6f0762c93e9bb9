import { describe, expect, test } from 'vitest'
import type { MemoryStore } from '../../../src/stores/stores.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, sampleVersion } from './samples.ts'

/** What every writer of a shared block does: read, change, insert the next version; again if somebody was first. */
async function append(store: MemoryStore, blockId: string, word: string): Promise<void> {
  while (true) {
    const current = await store.blocks.current(blockId)
    const version = (current?.version ?? 0) + 1
    const next = sampleVersion(blockId, version, `${current?.value ?? ''} ${word}`, { op: word })
    if ((await store.blocks.insert(next)).status === 'stored') return
  }
}

export function blockPromises(under: () => MemoryUnderTest): void {
  describe('blocks', () => {
    test('the highest version is the present one [core:blocks]', async () => {
      const { store, another } = under()
      const blockId = `${freshAgentId()}/human`
      expect(await store.blocks.current(blockId)).toBeUndefined()
      for (const version of [1, 2, 10]) {
        const inserted = sampleVersion(blockId, version, `value ${version}`)
        expect(await store.blocks.insert(inserted)).toEqual({ status: 'stored', version: inserted })
        expect(await another.blocks.current(blockId)).toEqual(inserted)
      }
    })

    test('reads several blocks in the order asked, with a gap where there is none [core:blocks]', async () => {
      const { blocks } = under().store
      const agentId = freshAgentId()
      await blocks.insert(sampleVersion(`${agentId}/human`, 1, 'old'))
      await blocks.insert(sampleVersion(`${agentId}/human`, 2, 'Chad'))
      await blocks.insert(sampleVersion(`${agentId}/persona`, 1, 'Ada'))
      const ids = [`${agentId}/persona`, `${agentId}/none`, `${agentId}/human`, `${agentId}/persona`]
      expect((await blocks.currents(ids)).map((block) => block?.value)).toEqual(['Ada', undefined, 'Chad', 'Ada'])
      expect(await blocks.currents([])).toEqual([])
    })

    test('a write repeated under its operation is stored once, also after later writes [core:append-replace]', async () => {
      const { blocks } = under().store
      const blockId = `${freshAgentId()}/human`
      const first = sampleVersion(blockId, 1, 'first')
      await blocks.insert(first)
      expect(await blocks.insert(first)).toEqual({ status: 'stored', version: first })
      await blocks.insert(sampleVersion(blockId, 2, 'second'))
      expect(await blocks.insert({ ...first, version: 3, value: 'first, tried again' })).toEqual({ status: 'stored', version: first })
      expect(await blocks.history(blockId, 10)).toHaveLength(2)
    })

    test('finds a version by the operation that wrote it, however many came after [core:append-replace]', async () => {
      const { blocks } = under().store
      const blockId = `${freshAgentId()}/human`
      const versions = [1, 2, 3].map((version) => sampleVersion(blockId, version, `value ${version}`))
      for (const version of versions) await blocks.insert(version)
      expect(await blocks.byOp(blockId, `${blockId}#2`)).toEqual(versions[1])
      expect(await blocks.byOp(blockId, 'unknown')).toBeUndefined()
      expect(await blocks.byOp('another block', `${blockId}#2`)).toBeUndefined()
    })

    test('another write of a version that is there is a conflict, which says who was first [core:append-replace]', async () => {
      const { blocks } = under().store
      const blockId = `${freshAgentId()}/human`
      const first = sampleVersion(blockId, 1, 'first')
      await blocks.insert(first)
      expect(await blocks.insert({ ...first, op: 'late', value: 'second' })).toEqual({ status: 'conflict', version: first })
      expect(await blocks.current(blockId)).toEqual(first)
    })

    test('the same operation may write one version of each of two blocks [core:append-replace]', async () => {
      const { blocks } = under().store
      const agentId = freshAgentId()
      const [one, two] = [sampleVersion(`${agentId}/a`, 1, 'a', { op: 'same' }), sampleVersion(`${agentId}/b`, 1, 'b', { op: 'same' })]
      expect((await blocks.insert(one)).status).toBe('stored')
      expect(await blocks.insert(two)).toEqual({ status: 'stored', version: two })
    })

    test('writers at the same time lose no edit [multi:shared-blocks]', async () => {
      const { store, another } = under()
      const blockId = `shared-${freshAgentId()}`
      const words = Array.from({ length: 8 }, (_, writer) => Array.from({ length: 5 }, (_, edit) => `w${writer}e${edit}`))
      const writers = words.map(async (edits, writer) => {
        for (const word of edits) await append(writer % 2 ? store : another, blockId, word)
      })
      await Promise.all(writers)
      const current = await store.blocks.current(blockId)
      expect(current?.version).toBe(40)
      expect(current?.value.trim().split(' ').toSorted()).toEqual(words.flat().toSorted())
    })

    test('keeps every version with its turn, author and time, newest first [core:history]', async () => {
      const { blocks } = under().store
      const blockId = `${freshAgentId()}/human`
      const versions = awkwardTexts.map((value, index) => sampleVersion(blockId, index + 1, value, { author: index % 2 ? 'chad' : 'ada' }))
      for (const version of versions) await blocks.insert(version)
      expect(await blocks.history(blockId, 100)).toEqual(versions.toReversed())
      expect((await blocks.history(blockId, 2)).map((version) => version.version)).toEqual([11, 10])
      expect(await blocks.version(blockId, 3)).toEqual(versions[2])
      expect(await blocks.version(blockId, 99)).toBeUndefined()
      expect(await blocks.history(`${blockId}s`, 10)).toEqual([])
    })
  })
}

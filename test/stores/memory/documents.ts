import { describe, expect, test } from 'vitest'
import type { StoredDocument } from '../../../src/protocol/documents.ts'
import type { DocumentStore } from '../../../src/stores/documents.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, moment } from './samples.ts'

const sample = (agentId: string, more: Partial<StoredDocument> = {}): StoredDocument => ({
  agentId, name: 'report.pdf', hash: 'h1', bytes: 10, set: 's1', status: 'waiting', at: moment(1), ...more,
})

async function contentOf(documents: DocumentStore, agentId: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for (;;) {
    const part = await documents.contentPart(agentId, 'h1', parts.length)
    if (part === undefined) return Buffer.concat(parts)
    parts.push(part)
  }
}

export function documentPromises(under: () => MemoryUnderTest): void {
  describe('documents', () => {
    test('one of a name takes the place of the one before it, and others stand beside it [documents:load]', async () => {
      const { documents } = under().store
      const first = sample(freshAgentId())
      expect(await documents.get(first.agentId, first.name)).toBeUndefined()
      expect(await documents.put(first, undefined)).toBe(true)
      await documents.put({ ...first, name: 'a/b c.txt', status: 'loaded' }, undefined)
      const next = { ...first, hash: 'h2', earlier: ['h1'], pages: 3, chunks: 9 }
      expect(await documents.put(next, first)).toBe(true)
      expect(await under().another.documents.get(first.agentId, first.name)).toEqual(next)
      const { total, documents: listed } = await documents.list(first.agentId, { offset: 0, limit: 10 })
      expect([total, listed.map(({ name }) => name)]).toEqual([2, ['a/b c.txt', 'report.pdf']])
      expect((await documents.list(first.agentId, { offset: 1, limit: 1 })).documents).toEqual([next])
      expect(await documents.count(first.agentId)).toBe(1)
      await documents.remove(next)
      expect(await documents.get(first.agentId, first.name)).toBeUndefined()
    })

    test('one that was given to another set, or another status, since it was read stays as it is [documents:load]', async () => {
      const { documents } = under().store
      const read = sample(freshAgentId())
      await documents.put(read, undefined)
      expect(await documents.put({ ...read, hash: 'h7' }, undefined)).toBe(false)
      const ofAnother = { ...read, set: 's2' }
      expect(await under().another.documents.put(ofAnother, read)).toBe(true)
      expect(await documents.put({ ...read, status: 'loaded' }, read)).toBe(false)
      await documents.remove(read)
      expect(await documents.get(read.agentId, read.name)).toEqual(ofAnother)
      const removing = { ...ofAnother, status: 'removing' } as const
      expect(await documents.put(removing, ofAnother)).toBe(true)
      expect(await documents.put({ ...ofAnother, status: 'loaded' }, ofAnother)).toBe(false)
      await documents.remove(removing)
      expect(await documents.put({ ...ofAnother, status: 'loaded' }, ofAnother)).toBe(false)
      expect(await documents.get(read.agentId, read.name)).toBeUndefined()
    })

    test('come by name until none waits, whichever set they are of; a set knows its own [documents:load]', async () => {
      const { documents } = under().store
      const agentId = freshAgentId()
      for (const [name, status] of [['b', 'waiting'], ['a', 'removing'], ['c', 'failed'], ['d', 'loaded']] as const) await documents.put(sample(agentId, { name, status }), undefined)
      await documents.put(sample(agentId, { name: '0', set: 'other' }), undefined)
      const pending = async (limit: number): Promise<string[]> => (await documents.pending(agentId, limit)).map(({ name }) => name)
      expect([await pending(9), await pending(2)]).toEqual([['0', 'a', 'b'], ['0', 'a']])
      expect(await Promise.all(['s1', 'other', 'none'].map((set) => documents.countPending(agentId, set)))).toEqual([2, 1, 0])
      expect((await documents.ofSet(agentId, 's1')).map(({ name, status }) => `${name} ${status}`)).toEqual(['a removing', 'b waiting', 'c failed', 'd loaded'])
    })

    test('tell the agents of a task queue that have any that wait or are to be removed, the longest waiting first [documents:load recover:from-stores]', async () => {
      const { documents } = under().store
      const [one, two, done, other, former] = [freshAgentId(), freshAgentId(), freshAgentId(), freshAgentId(), freshAgentId()]
      const taskQueue = `q-${one}`
      const given: readonly StoredDocument[] = [
        sample(one, { taskQueue, name: 'a', at: moment(2) }),
        sample(one, { taskQueue, name: 'b', at: moment(9) }),
        sample(two, { taskQueue, status: 'removing', at: moment(1) }),
        sample(done, { taskQueue, name: 'a', status: 'loaded' }),
        sample(done, { taskQueue, name: 'b', status: 'failed' }),
        sample(other, { taskQueue: 'another' }),
        sample(former),
      ]
      for (const document of given) await documents.put(document, undefined)
      const agents = (more: { readonly before?: string; readonly limit?: number } = {}) => under().another.documents.agentsWithUnfinished({ taskQueue, before: moment(10), limit: 10, ...more })
      expect(await agents()).toEqual([two, one])
      expect(await agents({ limit: 1 })).toEqual([two])
      expect(await agents({ before: moment(2) })).toEqual([two])
      const [first] = given
      if (first !== undefined) await documents.put({ ...first, status: 'loaded' }, first)
      expect(await agents({ before: moment(9) })).toEqual([two])
    })

    test('know who else has a content, now or as an earlier one [documents:load]', async () => {
      const { documents } = under().store
      const agentId = freshAgentId()
      await documents.put(sample(agentId, { name: 'a', hash: 'h1', status: 'loaded' }), undefined)
      await documents.put(sample(agentId, { name: 'b', hash: 'h2', earlier: ['h0'] }), undefined)
      await documents.put(sample(agentId, { name: 'c', hash: 'h9', status: 'failed' }), undefined)
      expect(await Promise.all(['h1', 'h2', 'h0', 'h9', 'h5'].map((hash) => documents.isUsed(agentId, hash, 'a')))).toEqual([false, true, true, false, false])
      expect(await documents.isUsed(agentId, 'h1', 'b')).toBe(true)
      expect(await Promise.all(['h1', 'h9'].map((hash) => documents.isUsed(agentId, hash)))).toEqual([true, false])
    })

    test('content comes back as its parts were put, whatever their order, and each part is put once [documents:load]', async () => {
      const { documents } = under().store
      const agentId = freshAgentId()
      const bytes = Uint8Array.from({ length: 3_000 }, (_, index) => index % 256)
      for (const part of [2, 0, 1]) await documents.putContent(agentId, 'h1', part, bytes.subarray(part * 1_000, (part + 1) * 1_000))
      await documents.putContent(agentId, 'h1', 1, new Uint8Array(5))
      expect(await contentOf(documents, agentId)).toEqual(Buffer.from(bytes))
      await documents.dropContent(agentId, 'h1')
      expect(await contentOf(documents, agentId)).toHaveLength(0)
    })

    test('chunks are read by place, and found by page or line [documents:analyse]', async () => {
      const { documents } = under().store
      const agentId = freshAgentId()
      const pages = [1, 1, 3].map((page, index) => ({ text: `text ${index}`, page, heading: 'A › B' }))
      await documents.putChunks(agentId, 'h1', 0, pages.slice(0, 2))
      await documents.putChunks(agentId, 'h1', 2, pages.slice(2))
      await documents.putChunks(agentId, 'h1', 0, pages.slice(0, 2))
      expect(await documents.countChunks(agentId, 'h1')).toBe(3)
      expect(await documents.chunks(agentId, 'h1', 1, 9)).toEqual(pages.slice(1))
      expect(await Promise.all([1, 2, 3, 4].map((page) => documents.placeOf(agentId, 'h1', { page })))).toEqual([0, 2, 2, undefined])
      const lines = awkwardTexts.map((text, index) => ({ text, lines: [index * 10 + 1, index * 10 + 10] as const }))
      await documents.putChunks(agentId, 'h2', 0, lines)
      expect(await documents.chunks(agentId, 'h2', 0, 100)).toEqual(lines)
      expect(await Promise.all([1, 10, 11].map((line) => documents.placeOf(agentId, 'h2', { line })))).toEqual([0, 0, 1])
      await documents.dropChunks(agentId, 'h1', 0)
      expect([await documents.countChunks(agentId, 'h1'), await documents.countChunks(agentId, 'h2')]).toEqual([0, lines.length])
    })

    test('chunks take the place of those that were there, and those behind a place go [documents:load]', async () => {
      const { documents } = under().store
      const agentId = freshAgentId()
      await documents.putChunks(agentId, 'h1', 0, ['former', 'former', 'tail', 'tail'].map((text) => ({ text, page: 1 })))
      const present = [2, 3].map((page) => ({ text: 'present', page }))
      await documents.putChunks(agentId, 'h1', 0, present)
      expect([await documents.placeOf(agentId, 'h1', { page: 2 }), await documents.placeOf(agentId, 'h1', { page: 3 })]).toEqual([0, 1])
      await documents.dropChunks(agentId, 'h1', 3)
      expect(await documents.countChunks(agentId, 'h1')).toBe(3)
      await documents.dropChunks(agentId, 'h1', 2)
      await documents.dropChunks(agentId, 'h1', 2)
      expect(await documents.chunks(agentId, 'h1', 0, 9)).toEqual(present)
    })

    test('of a large document go, and those of another stay [documents:load]', async () => {
      const { documents } = under().store
      const agentId = freshAgentId()
      await documents.putChunks(agentId, 'h1', 0, Array.from({ length: 1_000 }, (_, index) => ({ text: `text ${index}` })))
      await documents.putChunks(agentId, 'h2', 0, [{ text: 'x' }])
      for (let part = 0; part < 9; part += 1) await documents.putContent(agentId, 'h1', part, new Uint8Array(1_000))
      await documents.dropChunks(agentId, 'h1', 0)
      await documents.dropContent(agentId, 'h1')
      expect([await documents.countChunks(agentId, 'h1'), await documents.countChunks(agentId, 'h2'), (await contentOf(documents, agentId)).length]).toEqual([0, 1, 0])
    })

    test('are gone with their agent [documents:load agent:create]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await store.documents.put(sample(agentId), undefined)
      await store.documents.putContent(agentId, 'h1', 0, new Uint8Array(3))
      await store.documents.putChunks(agentId, 'h1', 0, [{ text: 'x' }])
      await store.eraseAgent(agentId)
      expect(await store.documents.get(agentId, 'report.pdf')).toBeUndefined()
      expect(await contentOf(store.documents, agentId)).toHaveLength(0)
      expect(await store.documents.countChunks(agentId, 'h1')).toBe(0)
    })
  })
}

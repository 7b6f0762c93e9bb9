import { describe, expect, test } from 'vitest'
import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { MeantQuery } from '../../../src/stores/stores.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { freshAgentId, moment, sampleMessage } from './samples.ts'

export function meantPromises(under: () => MemoryUnderTest): void {
  /** Stores one event per text, numbered and dated from 1. */
  const agentWith = async (texts: readonly string[], more: Partial<StoredMessage> = {}): Promise<string> => {
    const agentId = freshAgentId()
    for (const [index, text] of texts.entries()) await under().store.messages.insert(sampleMessage(agentId, index + 1, text, { eventId: `e${index}`, ...more }))
    return agentId
  }
  const find = async (agentId: string, query: Partial<MeantQuery>): Promise<{ total: number; seqs: readonly number[] }> => {
    const found = await under().store.messages.search(agentId, { order: 'relevance', offset: 0, limit: 100, ...query })
    return { total: found.total, seqs: found.messages.map((message) => message.seq) }
  }
  const texts = ['the harbour', 'gulls', 'a lighthouse', 'rain', 'the keeper', 'the sea', 'mist', 'a walrus sleeps']
  const meant = [{ first: 3, last: 3, similarity: 0.9 }, { first: 5, last: 6, similarity: 0.6 }, { first: 1, last: 1, similarity: 0.2 }]

  describe('messages: searching by words and meaning', () => {
    test('what was meant is found by no word of it, best first [recall:meaning]', async () => {
      const agentId = await agentWith(texts)
      expect(await find(agentId, { text: 'beacon', meant })).toEqual({ total: 4, seqs: [3, 6, 5, 1] })
      expect(await find(agentId, { text: '', meant })).toEqual({ total: 4, seqs: [3, 6, 5, 1] })
    })

    test('what has the words comes before what is meant, and what is both before either; each is counted once [recall:meaning]', async () => {
      const agentId = await agentWith(texts)
      expect(await find(agentId, { text: 'walrus', meant })).toEqual({ total: 5, seqs: [8, 3, 6, 5, 1] })
      const both = await find(agentId, { text: 'walrus lighthouse', meant })
      expect(both.total).toBe(5)
      expect(both.seqs.slice(0, 2)).toEqual([3, 8])
    })

    test('is paged without a gap or a repetition [recall:meaning]', async () => {
      const agentId = await agentWith(texts)
      const whole = await find(agentId, { text: 'walrus rain mist', meant })
      const pages = []
      for (let offset = 0; offset < whole.total; offset += 2) pages.push(await find(agentId, { text: 'walrus rain mist', meant, offset, limit: 2 }))
      expect(pages.flatMap(({ seqs }) => seqs)).toEqual(whole.seqs)
      expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([7]))
    })

    test('holds all filters, and finds what was said alone [recall:meaning]', async () => {
      const agentId = await agentWith(texts)
      expect((await find(agentId, { text: 'beacon', meant, from: moment(5) })).seqs).toEqual([6, 5])
      expect((await find(agentId, { text: 'beacon', meant, before: 5 })).seqs).toEqual([3, 1])
      expect((await find(agentId, { text: 'beacon', meant, roles: ['assistant'] })).seqs).toEqual([])
      const thoughts = freshAgentId()
      await under().store.messages.insert(sampleMessage(thoughts, 3, 'a thought', { role: 'assistant' }))
      expect(await find(thoughts, { text: 'beacon', meant })).toEqual({ total: 0, seqs: [] })
    })

    test('changes nothing where nothing is meant, and not the order by time [recall:meaning recall:search]', async () => {
      const agentId = await agentWith(texts)
      expect(await find(agentId, { text: 'the walrus', meant: [] })).toEqual(await find(agentId, { text: 'the walrus' }))
      expect(await find(agentId, { text: 'walrus', meant, order: 'newest' })).toEqual({ total: 1, seqs: [8] })
    })
  })
}

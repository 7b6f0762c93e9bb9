import { describe, expect, test } from 'vitest'
import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { MeantQuery } from '../../../src/stores/messages.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { freshAgentId, moment, sampleMessage } from './samples.ts'

export function meantPromises(under: () => MemoryUnderTest): void {
  /** Stores one event per text, numbered and dated from 1. */
  const agentWith = async (texts: readonly string[], more: Partial<StoredMessage> = {}): Promise<string> => {
    const agentId = freshAgentId()
    for (const [index, text] of texts.entries()) await under().store.messages.insert(sampleMessage(agentId, index + 1, text, { eventId: `e${index}`, ...more }))
    return agentId
  }
  const find = async (agentId: string, query: Partial<MeantQuery>): Promise<{ total: number; near?: readonly number[] | undefined; seqs: readonly number[] }> => {
    const found = await under().store.messages.search(agentId, { order: 'relevance', offset: 0, limit: 100, ...query })
    return { total: found.total, ...(found.near && { near: found.near.toSorted((one, other) => one - other) }), seqs: found.messages.map((message) => message.seq) }
  }
  const texts = ['the harbour', 'gulls', 'a lighthouse', 'rain', 'the keeper', 'the sea', 'mist', 'a walrus sleeps']
  const meant = [{ first: 3, last: 3, similarity: 0.9 }, { first: 5, last: 6, similarity: 0.6 }, { first: 1, last: 1, similarity: 0.2 }]

  describe('messages: searching by words and meaning', () => {
    test('what was meant is found by no word of it, best first [recall:meaning]', async () => {
      const agentId = await agentWith(texts)
      expect(await find(agentId, { text: 'beacon', meant })).toEqual({ total: 0, near: [1, 3, 5, 6], seqs: [3, 6, 5, 1] })
      expect(await find(agentId, { text: '', meant })).toEqual({ total: 0, near: [1, 3, 5, 6], seqs: [3, 6, 5, 1] })
    })

    test('what has the words comes before what is meant, and what is both before either; those that have the words are counted [recall:meaning]', async () => {
      const agentId = await agentWith(texts)
      expect(await find(agentId, { text: 'walrus', meant })).toEqual({ total: 1, near: [1, 3, 5, 6], seqs: [8, 3, 6, 5, 1] })
      const both = await find(agentId, { text: 'walrus lighthouse', meant })
      expect(both).toMatchObject({ total: 2, near: [1, 5, 6] })
      expect(both.seqs.slice(0, 2)).toEqual([3, 8])
    })

    test('what was meant and says the same has the part of meaning once, where its text has its place [recall:meaning]', async () => {
      const agentId = await agentWith(['gulls cry', 'a lighthouse', 'gulls cry', 'Gulls cry', 'the sea', 'a walrus sleeps'])
      const again = [1, 3, 4].map((seq) => ({ first: seq, last: seq, similarity: 0.9 - seq / 100 })).concat({ first: 2, last: 2, similarity: 0.5 }, { first: 5, last: 5, similarity: 0.1 })
      expect(await find(agentId, { text: 'walrus', meant: again })).toEqual({ total: 1, near: [1, 2, 5], seqs: [6, 1, 2, 5] })
      expect(await find(agentId, { text: 'beacon', meant: again })).toEqual({ total: 0, near: [1, 2, 5], seqs: [1, 2, 5] })
      expect(await find(agentId, { text: 'gulls walrus', meant: again })).toMatchObject({ total: 4, near: [2, 5] })
      expect((await find(agentId, { text: 'gulls walrus', meant: again })).seqs.slice(-3)).toEqual([3, 1, 5])
    })

    test('is paged without a gap or a repetition [recall:meaning]', async () => {
      const agentId = await agentWith(texts)
      const whole = await find(agentId, { text: 'walrus rain mist', meant })
      const pages = []
      for (let offset = 0; offset < whole.seqs.length; offset += 2) pages.push(await find(agentId, { text: 'walrus rain mist', meant, offset, limit: 2 }))
      expect(pages.flatMap(({ seqs }) => seqs)).toEqual(whole.seqs)
      expect(pages.map(({ total, near }) => ({ total, near }))).toEqual(pages.map(() => ({ total: 3, near: [1, 3, 5, 6] })))
      expect(whole.seqs).toHaveLength(7)
    })

    test('by meaning alone ten at the most are found, of a hundred that are nearest; what has the words is found all the same [recall:meaning]', async () => {
      const agentId = await agentWith([...Array.from({ length: 60 }, (_, index) => `${index % 20 === 0 ? 'walrus' : 'seal'} ${index}`)])
      const nearest = Array.from({ length: 60 }, (_, index) => ({ first: index + 1, last: index + 1, similarity: 0.3 + index / 1_000 }))
      const unheard = await find(agentId, { text: 'zzzqqq', meant: nearest })
      expect(unheard).toEqual({ total: 0, near: [51, 52, 53, 54, 55, 56, 57, 58, 59, 60], seqs: [60, 59, 58, 57, 56, 55, 54, 53, 52, 51] })
      const heard = await find(agentId, { text: 'walrus', meant: nearest })
      expect(heard).toMatchObject({ total: 3, near: unheard.near })
      expect(heard.seqs.slice(0, 3).toSorted((one, other) => one - other)).toEqual([1, 21, 41])
      expect(heard.seqs).toHaveLength(13)
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

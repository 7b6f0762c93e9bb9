import { describe, expect, test } from 'vitest'
import type { MeantQuery } from '../../../src/stores/messages.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { freshAgentId, moment, sampleMessage } from './samples.ts'

export function namedPromises(under: () => MemoryUnderTest): void {
  /** Stores one event per text, numbered from 1, each a day after the one before. */
  const agentWith = async (texts: readonly string[]): Promise<string> => {
    const agentId = freshAgentId()
    for (const [index, text] of texts.entries()) await under().store.messages.insert(sampleMessage(agentId, index + 1, text, { eventId: `e${index}` }))
    return agentId
  }
  const find = async (agentId: string, query: Partial<MeantQuery>): Promise<readonly number[]> => {
    const found = await under().store.messages.search(agentId, { order: 'relevance', offset: 0, limit: 100, ...query })
    return found.messages.map((message) => message.seq)
  }
  const days = (from: number, to: number): { readonly from: string; readonly to: string } => ({ from: moment(from, 0), to: moment(to, 0) })
  const teas = Array.from({ length: 25 }, (_, index) => `tea number ${index}`)

  describe('messages: searching with times that the question names', () => {
    test('what was said then comes before what has the same words, and nothing else is left out [recall:search]', async () => {
      const agentId = await agentWith(teas)
      const found = await find(agentId, { text: 'tea', named: [days(3, 6)] })
      expect(found.slice(0, 3).toSorted((one, other) => one - other)).toEqual([3, 4, 5])
      expect(found.toSorted((one, other) => one - other)).toEqual(teas.map((_, index) => index + 1))
      expect((await find(agentId, { text: 'tea', named: [days(2, 3), days(20, 21)] })).slice(0, 2).toSorted((one, other) => one - other)).toEqual([2, 20])
    })

    test('what has far more of the question comes first, whenever it was said [recall:search]', async () => {
      const agentId = await agentWith([...teas.slice(0, 12), 'the walrus and the beacon'])
      expect((await find(agentId, { text: 'tea walrus beacon', named: [days(1, 3)] }))[0]).toBe(13)
    })

    test('what was meant then comes before what was meant as well [recall:meaning recall:search]', async () => {
      const agentId = await agentWith(['the harbour', 'gulls', 'a lighthouse', 'rain'])
      const meant = [1, 2, 3, 4].map((seq) => ({ first: seq, last: seq, similarity: 0.8 - seq / 1_000 }))
      expect((await find(agentId, { text: 'beacon', meant }))[0]).toBe(1)
      expect((await find(agentId, { text: 'beacon', meant, named: [days(2, 3)] }))[0]).toBe(2)
    })

    test('pages have no gap and no repetition, and filters hold [recall:search]', async () => {
      const agentId = await agentWith(teas)
      const query = { text: 'tea', named: [days(3, 9)] }
      const whole = await find(agentId, query)
      const pages = []
      for (let offset = 0; offset < whole.length; offset += 4) pages.push(await find(agentId, { ...query, offset, limit: 4 }))
      expect(pages.flat()).toEqual(whole)
      expect((await find(agentId, { ...query, before: 5 })).toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4])
    })

    test('a time at which nothing was said changes nothing, and none changes the order by time [recall:search]', async () => {
      const agentId = await agentWith(teas)
      const meant = [{ first: 2, last: 2, similarity: 0.9 }, { first: 7, last: 8, similarity: 0.4 }, { first: 5, last: 5, similarity: 0.3 }]
      expect(await find(agentId, { text: 'tea', meant, named: [days(-30, -20)] })).toEqual(await find(agentId, { text: 'tea', meant }))
      expect(await find(agentId, { text: 'tea', order: 'newest', named: [days(3, 6)] })).toEqual(await find(agentId, { text: 'tea', order: 'newest' }))
    })
  })
}

import { describe, expect, test } from 'vitest'
import { messageCache } from '../../src/activities/message-cache.ts'
import type { SeqRanges } from '../../src/protocol/seq-ranges.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'

const agent = { agentId: 'ada', creation: 'first' }
const message = (seq: number): StoredMessage => ({ agentId: 'ada', op: `ada/${seq}`, seq, turn: 1, step: 1, role: 'user', text: `message ${seq}`, tokens: 1, at: '' })

function store(): { readonly asked: SeqRanges[]; ranges(agentId: string, ranges: SeqRanges): Promise<readonly StoredMessage[]> } {
  const asked: SeqRanges[] = []
  return {
    asked,
    ranges: async (_, ranges) => {
      asked.push(ranges)
      return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_unused, index) => message(from + index)))
    },
  }
}

describe('messages that a worker has seen', () => {
  test('are not read again, and what is missing is read in one go and put in its place [history:references]', async () => {
    const cache = messageCache()
    const messages = store()
    for (const seq of [2, 3, 7]) cache.put(agent, message(seq))
    const found = await cache.ranges(agent, [[1, 4], [6, 8]], messages)
    expect(found.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 6, 7, 8])
    expect(messages.asked).toEqual([[[1, 1], [4, 4], [6, 6], [8, 8]]])
    await cache.ranges(agent, [[1, 4], [6, 8]], messages)
    expect(messages.asked).toHaveLength(1)
  })

  test('belong to one creation of the agent: an id that is used anew finds none of them [agent:create]', async () => {
    const cache = messageCache()
    const messages = store()
    cache.put(agent, message(1))
    await cache.ranges({ ...agent, creation: 'second' }, [[1, 1]], messages)
    expect(messages.asked).toHaveLength(1)
  })

  test('are not kept for an agent whose creation is not known [agent:create]', async () => {
    const cache = messageCache()
    const messages = store()
    const unknown = { agentId: 'ada', creation: undefined }
    cache.put(unknown, message(1))
    await cache.ranges(unknown, [[1, 1]], messages)
    expect(messages.asked).toHaveLength(1)
  })
})

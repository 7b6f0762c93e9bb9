import { describe, expect, test } from 'vitest'
import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, sampleMessage } from './samples.ts'

const seqsOf = (messages: readonly StoredMessage[]): readonly number[] => messages.map((message) => message.seq)

export function messagePromises(under: () => MemoryUnderTest): void {
  const insertSeqs = async (agentId: string, seqs: readonly number[]): Promise<void> => {
    for (const seq of seqs) await under().store.messages.insert(sampleMessage(agentId, seq, `message ${seq}`))
  }

  describe('messages: inserting', () => {
    test('gives back every field as it was stored, on another handle too [recall:never-deleted]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const messages: readonly StoredMessage[] = [
        sampleMessage(agentId, 1, 'hello', { kind: 'user-message', eventId: 'e-1' }),
        sampleMessage(agentId, 2, 'I should greet.', {
          op: `${agentId}/1/1`,
          role: 'assistant',
          step: 1,
          calls: [{ id: 'call_1', name: 'send_message', arguments: '{"message":"Hi"' }],
          model: 'some-model',
          usage: { promptTokens: 900, cachedTokens: 800, completionTokens: 12 },
          latencyMs: 321.5,
        }),
        sampleMessage(agentId, 3, 'sent', { op: `${agentId}/1/1/0`, role: 'tool', callId: 'c', toolName: 'send_message', ok: true, reply: 'Hi' }),
        sampleMessage(agentId, 4, '', { role: 'system', kind: 'notice' }),
      ]
      for (const message of messages) expect(await store.messages.insert(message)).toEqual(message)
      expect(await another.messages.after(agentId, 0, 100)).toEqual(messages)
    })

    test('an insert repeated under its operation finds the first one, whatever it says now [recall:never-deleted]', async () => {
      const { messages } = under().store
      const first = sampleMessage(freshAgentId(), 1, 'penguin')
      await messages.insert(first)
      expect(await messages.insert({ ...first, text: 'walrus', seq: 2 })).toEqual(first)
      expect(await messages.byOp(first.agentId, first.op)).toEqual(first)
      expect(await messages.count(first.agentId)).toBe(1)
      expect((await messages.search(first.agentId, { text: 'walrus', order: 'newest', offset: 0, limit: 5 })).total).toBe(0)
      expect((await messages.search(first.agentId, { text: 'penguin', order: 'newest', offset: 0, limit: 5 })).total).toBe(1)
    })

    test('attempts at the same time store one message, and all of them get it [recall:never-deleted]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const attempts = Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? store : another).messages.insert(sampleMessage(agentId, 1, `attempt ${index}`)),
      )
      const stored = await Promise.all(attempts)
      expect(new Set(stored.map((message) => message.text)).size).toBe(1)
      expect(await store.messages.count(agentId)).toBe(1)
    })

    test('another operation with a sequence number that is taken throws and changes nothing', async () => {
      const { messages } = under().store
      const first = sampleMessage(freshAgentId(), 1, 'penguin')
      await messages.insert(first)
      await expect(messages.insert({ ...first, op: 'another', text: 'walrus' })).rejects.toThrow()
      expect(await messages.byOp(first.agentId, 'another')).toBeUndefined()
      expect(await messages.after(first.agentId, 0, 10)).toEqual([first])
      expect((await messages.search(first.agentId, { text: 'walrus', order: 'newest', offset: 0, limit: 5 })).total).toBe(0)
    })

    test('any text comes back as it was', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      for (const [index, text] of awkwardTexts.entries()) await messages.insert(sampleMessage(agentId, index + 1, text))
      expect((await messages.after(agentId, 0, 100)).map((message) => message.text)).toEqual(awkwardTexts)
    })

    test('another agent may have the same operation and sequence number, and sees only its own', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      const [one, two] = [sampleMessage(agentId, 1, 'of one', { op: 'same' }), sampleMessage(`${agentId}b`, 1, 'of two', { op: 'same' })]
      await messages.insert(one)
      expect(await messages.insert(two)).toEqual(two)
      expect(await messages.byOp(agentId, 'same')).toEqual(one)
      expect(await messages.after(agentId, 0, 10)).toEqual([one])
      expect(await messages.ranges(`${agentId}b`, [[0, 10]])).toEqual([two])
      expect(await messages.count(agentId)).toBe(1)
      expect((await messages.search(agentId, { text: 'of', order: 'relevance', offset: 0, limit: 5 })).messages).toEqual([one])
    })
  })

  describe('messages: several in one write', () => {
    test('stores all of them, and each is found [recall:never-deleted perf:floor]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const both = [sampleMessage(agentId, 1, 'penguin'), sampleMessage(agentId, 2, 'walrus', { op: `${agentId}/1/1`, role: 'assistant' })] as const
      expect(await store.messages.insertTogether(both)).toBe(true)
      expect(await another.messages.after(agentId, 0, 10)).toEqual(both)
      expect(await store.messages.byOp(agentId, both[1].op)).toEqual(both[1])
      for (const text of ['penguin', 'walrus']) expect((await store.messages.search(agentId, { text, order: 'newest', offset: 0, limit: 5 })).total).toBe(1)
    })

    test.for(['operation', 'number'] as const)('where the first has an %s that is taken stores none of them [step:pairing]', async (taken) => {
      const { messages } = under().store
      const agentId = freshAgentId()
      const first = sampleMessage(agentId, 1, 'penguin')
      await messages.insert(first)
      const again = taken === 'operation' ? { ...first, seq: 5 } : { ...first, op: 'another' }
      expect(await messages.insertTogether([again, sampleMessage(agentId, 6, 'walrus')])).toBe(false)
      expect(await messages.after(agentId, 0, 10)).toEqual([first])
    })

    test('where the last is taken says so, and stores it once [step:pairing]', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      const last = sampleMessage(agentId, 2, 'walrus')
      await messages.insert(last)
      expect(await messages.insertTogether([sampleMessage(agentId, 1, 'penguin'), { ...last, text: 'seal' }])).toBe(false)
      await messages.insert(sampleMessage(agentId, 1, 'penguin'))
      expect(await messages.after(agentId, 0, 10)).toEqual([sampleMessage(agentId, 1, 'penguin'), last])
    })

    test('at the same time by several is stored by one of them [step:pairing]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const attempts = await Promise.all([store, another, store, another].map(({ messages }, index) => messages.insertTogether([sampleMessage(agentId, 1, `event ${index}`), sampleMessage(agentId, 2, `step ${index}`)])))
      expect(attempts.filter((stored) => stored)).toHaveLength(1)
      expect((await store.messages.after(agentId, 0, 10)).map(({ text }) => text)).toEqual([`event ${attempts.indexOf(true)}`, `step ${attempts.indexOf(true)}`])
    })
  })

  describe('messages: reading', () => {
    test('reads what holds one of some operations, or a number of a range, each once [recover:from-stores]', async () => {
      const { messages } = under().store
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      await insertSeqs(agentId, [1, 2, 3, 5])
      await insertSeqs(other, [2])
      const opOf = (seq: number): string => sampleMessage(agentId, seq, '').op
      const held = async (ops: readonly string[], numbers?: readonly [number, number]) => seqsOf(await messages.holding(agentId, { ops, ...(numbers && { numbers }) })).toSorted()
      expect(await held([opOf(1), opOf(4), opOf(5)])).toEqual([1, 5])
      expect(await held([opOf(2)], [2, 4])).toEqual([2, 3])
      expect(await held([opOf(4)], [4, 4])).toEqual([])
      expect(await held([], [3, 9])).toEqual([3, 5])
      expect(await held([])).toEqual([])
    })

    test('reads ranges that have gaps, single numbers and numbers that do not exist, in order', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      await insertSeqs(agentId, [1, 2, 3, 5, 8, 13, 21])
      expect(seqsOf(await messages.ranges(agentId, [[2, 5], [8, 8], [14, 30]]))).toEqual([2, 3, 5, 8, 21])
      expect(seqsOf(await messages.ranges(agentId, [[13, 13], [1, 2]]))).toEqual([1, 2, 13])
      expect(await messages.ranges(agentId, [[100, 200]])).toEqual([])
      expect(await messages.ranges(agentId, [])).toEqual([])
      expect(await messages.ranges(freshAgentId(), [[1, 30]])).toEqual([])
    })

    test('reads hundreds of ranges at once', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      await insertSeqs(agentId, [10, 20, 30])
      const single = Array.from({ length: 600 }, (_, index) => [index * 2, index * 2] as const)
      expect(seqsOf(await messages.ranges(agentId, single))).toEqual([10, 20, 30])
    })

    test('a message in two ranges comes once', async () => {
      const agentId = freshAgentId()
      await insertSeqs(agentId, [1, 2, 3])
      expect(seqsOf(await under().store.messages.ranges(agentId, [[1, 2], [2, 3]]))).toEqual([1, 2, 3])
    })

    test('reads what came after a number, up to a limit', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      await insertSeqs(agentId, [3, 1, 2, 9])
      expect(seqsOf(await messages.after(agentId, 1, 2))).toEqual([2, 3])
      expect(seqsOf(await messages.after(agentId, 0, 100))).toEqual([1, 2, 3, 9])
      expect(await messages.after(agentId, 9, 100)).toEqual([])
    })

    test('reads what came after a number of each of several agents, by agent and in order [live:watch]', async () => {
      const [one, two, none] = [freshAgentId(), freshAgentId(), freshAgentId()].sort() as [string, string, string]
      await insertSeqs(one, [1, 2, 4])
      await insertSeqs(two, [1, 3])
      const { messages } = under().another
      const found = async (limit: number) => (await messages.afterEach(new Map([[one, 1], [two, 0], [none, 0]]), limit)).map(({ agentId, seq }) => [agentId, seq])
      expect(await found(10)).toEqual([[one, 2], [one, 4], [two, 1], [two, 3]])
      expect(await found(3)).toEqual([[one, 2], [one, 4], [two, 1]])
      expect(await messages.afterEach(new Map([[one, 4]]), 10)).toEqual([])
      expect(await messages.afterEach(new Map(), 10)).toEqual([])
    })

    test('a mark, where the store has one, tells that another handle has written [live:watch]', async () => {
      const { store, another } = under()
      const before = [await store.changeMark(), await another.changeMark()]
      const agentId = freshAgentId()
      await insertSeqs(agentId, [1])
      const after = [await store.changeMark(), await another.changeMark()]
      for (const [index, mark] of after.entries()) if (mark !== undefined) expect(mark).not.toBe(before[index])
      if (after[0] !== undefined) expect([await store.changeMark(), await another.changeMark()]).toEqual(after)
    })

    test('counts messages; an unknown agent has none', async () => {
      const agentId = freshAgentId()
      await insertSeqs(agentId, [1, 2, 7])
      expect(await under().store.messages.count(agentId)).toBe(3)
      expect(await under().store.messages.count(freshAgentId())).toBe(0)
      expect(await under().store.messages.byOp(agentId, 'unknown')).toBeUndefined()
    })

    test('counts the messages of several agents at once; those without any are left out', async () => {
      const { messages } = under().store
      const [one, two, none] = [freshAgentId(), freshAgentId(), freshAgentId()]
      await insertSeqs(one, [1, 2, 7])
      await insertSeqs(two, [4])
      await insertSeqs(`${two}b`, [1, 2])
      expect(await messages.counts([two, none, one])).toEqual(new Map([[one, 3], [two, 1]]))
      expect(await messages.counts([])).toEqual(new Map())
    })

    test('knows the highest sequence number, in whatever order messages came, popped or not', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      expect(await messages.latestSeq(agentId)).toBe(0)
      await insertSeqs(agentId, [3, 12, 7])
      await insertSeqs(`${agentId}b`, [99])
      await messages.markPopped(agentId, [[12, 12]])
      expect(await messages.latestSeq(agentId)).toBe(12)
    })
  })

  describe('messages: popping', () => {
    test('marks the messages of the ranges and keeps them, for reading and for search [recall:never-deleted]', async () => {
      const { messages } = under().store
      const agentId = freshAgentId()
      await insertSeqs(agentId, [1, 2, 3, 4])
      await insertSeqs(`${agentId}b`, [2])
      await messages.markPopped(agentId, [[2, 3], [9, 9]])
      await messages.markPopped(agentId, [[2, 3]])
      const popped = (await messages.ranges(agentId, [[1, 4]])).map((message) => message.popped === true)
      expect(popped).toEqual([false, true, true, false])
      expect(await messages.byOp(agentId, `${agentId}/event/2`)).toEqual({ ...sampleMessage(agentId, 2, 'message 2'), popped: true })
      expect((await messages.insert(sampleMessage(agentId, 2, 'message 2'))).popped).toBe(true)
      const found = await messages.search(agentId, { text: 'message', order: 'newest', offset: 0, limit: 10 })
      expect(found.messages.map((message) => [message.seq, message.popped === true])).toEqual([[4, false], [3, true], [2, true], [1, false]])
      expect((await messages.ranges(`${agentId}b`, [[2, 2]]))[0]?.popped).not.toBe(true)
      expect(await messages.count(agentId)).toBe(4)
    })
  })
}

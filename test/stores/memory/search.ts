import { describe, expect, test } from 'vitest'
import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { MessageQuery } from '../../../src/stores/messages.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, moment, sampleMessage } from './samples.ts'

export function searchPromises(under: () => MemoryUnderTest): void {
  /** Stores one message per text, numbered and dated from 1. */
  const agentWith = async (texts: readonly string[], more: Partial<StoredMessage> = {}): Promise<string> => {
    const agentId = freshAgentId()
    for (const [index, text] of texts.entries()) await under().store.messages.insert(sampleMessage(agentId, index + 1, text, more))
    return agentId
  }
  const find = async (agentId: string, query: Partial<MessageQuery>): Promise<{ total: number; seqs: readonly number[] }> => {
    const found = await under().store.messages.search(agentId, { order: 'newest', offset: 0, limit: 100, ...query })
    return { total: found.total, seqs: found.messages.map((message) => message.seq) }
  }

  describe('messages: searching by words', () => {
    test('finds a message by any of its words, in any case, and by no part of one [recall:search]', async () => {
      const agentId = await agentWith(['The penguin walks', 'A walrus sleeps', 'Nothing here'])
      expect(await find(agentId, { text: 'PENGUIN' })).toEqual({ total: 1, seqs: [1] })
      expect(await find(agentId, { text: 'walrus, penguin!' })).toEqual({ total: 2, seqs: [2, 1] })
      expect(await find(agentId, { text: 'giraffe walrus' })).toEqual({ total: 1, seqs: [2] })
      expect(await find(agentId, { text: 'giraffe' })).toEqual({ total: 0, seqs: [] })
      expect(await find(agentId, { text: 'pengu' })).toEqual({ total: 0, seqs: [] })
    })

    test('of a message that sent something to the user searches what was sent, and nothing else [recall:search]', async () => {
      const agentId = await agentWith(['Message sent.'], { role: 'tool', reply: 'Your train leaves at noon.' })
      expect(await find(agentId, { text: 'train' })).toEqual({ total: 1, seqs: [1] })
      expect(await find(agentId, { text: 'sent' })).toEqual({ total: 0, seqs: [] })
    })

    test('finds words with accents, without them, of any script, and emoji [recall:search]', async () => {
      const agentId = await agentWith(['Ärger über die Größe', '東京タワーは高い', 'party 🎉 time', 'Привет мир', 'STRASSE'])
      expect((await find(agentId, { text: 'ärger' })).seqs).toEqual([1])
      expect((await find(agentId, { text: 'A\u0308RGER' })).seqs).toEqual([1])
      expect((await find(agentId, { text: 'arger' })).seqs).toEqual([1])
      expect((await find(agentId, { text: '東京' })).seqs).toEqual([2])
      expect((await find(agentId, { text: '高' })).seqs).toEqual([2])
      expect((await find(agentId, { text: '🎉' })).seqs).toEqual([3])
      expect((await find(agentId, { text: 'МИР' })).seqs).toEqual([4])
      expect((await find(agentId, { text: 'straße' })).seqs).toEqual([5])
    })

    test.for([
      ['등대에서 열쇠를 찾았다', '등대'], ['서울 이야기', '서울에서'], ['كـــتابٌ', 'كتاب'], ['Łódź', 'lodz'], ['ex\u00adam\u200bple', 'example'], ['🇩🇪 won', '🇩🇪'], ['1,000,000 coins', '1000000'],
      ['getUserName', 'user_name'], ['an e-mail', 'email'], ['don’t', "don't"],
    ] as const)('finds "%s" by "%s": forms of a word are one word [recall:search]', async ([text, query]) => {
      const agentId = await agentWith(['nothing', text, '🇫🇷 lost'])
      for (const order of ['newest', 'relevance'] as const) expect((await find(agentId, { text: query, order })).seqs).toEqual([2])
    })

    test('finds a word of one character by a question that has others beside it [recall:search]', async () => {
      const agentId = await agentWith(['昨日、猫を病院に連れて行きました。', '天気はいいですね', '猫今天又生病了', '你好吗', '작년에 집을 샀어요.', '안녕하세요'])
      for (const [question, seqs] of [['猫の名前は?', [1, 3]], ['我的猫怎么样了', [1, 3]], ['집이 어디에 있나요?', [5]]] as const) {
        expect((await find(agentId, { text: question })).seqs.toSorted(), question).toEqual(seqs)
      }
    })

    test('takes no text for an operator, a wildcard or a pattern [recall:search]', async () => {
      const agentId = await agentWith(awkwardTexts)
      for (const order of ['newest', 'relevance'] as const) {
        for (const [index, text] of awkwardTexts.entries()) expect((await find(agentId, { text, order })).seqs).toContain(index + 1)
        for (const text of ['', '"', `'`, '*', '%', '.*', '^$', '\\', '()', ':', '-', '\u0000', '؟']) {
          expect(await find(agentId, { text, order })).toEqual({ total: 0, seqs: [] })
        }
      }
      expect((await find(agentId, { text: 'AND' })).seqs).toEqual([3])
      expect((await find(agentId, { text: 'user%' })).seqs).toEqual([2])
      expect((await find(agentId, { text: 'cat NOT dog' })).seqs).toEqual([3])
    })

    test('puts what matches more, and the rarer word, first; ties newest first [recall:search]', async () => {
      const agentId = await agentWith(['blue harbour', 'blue sky', 'blue sea', 'sea, blue', 'green walrus', 'blue bird'])
      const { seqs, total } = await find(agentId, { text: 'blue harbour', order: 'relevance' })
      expect(total).toBe(5)
      expect(seqs[0]).toBe(1)
      expect(seqs.indexOf(4)).toBeLessThan(seqs.indexOf(3))
      expect((await find(agentId, { text: 'blue sea', order: 'relevance' })).seqs.slice(0, 2)).toEqual([4, 3])
      expect((await find(agentId, { text: 'blue walrus', order: 'relevance' })).seqs[0]).toBe(5)
    })

    test('asks for no stop words, unless there are no other words [recall:search]', async () => {
      const agentId = await agentWith(['the weather is grey', 'a heron', 'to be or not to be'])
      expect(await find(agentId, { text: 'What is the heron?' })).toEqual({ total: 1, seqs: [2] })
      expect((await find(agentId, { text: 'to be or not to be', order: 'relevance' })).seqs[0]).toBe(3)
    })

    test('asks for stop words where nothing else is found: some are names [recall:search]', async () => {
      const agentId = await agentWith(['the weather is grey', 'a heron came in May', 'a walrus'])
      for (const order of ['newest', 'relevance'] as const) {
        expect(await find(agentId, { text: 'may birthday', order })).toEqual({ total: 1, seqs: [2] })
        expect(await find(agentId, { text: 'walrus in May', order, limit: 1, offset: 1 })).toMatchObject({ total: 2, seqs: [expect.any(Number)] })
      }
    })

    test('finds a word by its other forms, the very word first [recall:search]', async () => {
      const agentId = await agentWith(['She was painting the harbour', 'The painter is here', 'The walrus paints', 'Nothing of the kind'])
      expect(await find(agentId, { text: 'What did she paint?', order: 'relevance' })).toEqual({ total: 2, seqs: [3, 1] })
      expect((await find(agentId, { text: 'painting', order: 'relevance' })).seqs).toEqual([1, 3])
      expect((await find(agentId, { text: 'paintings and painting', order: 'relevance' })).seqs[0]).toBe(1)
    })

    test('takes a word for as rare as it is among the messages of this agent, whatever those of others say [recall:search]', async () => {
      const texts = ['heron', 'heron', 'heron', 'heron lake', 'walrus', 'stone']
      const agentId = await agentWith(texts)
      const other = await agentWith(Array.from({ length: 40 }, () => 'walrus'))
      expect((await find(agentId, { text: 'heron walrus', order: 'relevance' })).seqs).toEqual([5, 4, 3, 2, 1])
      expect((await find(other, { text: 'walrus', order: 'relevance' })).total).toBe(40)
    })

    test('raises what stands beside what matches better, in the conversation alone, and finds nothing for that alone [recall:search]', async () => {
      const agentId = freshAgentId()
      const said: readonly (readonly [text: string, more: Partial<StoredMessage>])[] = [
        ['penguin', { eventId: 'e-1' }],
        ['nothing of the kind', { role: 'tool', reply: 'nothing of the kind' }],
        ['Which walrus lives at the harbour?', { eventId: 'e-2' }],
        ['a thought of the harbour', { role: 'assistant' }],
        ['penguin', { role: 'tool', reply: 'That penguin by the harbour' }],
        ['stone', { eventId: 'e-3' }],
        ['harbour', { role: 'tool', reply: 'harbour' }],
        ['harbour', { eventId: 'e-4' }],
      ]
      for (const [index, [text, more]] of said.entries()) await under().store.messages.insert(sampleMessage(agentId, index + 1, text, more))
      const asked = { text: 'walrus harbour', order: 'relevance', conversation: true } as const
      expect(await find(agentId, asked)).toEqual({ total: 4, seqs: [3, 5, 7, 8] })
      // What is left out raises nothing, and pages are of one order.
      expect((await find(agentId, { ...asked, before: 8 })).seqs).toEqual([3, 5, 7])
      const pages = await Promise.all([0, 2].map((offset) => find(agentId, { ...asked, offset, limit: 2 })))
      expect(pages.flatMap(({ seqs }) => seqs)).toEqual([3, 5, 7, 8])
    })

    test('puts what was said before results of tools that repeat it [recall:search]', async () => {
      const agentId = freshAgentId()
      await under().store.messages.insert(sampleMessage(agentId, 1, 'The gate is at the harbour.', { eventId: 'e-1' }))
      for (let seq = 20; seq < 25; seq += 1) await under().store.messages.insert(sampleMessage(agentId, seq, 'Showing 1-1 of 1: The gate is at the harbour.', { role: 'tool' }))
      expect((await find(agentId, { text: 'harbour gate', order: 'relevance' })).seqs).toEqual([1, 24, 23, 22, 21, 20])
    })

    test('what a timer or a monitor says again and again, and what is replied to it, has one place each, and none is left out [recall:search]', async () => {
      const agentId = freshAgentId()
      const { messages } = under().store
      const told = 'On Tuesday Ada took her heart pills with grapefruit juice, and the backup of walrus was lost.'
      for (let seq = 1; seq <= 360; seq += 3) {
        if (seq === 91) await messages.insert(sampleMessage(agentId, seq, told, { eventId: 'told' }))
        else await messages.insert(sampleMessage(agentId, seq, 'Remind Ada to take her heart pills', { kind: 'timer', eventId: `t${seq}` }))
        await messages.insert(sampleMessage(agentId, seq + 1, 'sent', { role: 'tool', reply: seq % 2 === 0 ? 'Time for your heart pills, Ada!' : 'Time for your heart  pills, ADA!' }))
        await messages.insert(sampleMessage(agentId, seq + 2, `Backup ${seq} of walrus took 1:${seq}`, { role: 'system', kind: 'system-message', eventId: `b${seq}` }))
      }
      for (const [text, places] of [["Ada's heart pills", 5], ['the backup of walrus', 3]] as const) {
        for (const conversation of [{}, { conversation: true }] as const) {
          const found = await find(agentId, { text, order: 'relevance', limit: 400, ...conversation })
          expect(found.seqs.indexOf(91)).toBeLessThan(places)
          expect(found.seqs.indexOf(91)).toBeGreaterThanOrEqual(0)
          expect([found.total, new Set(found.seqs).size]).toEqual([found.seqs.length, found.seqs.length])
          const pages = await Promise.all([0, 4, 8].map((offset) => find(agentId, { text, order: 'relevance', offset, limit: 4, ...conversation })))
          expect(pages.flatMap(({ seqs }) => seqs)).toEqual(found.seqs.slice(0, 12))
        }
      }
    })

    test('what says the same raises nothing of its kind [recall:search]', async () => {
      const agentId = freshAgentId()
      for (let seq = 1; seq <= 12; seq += 1) {
        const text = seq === 3 ? 'The harbour gate is red, said Ada' : 'Close the harbour gate'
        await under().store.messages.insert(sampleMessage(agentId, 20 * seq, text, { kind: 'timer', eventId: `e${seq}` }))
        await under().store.messages.insert(sampleMessage(agentId, 20 * seq + 1, text, { kind: 'timer', eventId: `f${seq}` }))
      }
      expect((await find(agentId, { text: 'harbour gate', order: 'relevance' })).seqs.slice(0, 3)).toEqual([241, 61, 240])
    })

    test('what a person says again has one place, and with other figures another one [recall:search]', async () => {
      const person = { kind: 'user-message', eventId: 'e' } as const
      const program = { kind: 'system-message', eventId: 'e' } as const
      const agentId = freshAgentId()
      const said = [['My pulse is 71', person], ['The pulse of a walrus', person], ['my  pulse is 80', person], ['My pulse is 80', person], ['Pulse: 71 at 10:40', program], ['Pulse: 80 at 11:40', program]] as const
      for (const [index, [text, more]] of said.entries()) await under().store.messages.insert(sampleMessage(agentId, 20 * (index + 1), text, more))
      expect((await find(agentId, { text: 'pulse', order: 'relevance' })).seqs).toEqual([120, 80, 40, 20, 100, 60])
    })

    test('shows each of many hits on one page, whether they are of the conversation or not [recall:search]', async () => {
      const agentId = freshAgentId()
      const seqs = Array.from({ length: 150 }, (_, index) => index + 1)
      const insert = (seq: number) => under().store.messages.insert(sampleMessage(agentId, seq, 'harbour', seq % 20 === 12 ? { eventId: `e-${seq}` } : { role: 'assistant' }))
      for (const seq of seqs) await insert(seq)
      const pages = await Promise.all(Array.from({ length: 15 }, (_, page) => find(agentId, { text: 'harbour', order: 'relevance', offset: 10 * page, limit: 10 })))
      expect(pages.flatMap((page) => page.seqs).toSorted((one, other) => one - other)).toEqual(seqs)
    })

    test('newest first is by number, however well a message matches [recall:search]', async () => {
      const agentId = await agentWith(['penguin penguin penguin', 'a penguin among many other words'])
      expect((await find(agentId, { text: 'penguin' })).seqs).toEqual([2, 1])
    })
  })

  describe('messages: narrowing a search', () => {
    test('a time range includes its beginning and excludes its end, in any notation of ISO 8601 [recall:search]', async () => {
      const agentId = await agentWith(['one', 'two', 'three', 'four'])
      expect((await find(agentId, { from: moment(2), to: moment(4) })).seqs).toEqual([3, 2])
      expect((await find(agentId, { from: moment(3) })).seqs).toEqual([4, 3])
      expect((await find(agentId, { to: moment(3) })).seqs).toEqual([2, 1])
      expect((await find(agentId, { from: '2024-03-02', to: '2024-03-03' })).seqs).toEqual([2])
      expect((await find(agentId, { from: '2024-03-03T14:00:00+02:00', to: '2024-03-04T12:00:00Z' })).seqs).toEqual([3])
      expect(await find(agentId, { from: moment(9) })).toEqual({ total: 0, seqs: [] })
    })

    test('without words every message matches, newest first, also where relevance was asked for [recall:search]', async () => {
      const agentId = await agentWith(['one', 'two', ''])
      expect(await find(agentId, {})).toEqual({ total: 3, seqs: [3, 2, 1] })
      expect(await find(agentId, { order: 'relevance' })).toEqual({ total: 3, seqs: [3, 2, 1] })
    })

    test('leaves out other roles, and what stands at or above a number [recall:search]', async () => {
      const agentId = freshAgentId()
      const { messages } = under().store
      for (const [index, role] of (['user', 'assistant', 'tool', 'system', 'user'] as const).entries()) {
        await messages.insert(sampleMessage(agentId, index + 1, 'penguin', { role }))
      }
      expect((await find(agentId, { roles: ['user', 'system'] })).seqs).toEqual([5, 4, 1])
      expect((await find(agentId, { roles: [] })).seqs).toEqual([])
      expect(await find(agentId, { text: 'penguin', before: 4 })).toEqual({ total: 3, seqs: [3, 2, 1] })
      const all = { text: 'penguin', before: 5, roles: ['user'], from: moment(1), to: moment(9), order: 'relevance' } as const
      expect((await find(agentId, all)).seqs).toEqual([1])
    })

    test('the conversation alone is events and replies, without thoughts, notices and results of tools [recall:search]', async () => {
      const agentId = freshAgentId()
      const said: readonly Partial<StoredMessage>[] = [
        { role: 'user', kind: 'user-message', eventId: 'e-1' },
        { role: 'assistant' },
        { role: 'tool', toolName: 'conversation_search' },
        { role: 'tool', toolName: 'send_message', reply: 'penguin' },
        { role: 'system', kind: 'notice' },
        { role: 'system', kind: 'login', eventId: 'e-2' },
      ]
      for (const [index, more] of said.entries()) await under().store.messages.insert(sampleMessage(agentId, index + 1, 'penguin', more))
      for (const order of ['newest', 'relevance'] as const) {
        const found = await find(agentId, { text: 'penguin', conversation: true, order })
        expect([found.total, found.seqs.toSorted()]).toEqual([3, [1, 4, 6]])
      }
      expect(await find(agentId, { conversation: true, limit: 2 })).toEqual({ total: 3, seqs: [6, 4] })
      expect(await find(agentId, { conversation: true, roles: ['tool'] })).toEqual({ total: 1, seqs: [4] })
      expect(await find(agentId, { conversation: true, before: 4 })).toEqual({ total: 1, seqs: [1] })
    })

    test('pages follow each other without overlap or gap, and say the total [recall:search]', async () => {
      const agentId = await agentWith(Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 'penguin' : 'penguin and others')))
      for (const order of ['newest', 'relevance'] as const) {
        const pages = [0, 5, 10, 15].map(async (offset) => find(agentId, { text: 'penguin', order, offset, limit: 5 }))
        const [first, second, third, fourth] = await Promise.all(pages)
        expect([first, second, third, fourth].map((page) => page?.total)).toEqual([12, 12, 12, 12])
        expect([first, second, third, fourth].map((page) => page?.seqs.length)).toEqual([5, 5, 2, 0])
        const all = await find(agentId, { text: 'penguin', order })
        expect([first, second, third].flatMap((page) => page?.seqs ?? [])).toEqual(all.seqs)
      }
    })
  })
}

import { describe, expect, test } from 'vitest'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId } from '../memory/samples.ts'
import { east, insertAll, insertBatch, leaning, north, searchTexts, space, west } from './samples.ts'

const near = Array.from({ length: 20 }, (_, index) => ({ text: `plain ${index}`, vector: leaning(index / 40) }))

export function hybridPromises(under: () => ArchivalUnderTest): void {
  describe('search by meaning and by words together', () => {
    test('finds a passage by a rare word though its vector points elsewhere [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text: 'the Xylophone in the attic', vector: west }])
      const { total, texts } = await searchTexts(store, agentId, { words: 'where is the xylophone?', limit: 5 })
      expect(total).toBe(21)
      expect(texts).toContain('the Xylophone in the attic')
    })

    test.for([
      ['등대에서', '등대'], ['كـــتابٌ', 'كتاب'], ['Łódź', 'lodz'], ['ex\u00adam\u200bple', 'example'], ['🇩🇪', '🇩🇪'], ['1,000,000', '1000000'], ['getUserName', 'user_name'], ['e-mail', 'email'],
      ['妻は看護師として働いています。', '妻の仕事は何ですか'], ['他家养了一条狗。', '狗叫什么名字'], ['집을 샀어요.', '집이 어디에 있나요?'],
    ] as const)('finds "%s" by "%s" though its vector points elsewhere: forms of a word are one word [archival:insert-search]', async ([text, query]) => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text, vector: west }])
      expect((await searchTexts(store, agentId, { words: query, limit: 5 })).texts).toContain(text)
    })

    test.for([
      ['She was running along the canal.', 'Who runs there?'], ['The canal runs dry in summer.', 'running dry'], ['Wir haben die Häuser in der Altstadt gekauft.', 'Welches Haus haben wir?'],
      ['Nous avons acheté des chevaux pour la ferme.', 'Avons-nous acheté un cheval pour la ferme ?'],
    ] as const)('finds "%s" by "%s", by the stems of their language [archival:insert-search]', async ([text, query]) => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text, vector: west }])
      const { hits } = await store.search(agentId, { words: query, vector: [0, 0, 0, 0], offset: 0, limit: 1 }, space)
      expect(hits.map(({ passage, score }) => [passage.text, score > 0])).toEqual([[text, true]])
    })

    test('of two that have a form of the word the one that has the word itself stands before the other, and stems are those of what a passage says now [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [{ text: 'They were running.', vector: west }, { text: 'She runs.', vector: west }, { text: 'The mill stands still.', vector: west }])
      const found = async (words: string): Promise<readonly string[]> =>
        (await store.search(agentId, { words, vector: [0, 0, 0, 0], offset: 0, limit: 3 }, space)).hits.filter(({ score }) => score > 0).map(({ passage }) => passage.text)
      expect(await found('runs')).toEqual(['She runs.', 'They were running.'])
      expect(await found('running')).toEqual(['They were running.', 'She runs.'])
      const before = (await store.list(agentId, 0, 3)).find(({ text }) => text === 'She runs.') ?? expect.fail()
      const edits = [{ op: 'edit', by: 'ada', at: before.at }]
      expect(await store.edit({ passage: { ...before, text: 'She milled.', edits }, vector: west }, space)).toBe(true)
      expect(await found('runs')).toEqual(['They were running.'])
      expect((await found('mills')).toSorted()).toEqual(['She milled.', 'The mill stands still.'])
    })

    test('finds a passage by its meaning though no word matches [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [{ text: 'felines', vector: north }, ...near.map((sample) => ({ ...sample, vector: east }))])
      expect((await searchTexts(store, agentId, { words: 'cats', limit: 1 })).texts).toEqual(['felines'])
      expect((await searchTexts(store, agentId, { words: '?!', limit: 1 })).texts).toEqual(['felines'])
    })

    test('what matches both ways stands before what matches one way [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [
        { text: 'felines', vector: leaning(0.1) },
        { text: 'cats in cafés', vector: north },
        { text: 'cats', vector: west },
        { text: 'stones', vector: west },
      ])
      expect((await searchTexts(store, agentId, { words: 'cats cafes' })).texts[0]).toBe('cats in cafés')
    })

    test('hits come with falling scores [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text: 'xylophone', vector: leaning(0.6) }])
      const { hits } = await store.search(agentId, { words: 'xylophone 3', vector: north, offset: 0, limit: 21 }, space)
      const scores = hits.map((hit) => hit.score)
      expect(scores).toEqual(scores.toSorted((one, other) => other - one))
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true)
      expect(scores[0]).toBeGreaterThan(0)
    })

    test('of many that mean about the same the one that alone has the number asked for is the first [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const tickets = Array.from({ length: 150 }, (_, index) => ({ text: `Ticket PROJ-${1_000 + 7 * index}: the customer reported an error`, vector: leaning(((index * 37) % 150) / 1_000) }))
      await insertBatch(store, agentId, tickets)
      for (const index of [3, 50, 149]) {
        const text = tickets[index]?.text
        expect((await searchTexts(store, agentId, { words: `What happened with ticket PROJ-${1_000 + 7 * index}?`, limit: 1 })).texts).toEqual([text])
      }
    })

    test('a word counts as it is rare among the passages that the search is in [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertBatch(store, agentId, [
        ...['project', 'project report', 'report', 'project walrus', 'report project walrus', 'stones'].map((text) => ({ text, vector: north, tags: ['few'] })),
        ...Array.from({ length: 30 }, (_, index) => ({ text: `walrus ${index}`, vector: leaning(1 + index) })),
      ])
      const words = 'project report walrus'
      expect((await searchTexts(store, agentId, { words, tags: ['few'] })).texts).toEqual(['report project walrus', 'project walrus', 'project report', 'report', 'project', 'stones'])
      expect((await searchTexts(store, agentId, { words, limit: 3 })).texts).toEqual(['report project walrus', 'project report', 'report'])
    })

    test("the order of an agent's passages does not depend on another agent's [archival:insert-search]", async () => {
      const { store } = under()
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      const weeks = Array.from({ length: 40 }, (_, index) => ({ text: `project report week ${index} project report status project report`, vector: north }))
      await insertBatch(store, agentId, [...weeks, { text: 'the project had a long week of talks about the plan and the walrus was there too and nobody said much of it', vector: north }])
      const order = async () => (await searchTexts(store, agentId, { words: 'project report walrus week 7' })).texts
      const alone = await order()
      expect(alone.slice(0, 2).some((text) => text.includes('walrus'))).toBe(true)
      await insertBatch(store, other, Array.from({ length: 120 }, (_, index) => ({ text: index % 2 === 0 ? 'a walrus' : 'other things', vector: north })))
      expect(await order()).toEqual(alone)
    })

    test('pages are the same each time and do not overlap; together they are all [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const twins = ['plain twin', 'plain twin too', 'other'].map((text) => ({ text, vector: east }))
      await insertAll(store, agentId, [...near, ...twins])
      const page = async (offset: number) => searchTexts(store, agentId, { words: 'plain 7 12', offset, limit: 5 })
      const pages = await Promise.all([0, 5, 10, 15, 20, 25].map(page))
      expect(pages.map((found) => found.texts.length)).toEqual([5, 5, 5, 5, 3, 0])
      expect(new Set(pages.flatMap((found) => found.texts)).size).toBe(23)
      expect(new Set(pages.map((found) => found.total))).toEqual(new Set([23]))
      expect(await page(5)).toEqual(pages[1])
    })

    test('takes no words for an operator, a wildcard or a pattern [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, ...awkwardTexts.map((text) => ({ text, vector: west }))])
      for (const text of awkwardTexts) expect((await searchTexts(store, agentId, { words: text, limit: 10 })).texts).toContain(text)
      for (const words of ['', '"', `'`, '*', '%', '.*', 'AND', '\u0000']) expect((await searchTexts(store, agentId, { words })).total).toBe(31)
    })

    test('a vector of zeros breaks neither insert nor search [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      const zeros = [0, 0, 0, 0]
      await insertAll(store, agentId, [{ text: 'penguin', vector: zeros }, { text: 'walrus', vector: north }])
      expect((await searchTexts(store, agentId, { words: 'penguin' })).texts.toSorted()).toEqual(['penguin', 'walrus'])
      expect((await searchTexts(store, agentId, { words: 'penguin', vector: zeros, limit: 1 })).texts).toEqual(['penguin'])
    })

    test('a question with a vector of zeros is one by words: what has none of them has the score 0 [archival:insert-search]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertAll(store, agentId, [...near, { text: 'penguin', vector: west }, { text: 'a penguin and a walrus', vector: east }])
      const { hits } = await store.search(agentId, { words: 'walrus penguin', vector: [0, 0, 0, 0], offset: 0, limit: 22 }, space)
      expect(hits.slice(0, 2).map(({ passage }) => passage.text)).toEqual(['a penguin and a walrus', 'penguin'])
      expect(hits.map(({ score }) => score > 0)).toEqual(hits.map((_, place) => place < 2))
    })
  })
}

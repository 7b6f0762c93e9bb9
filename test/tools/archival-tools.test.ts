import { describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/model/model.ts'
import { limits } from '../../src/protocol/limits.ts'
import type { ArchivalStore, PassageQuery } from '../../src/stores/archival.ts'
import { alternate, spansOf } from '../../src/tools/search.ts'
import type { ToolContext } from '../../src/tools/tool.ts'
import { call, contextOf, definitionOf, freshAgentId, message, temporaryStores, wordEmbedder } from './context.ts'

type ToolReply = Awaited<ReturnType<typeof call>>

const stores = await temporaryStores()

/** An agent; each turn's call has an operation id and a time of its own. */
function agent(): (turn?: number) => ToolContext {
  const definition = definitionOf(freshAgentId())
  return (turn = 1) => contextOf(stores, definition, { turn, at: new Date(Date.UTC(2026, 2, turn, 10)).toISOString() })
}

const days = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

const passages = (context: ToolContext) => stores.archival.list(context.agentId, 0, 100)

describe('archival_memory_insert', () => {
  test('stores a passage once, however often the call is tried [archival:insert-search]', async () => {
    const at = agent()
    const insert = () => call(at(), 'archival_memory_insert', { content: 'Bo grows tea', tags: ['tea', 'tea'] })
    expect([await insert(), await insert()]).toEqual([{ text: 'Stored in archival memory.' }, { text: 'Stored in archival memory.' }])
    expect(await passages(at())).toEqual([
      { agentId: at().agentId, op: `${at().op}/0`, text: 'Bo grows tea', tags: ['tea'], source: 'agent', at: '2026-03-01T10:00:00.000Z' },
    ])
  })

  test('does not store the same text twice, and says since when it is there [archival:insert-search]', async () => {
    const at = agent()
    await call(at(1), 'archival_memory_insert', { content: 'Bo grows tea' })
    const { text } = await call(at(2), 'archival_memory_insert', { content: 'Bo grows tea ' })
    expect(text).toBe('Archival memory has exactly this text since 2026-03-01 10:00 UTC; it was not stored again.')
    await call(at(3), 'archival_memory_insert', { content: 'Bo grows tea.' })
    expect(await passages(at())).toHaveLength(2)
  })

  test('finds the same text among many that differ by a number or at their end, also where the model reads no more than their beginning [archival:insert-search]', async () => {
    const at = agent()
    const reading: Embedder = { ...wordEmbedder, embed: (texts, ...rest) => wordEmbedder.embed(texts.map(text => text.slice(0, 200)), ...rest) }
    const insert = (turn: number, content: string) => call({ ...at(turn), embedder: reading }, 'archival_memory_insert', { content })
    const head = 'Daily check-in with Mrs Alvarez, physiotherapy programme after the operation of the left knee, carried out by the home team according to plan B, exercises one to seven, blood pressure before and after. '.repeat(3)
    const ends = ['The stairs went well', 'She slept badly', 'The swelling is less', 'A walk to the park', 'No exercises today']
    const contents = days(40).flatMap(day => [`Locker ${day} is taken.`, `${head}Result of day ${day}: pain ${day % 10}.`, `${head}Pain ${day}. ${head}`, `${head}${ends[day % 5]}, with ${'Ada Tom Mia Leo Eva Jan Kim Lou'.split(' ')[day % 8]}.`])
    for (const [turn, content] of contents.entries()) expect((await insert(turn + 1, content)).text).toBe('Stored in archival memory.')
    for (const [turn, content] of contents.entries()) expect((await insert(turn + 500, content)).text).toMatch(/^Archival memory has exactly this text since /)
  })

  test('splits a text that is too long for one passage [archival:insert-search]', async () => {
    const at = agent()
    const paragraph = `${'word '.repeat(1_000).trim()}.`
    const { text } = await call(at(), 'archival_memory_insert', { content: [paragraph, paragraph, paragraph].join('\n\n') })
    expect(text).toBe('Stored in archival memory as 3 passages, because of its length.')
    const stored = await passages(at())
    expect(stored.map(passage => passage.text)).toEqual([paragraph, paragraph, paragraph])
    expect(stored.map(passage => passage.op).toSorted()).toEqual([0, 1, 2].map(index => `${at().op}/${index}`))
    expect(paragraph.length).toBeLessThan(limits.passageCharacters)
  })
})

describe('archival_memory_search', () => {
  test('finds by words and meaning, with time, source and tags, in pages [archival:insert-search]', async () => {
    const at = agent()
    for (const turn of [1, 2, 3, 4, 5, 6]) await call(at(turn), 'archival_memory_insert', { content: `Note ${turn} on gardens`, tags: [`n${turn}`] })
    await call(at(7), 'archival_memory_insert', { content: 'The samovar is in the attic', tags: ['house'] })
    const first = await call(at(8), 'archival_memory_search', { query: 'where is the samovar' })
    expect(first.text.split('\n').slice(0, 2)).toEqual([
      'Showing 1-5 of 7 passages (page 1 of 2)',
      '[2026-03-07 10:00 UTC] agent #house: The samovar is in the attic',
    ])
    const second = await call(at(8), 'archival_memory_search', { query: 'where is the samovar', page: 2 })
    expect(second.text.split('\n')).toHaveLength(3)
    expect(new Set(`${first.text}\n${second.text}`.match(/Note \d/g)).size).toBe(6)
  })

  test('filters by tag, source and time [archival:insert-search]', async () => {
    const at = agent()
    await call(at(1), 'archival_memory_insert', { content: 'early note', tags: ['a', 'b'] })
    await call(at(2), 'archival_memory_insert', { content: 'late note', tags: ['b'] })
    await call(at(3), 'page_out', { content: 'paged note', page_number: 1 })
    const found = async (filter: Readonly<Record<string, unknown>>) => {
      const { text } = await call(at(9), 'archival_memory_search', { query: 'note', ...filter })
      return (text.match(/\w+ note$/gm) ?? []).toSorted()
    }
    expect(await found({})).toEqual(['early note', 'late note', 'paged note'])
    expect(await found({ tags: ['a'] })).toEqual(['early note'])
    expect(await found({ tags: [], source: 'agent' })).toEqual(['early note', 'late note'])
    expect(await found({ start_date: '2026-03-02', end_date: '2026-03-02' })).toEqual(['late note'])
    expect(await found({ end_date: '2026-03-02T10:00:00' })).toEqual(['early note'])
  })

  test('says that nothing was found and what else to try [archival:insert-search]', async () => {
    expect((await call(agent()(), 'archival_memory_search', { query: 'x' })).text).toMatch(/^No passages found\. Try /)
  })
})

describe('page_out', () => {
  test('stores a chunk that is found by its page, and answers in one line [paging:page-out]', async () => {
    const at = agent()
    const { text } = await call(at(1), 'page_out', { content: 'Chapter one, in which Bo plants tea', page_number: 3 })
    expect(text).toBe('Page 3 is stored outside. Find it with archival_memory_search (source "page_out", tags ["page:3"]) or search.')
    const found = await call(at(2), 'archival_memory_search', { query: 'chapter', source: 'page_out', tags: ['page:3'] })
    expect(found.text).toContain('page_out #page:3: Chapter one, in which Bo plants tea')
  })

  test('says where a chunk is that is outside already [paging:page-out]', async () => {
    const at = agent()
    await call(at(1), 'page_out', { content: 'Chapter one', page_number: 3 })
    const { text } = await call(at(2), 'page_out', { content: 'Chapter one', page_number: 4 })
    expect(text).toBe('This exact text is outside since 2026-03-01 10:00 UTC (source page_out, tags page:3); it was not stored again.')
  })
})

describe('search', () => {
  test('looks through recall and archival together, by turns, in pages [paging:page-out]', async () => {
    const at = agent()
    const { agentId } = at()
    for (const seq of [1, 2, 3, 4, 5, 6]) await stores.memory.messages.insert(message(agentId, seq, `tea talk ${seq}`))
    await stores.memory.messages.insert(message(agentId, 7, 'nothing of the kind'))
    await call(at(1), 'archival_memory_insert', { content: 'tea note A' })
    await call(at(2), 'page_out', { content: 'tea note B', page_number: 1 })

    const first = (await call(at(3), 'search', { query: 'tea' })).text.split('\n')
    const second = (await call(at(3), 'search', { query: 'tea', page: 2 })).text.split('\n')
    expect(first[0]).toBe('Showing 1-5 of 6 messages and 2 passages (page 1 of 2)')
    expect(first.slice(1).map(line => line.split(' ')[0])).toEqual(['conversation', 'archival', 'conversation', 'archival', 'conversation'])
    expect(second[0]).toBe('Showing 6-8 of 6 messages and 2 passages (page 2 of 2)')
    expect(new Set([...first, ...second].flatMap(line => line.match(/tea (?:talk|note) \w/g) ?? [])).size).toBe(8)
  })

  test('refuses pages so deep that they would read everything [paging:page-out]', async () => {
    await expect(call(agent()(), 'search', { query: 'tea', page: 41 })).rejects.toMatchObject({ code: 'tool-arguments' })
  })

  test.for([['fails', () => Promise.reject(new Error('connect ECONNREFUSED'))], ['hangs', () => new Promise<never>(() => undefined)]] as const)(
    'is one by words where the embedding model %s, and says so, as archival_memory_search does [paging:page-out, archival:insert-search]',
    { timeout: 20_000 },
    async ([, embed]) => {
      const at = agent()
      const { agentId, embedder } = at()
      await stores.memory.messages.insert(message(agentId, 1, 'tea talk'))
      for (const turn of days(13)) await call(at(turn), 'archival_memory_insert', { content: turn <= 7 ? `tea note ${turn}` : `stones ${turn}` })
      const away = { ...at(20), embedder: { ...embedder, embed } }
      const [both, first, second, third, none] = await Promise.all([
        call(away, 'search', { query: 'tea', page: 2 }),
        ...[1, 2, 3].map(page => call(away, 'archival_memory_search', { query: 'tea', page })),
        call(away, 'archival_memory_search', { query: 'unicorn' }),
      ])
      const linesOf = (result: ToolReply | undefined): readonly string[] => (result?.text ?? '').split('\n')
      expect(linesOf(both).slice(0, 2)).toEqual(['By words alone: what finds by meaning did not answer.', 'Showing 6-8 of 1 messages and 7 passages (page 2 of 2)'])
      expect(linesOf(first)[1]).toBe('Showing 1-5 of at least 6 passages (page 1)')
      expect(linesOf(second)[1]).toBe('Showing 6-7 of 7 passages (page 2 of 2)')
      expect(linesOf(third)[1]).toBe('There is no page 3: 7 passages on 2 pages, the first is page 1.')
      expect(linesOf(none)[1]).toMatch(/^No passages found/)
      expect([...linesOf(both), ...linesOf(first), ...linesOf(second)].filter(line => line.includes('stones'))).toEqual([])
    },
  )

  test('by words alone goes no deeper than the best 200 passages, and reads no more to say so [archival:insert-search]', async () => {
    const at = agent()
    const asked: number[] = []
    const passage = { agentId: at().agentId, op: 'one', text: 'tea', tags: [], source: 'agent', at: '2026-03-01T10:00:00.000Z' }
    const archival = {
      search: async (_: string, { limit }: PassageQuery) => {
        asked.push(limit)
        return { total: 1_000_000, hits: Array.from({ length: limit }, () => ({ passage, score: 1 })) }
      },
    } as unknown as ArchivalStore
    const away = { ...at(), stores: { ...stores, archival }, embedder: { ...at().embedder, embed: () => Promise.reject(new Error('connect ECONNREFUSED')) } }
    const lineOf = async (page: number): Promise<string | undefined> => (await call(away, 'archival_memory_search', { query: 'tea', page })).text.split('\n')[1]
    expect(await lineOf(40)).toBe('Showing 196-200 of at least 201 passages (page 40)')
    expect(await lineOf(41)).toMatch(/^Page 41 lies behind the best 200 passages, and no more of them are put in order/)
    expect(await lineOf(100_000)).toMatch(/^Page 100000 lies behind the best 200 passages/)
    expect(Math.max(...asked)).toBe(200)
  })

  test('does not search when its turn is cancelled while the embedding model is asked [paging:page-out]', async () => {
    const at = agent()
    const cancelled = new AbortController()
    const embed = (): Promise<never> => (cancelled.abort(new Error('cancelled')), new Promise<never>(() => undefined))
    await expect(call({ ...at(), signal: cancelled.signal, embedder: { ...at().embedder, embed } }, 'search', { query: 'tea' })).rejects.toThrow('cancelled')
  })

  test('reads what stands on the page alone, and asks for the vector of the question once [paging:page-out]', async () => {
    const at = agent()
    const { agentId } = at()
    for (const seq of days(40)) await stores.memory.messages.insert(message(agentId, seq, `tea talk ${seq}`))
    for (const turn of days(4)) await call(at(turn), 'archival_memory_insert', { content: `tea note ${turn}` })
    await stores.archival.exchanges.insert(agentId, [{ first: 1, last: 2, part: 0, at: '2026-02-01T09:30:00.000Z', vector: [1, ...new Array<number>(63).fill(0)] }], at().embedder)
    const read: number[] = []
    const counting = {
      ...stores,
      memory: { ...stores.memory, messages: { ...stores.memory.messages, search: async (...query: Parameters<typeof stores.memory.messages.search>) => {
        const found = await stores.memory.messages.search(...query)
        read.push(found.messages.length)
        return found
      } } },
    }
    let vectors = 0
    const embedder = { ...at().embedder, embed: async (...asked: Parameters<ToolContext['embedder']['embed']>) => ((vectors += 1), at().embedder.embed(...asked)) }
    const { text } = await call({ ...at(5), stores: counting, embedder }, 'search', { query: 'tea', page: 8 })
    expect(text.split('\n')[0]).toBe('Showing 36-40 of 40 messages and 4 passages (page 8 of 9)')
    expect([read, vectors]).toEqual([[5], 1])
  })

  test.for([[0, 12], [12, 0], [7, 12], [12, 7], [1, 1], [6, 6], [3, 14], [14, 3]])('has each result on exactly one page where %i were said and %i are noted [paging:page-out]', async ([said = 0, noted = 0]) => {
    const at = agent()
    const { agentId } = at()
    for (const seq of days(said)) await stores.memory.messages.insert(message(agentId, seq, `tea talk ${seq}`))
    for (const turn of days(noted)) await call(at(turn), 'archival_memory_insert', { content: `tea note ${turn}` })
    const pages = Math.ceil((said + noted) / 5)
    const shown: string[] = []
    for (const page of days(pages)) shown.push(...(await call(at(20), 'search', { query: 'tea', page })).text.split('\n').slice(1))
    const kinds = shown.map(line => line.split(' ')[0])
    expect(kinds).toEqual(alternate(new Array<string>(said).fill('conversation'), new Array<string>(noted).fill('archival')))
    expect(new Set(shown.map(line => line.match(/(?:talk|note) \d+/)?.[0])).size).toBe(said + noted)
  })

  test('knows which of two lists stand at places of both', () => {
    const [left, right] = [Array.from({ length: 9 }, (_, place) => `l${place}`), Array.from({ length: 4 }, (_, place) => `r${place}`)]
    for (const [one, other] of [[left, right], [right, left], [left, []], [[], right]] as const) {
      const all = alternate(one, other)
      for (let from = 0; from < all.length; from += 1) {
        const spans = spansOf({ from, to: from + 3 }, { left: one.length, right: other.length })
        expect([...one.slice(spans.left.from, spans.left.to), ...other.slice(spans.right.from, spans.right.to)].toSorted()).toEqual(all.slice(from, from + 3).toSorted())
      }
    }
  })

  test('takes turns until the shorter list ends', () => {
    expect(alternate([1, 2, 3, 4], [10, 20])).toEqual([1, 10, 2, 20, 3, 4])
    expect(alternate([], [10])).toEqual([10])
  })
})

import { describe, expect, test } from 'vitest'
import { limits } from '../../src/protocol/limits.ts'
import { alternate } from '../../src/tools/search.ts'
import type { ToolContext } from '../../src/tools/tool.ts'
import { call, contextOf, definitionOf, freshAgentId, message, temporaryStores } from './context.ts'

const stores = await temporaryStores()

/** An agent; each turn's call has an operation id and a time of its own. */
function agent(): (turn?: number) => ToolContext {
  const definition = definitionOf(freshAgentId())
  return (turn = 1) => contextOf(stores, definition, { turn, at: new Date(Date.UTC(2026, 2, turn, 10)).toISOString() })
}

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
    expect(await found({ end_date: '2026-03-02T10:00' })).toEqual(['early note'])
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
    expect(first[0]).toBe('Showing 1-5 of 8 results (page 1 of 2)')
    expect(first.slice(1).map(line => line.split(' ')[0])).toEqual(['conversation', 'archival', 'conversation', 'archival', 'conversation'])
    expect(second[0]).toBe('Showing 6-8 of 8 results (page 2 of 2)')
    expect(new Set([...first, ...second].flatMap(line => line.match(/tea (?:talk|note) \w/g) ?? [])).size).toBe(8)
  })

  test('refuses pages so deep that they would read everything [paging:page-out]', async () => {
    await expect(call(agent()(), 'search', { query: 'tea', page: 41 })).rejects.toMatchObject({ code: 'tool-arguments' })
  })

  test('takes turns until the shorter list ends', () => {
    expect(alternate([1, 2, 3, 4], [10, 20])).toEqual([1, 10, 2, 20, 3, 4])
    expect(alternate([], [10])).toEqual([10])
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import type { ToolContext } from '../../src/tools/tool.ts'
import { call, contextOf, definitionOf, freshAgentId, message, said, temporaryStores, unsaid } from './context.ts'

const stores = await temporaryStores()

async function recallOf(...messages: readonly ((agentId: string) => StoredMessage)[]): Promise<ToolContext> {
  const id = freshAgentId()
  for (const make of messages) await stores.memory.messages.insert(make(id))
  return contextOf(stores, definitionOf(id), { turnSeq: 20 })
}

const days = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('conversation_search', () => {
  let context: ToolContext
  beforeAll(async () => {
    context = await recallOf(
      ...days(12).map(day => (id: string) => message(id, day, `tea ${day}`)),
      id => unsaid(id, 13, 'I should offer tea', 'assistant'),
      id => unsaid(id, 14, 'Showing 1-5 of 12 results: tea', 'tool'),
      id => message(id, 20, 'tea, of the present step'),
      id => message(`${id}-other`, 1, 'tea of another agent'),
    )
  })

  test('shows one page, which it is, and one line for each message [recall:search]', async () => {
    const { text } = await call(context, 'conversation_search', { query: 'tea' })
    const [header, ...lines] = text.split('\n')
    expect(header).toBe('Showing 1-5 of 12 results (page 1 of 3)')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^\[2026-02-\d\d 09:30 UTC\] user: tea \d+$/)
  })

  test('gives each message on exactly one page, and neither thoughts, results nor the present step [recall:search]', async () => {
    const pages = await Promise.all([1, 2, 3].map(page => call(context, 'conversation_search', { query: 'tea', page })))
    const lines = pages.flatMap(({ text }) => text.split('\n').slice(1)).map(line => line.replace(/^\[.*\] /, ''))
    expect(lines.toSorted()).toEqual(Array.from({ length: 12 }, (_, index) => `user: tea ${index + 1}`).toSorted())
  })

  test('says how many pages there are when asked for one too many [recall:search]', async () => {
    const { text } = await call(context, 'conversation_search', { query: 'tea', page: 4 })
    expect(text).toBe('There is no page 4: 12 results on 3 pages, the first is page 1.')
  })

  test('says that nothing was found and what else to try [recall:search]', async () => {
    const { text } = await call(context, 'conversation_search', { query: 'unicorn' })
    expect(text).toBe('No results found. Try other or fewer words, conversation_search_date, or archival_memory_search.')
  })

  test('finds what the agent said by its words, and not by the bare result of the sending [recall:search]', async () => {
    const talk = await recallOf(
      id => said(id, 3, 'I like mate'),
      id => message(id, 4, 'me too', { role: 'system', kind: 'login' }),
    )
    expect((await call(talk, 'conversation_search', { query: 'mate' })).text).toContain('[2026-02-03 09:30 UTC] you: I like mate')
    expect((await call(talk, 'conversation_search', { query: 'too' })).text).toContain('system (login): me too')
    expect((await call(talk, 'conversation_search', { query: 'sent' })).text).toContain('No results found')
  })

  test('cuts a long message around what was found, and says so [recall:search]', async () => {
    const long = await recallOf(id => message(id, 1, `${'hay '.repeat(1_000)}needle${' hay'.repeat(1_000)}`))
    const { text } = await call(long, 'conversation_search', { query: 'needle' })
    expect(text).toMatch(/needle.*\(cut; characters \d+-\d+ of 8006\)$/)
    expect(text.length).toBeLessThan(1_300)
  })

  test('says which are merely near by meaning, whatever is asked, and does not count them as results [recall:meaning recall:search]', async () => {
    const near = await recallOf(...days(14).map(day => (id: string) => message(id, day, day === 3 ? 'a walrus' : `rain ${day}`)))
    const at = ({ day, first = day }: { readonly day: number; readonly first?: number }) => ({ first, last: first, part: 0, at: `2026-02-${String(day).padStart(2, '0')}T09:30:00.000Z`, vector: vectorOf(day) })
    const vectorOf = (day: number): number[] => Array.from({ length: near.embedder.dimensions }, (_, index) => (index === 0 ? day / 20 : index === day ? 1 : 0))
    await stores.archival.exchanges.insert(near.agentId, days(14).map(day => at({ day })), near.embedder)
    const asking = { ...near, embedder: { ...near.embedder, model: near.embedder.model, dimensions: near.embedder.dimensions, embed: () => Promise.resolve([vectorOf(0).with(0, 1)]) } }
    const pages = await Promise.all([1, 2, 3].map(page => call(asking, 'conversation_search', { query: 'zzzqqq', page })))
    expect(pages.map(({ text }) => text.split('\n')[0])).toEqual([
      'No results found by words. Showing 1-5 of 10 messages merely near by meaning (page 1 of 2)',
      'No results found by words. Showing 6-10 of 10 messages merely near by meaning (page 2 of 2)',
      'There is no page 3: 10 messages merely near by meaning on 2 pages, the first is page 1.',
    ])
    expect(pages[0]?.text.split('\n')[1]).toBe('[2026-02-14 09:30 UTC, near by meaning] user: rain 14')
    const [head, first] = (await call(asking, 'conversation_search', { query: 'walrus' })).text.split('\n')
    expect([head, first]).toEqual(['Showing 1-5 of 1 results and 10 messages merely near by meaning (page 1 of 3)', '[2026-02-03 09:30 UTC] user: a walrus'])
    expect((await call(asking, 'search', { query: 'zzzqqq' })).text).toMatch(/^No messages found by words\. Showing 1-5 of 10 messages merely near by meaning \(page 1 of 2\)\nconversation \[/)
  })

  test('finds messages that were evicted or popped [recall:never-deleted]', async () => {
    const popped = await recallOf(id => message(id, 1, 'said and taken back'))
    await stores.memory.messages.markPopped(popped.agentId, [[1, 1]])
    expect((await call(popped, 'conversation_search', { query: 'taken' })).text).toContain('said and taken back')
  })
})

describe('conversation_search_date', () => {
  test('shows what was said in a range, newest first, its last day included [recall:search]', async () => {
    const context = await recallOf(...days(4).map(day => (id: string) => message(id, day, `day ${day}`)))
    const { text } = await call(context, 'conversation_search_date', { start_date: '2026-02-02', end_date: '2026-02-03' })
    expect(text.split('\n')).toEqual([
      'Showing 1-2 of 2 results (page 1 of 1)',
      '[2026-02-03 09:30 UTC] user: day 3',
      '[2026-02-02 09:30 UTC] user: day 2',
    ])
  })

  test('shows what was said around a result of conversation_search, by the minute of it [recall:search]', async () => {
    const texts = ['Which ship was it?', 'A walrus told me.', 'Surely not!', 'Good night.']
    const context = await recallOf(...texts.map((text, index) => (id: string) => message(id, index + 1, text, { at: `2026-02-03T09:3${index}:20.000Z` })))
    const [, result = ''] = (await call(context, 'conversation_search', { query: 'walrus' })).text.split('\n')
    expect(result).toBe('[2026-02-03 09:31 UTC] user: A walrus told me.')
    const { text } = await call(context, 'conversation_search_date', { start_date: '2026-02-03T09:30', end_date: '2026-02-03T09:32' })
    expect(text.split('\n').slice(1)).toEqual(['[2026-02-03 09:32 UTC] user: Surely not!', '[2026-02-03 09:31 UTC] user: A walrus told me.', '[2026-02-03 09:30 UTC] user: Which ship was it?'])
  })

  test('takes a time without seconds for that whole minute, at the end too [recall:search]', async () => {
    const context = await recallOf(...['one', 'two', 'three'].map((text, index) => (id: string) => message(id, index + 1, text, { at: `2026-02-03T09:3${index}:20.000Z` })))
    const shown = async (start_date: string, end_date: string): Promise<readonly string[]> =>
      (await call(context, 'conversation_search_date', { start_date, end_date })).text.split('\n').slice(1).map(line => line.replace(/^\[.*\] user: /, ''))
    expect(await shown('2026-02-03T09:31', '2026-02-03T09:31')).toEqual(['two'])
    expect(await shown('2026-02-03T09:31', '2026-02-03T09:32')).toEqual(['three', 'two'])
    expect(await shown('2026-02-03T09:31:00', '2026-02-03T09:32:00')).toEqual(['two'])
    await expect(shown('2026-02-03T09:32', '2026-02-03T09:31')).rejects.toThrow('give the earlier one as start_date')
  })

  test('explains dates that it cannot read [recall:search]', async () => {
    const context = await recallOf()
    await expect(call(context, 'conversation_search_date', { start_date: 'last week', end_date: '2026-02-03' })).rejects.toMatchObject({
      code: 'tool-arguments',
      message: expect.stringContaining('start_date "last week" is no date: write 2026-01-31') as string,
    })
  })
})

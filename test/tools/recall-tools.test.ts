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

  test('explains dates that it cannot read [recall:search]', async () => {
    const context = await recallOf()
    await expect(call(context, 'conversation_search_date', { start_date: 'last week', end_date: '2026-02-03' })).rejects.toMatchObject({
      code: 'tool-arguments',
      message: expect.stringContaining('start_date "last week" is no date: write 2026-01-31') as string,
    })
  })
})

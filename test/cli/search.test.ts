import { describe, expect, test } from 'vitest'
import { listOf } from '../../src/cli/commands/archival-command.ts'
import { pageOf } from '../../src/cli/commands/memory-commands.ts'
import { messageText } from '../../src/cli/output/message-lines.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import type { Chat } from '../../src/cli/chat/chat.ts'
import { archival, search } from '../../src/cli/slash/search.ts'
import type { FoundMessages, FoundPassages, MessageQuery, PassageView, PerdureClient } from '../../src/index.ts'
import { sampleMessage } from '../stores/memory/samples.ts'

const messages = [
  sampleMessage('ann', 7, `${'We talked of nothing much. '.repeat(20)}Then a walrus came up to the boat.`, { eventId: 'e7', kind: 'user-message' }),
  sampleMessage('ann', 3, 'Seals sleep on the sand.', { eventId: 'e3', kind: 'user-message' }),
] as const

/** Finds the same whatever it is asked, and keeps what it was asked. */
function finding(found: FoundMessages): { readonly client: PerdureClient; readonly asked: Partial<MessageQuery>[] } {
  const asked: Partial<MessageQuery>[] = []
  const searchRecall = (_agentId: string, query: Partial<MessageQuery> = {}): Promise<FoundMessages> => Promise.resolve((asked.push(query), found))
  return { client: { searchRecall } as unknown as PerdureClient, asked }
}

const passage: PassageView = { agentId: 'ann', op: 'ann/1/1/0/0', text: 'A walrus sleeps.', tags: [], source: 'agent', at: '2026-03-01T10:00:00.000Z', origin: { by: 'agent', turn: 1 } }

const shownBy = async (found: FoundMessages): Promise<readonly string[]> => {
  const context = { agentId: 'ann', connection: finding(found), console: { columns: 100 } } as unknown as Chat
  return ((await search.run(context, 'walrus')) as string).split('\n')
}

describe('a search in the chat', () => {
  test('counts what has the words, and says what is merely near by meaning [recall:meaning cli:chat]', async () => {
    const lines = await shownBy({ total: 1, near: [3], messages })
    expect(lines[0]).toBe('1 message has these words, 1 other is merely near by meaning:')
    expect(lines[2]).toContain('you (near by meaning): Seals sleep')
    expect((await shownBy({ total: 0, near: [3, 4, 5], messages: messages.slice(1) }))[0]).toBe('No message has these words, 3 others are merely near by meaning; shown are 1, the best first:')
    expect(await shownBy({ total: 0, messages: [] })).toEqual(['Nothing in recall memory has any of these words: walrus'])
  })

  test('of either memory says that it went by words alone where what finds by meaning was away [recall:meaning archival:person cli:chat]', async () => {
    const alone = 'By words alone: what finds by meaning did not answer.'
    expect((await shownBy({ total: 2, byWordsAlone: true, messages })).slice(0, 2)).toEqual([alone, '2 messages have these words:'])
    expect(await shownBy({ total: 0, byWordsAlone: true, messages: [] })).toEqual([alone, 'Nothing in recall memory has any of these words: walrus'])
    const archivalBy = async (passages: readonly PassageView[]): Promise<readonly string[]> => {
      const searchArchival = (): Promise<FoundPassages> => Promise.resolve({ total: passages.length, byWordsAlone: true, passages: passages.map((found) => ({ ...found, score: 1 })) })
      const context = { agentId: 'ann', connection: { client: { searchArchival } }, console: { columns: 100 } } as unknown as Chat
      return ((await archival.run(context, 'walrus')) as string).split('\n')
    }
    expect((await archivalBy([passage])).slice(0, 2)).toEqual([alone, 'The best first:'])
    expect(await archivalBy([])).toEqual([alone, 'Nothing in archival memory is about walrus'])
  })

  test('shows a long message from where it was hit on [cli:chat]', async () => {
    const [, line = ''] = await shownBy({ total: 1, messages })
    expect(line).toMatch(/you: ….*walrus came up/)
    expect(line.length).toBeLessThanOrEqual(100)
  })
})

describe('perdure messages --search', () => {
  const page = (found: FoundMessages, offset?: number) => {
    const { client, asked } = finding(found)
    return { asked, answer: pageOf(client, 'ann', { limit: 2, search: "the keeper's walrus", before: 9, ...(offset !== undefined && { offset }) }) }
  }

  test('says how many there are, and leads to the next page [recall:search]', async () => {
    const { asked, answer } = page({ total: 4, near: [3], messages }, 2)
    expect(await answer).toMatchObject({ head: '4 messages have these words, 1 other is merely near by meaning; shown are numbers 3 to 4:', more: `--search 'the keeper'\\''s walrus' --offset 4 --limit 2 --before 9` })
    expect(asked).toEqual([{ limit: 2, text: "the keeper's walrus", offset: 2, before: 9 }])
    expect(messageText(messages[1], noColours, [3])).toMatch(/^#3 .*user, near by meaning/)
    expect(await page({ total: 2, messages }).answer).not.toHaveProperty('more')
  })

  test('says that it went by words alone, as perdure archival search does [recall:meaning archival:person]', async () => {
    expect(await page({ total: 2, byWordsAlone: true, messages }).answer).toMatchObject({ byWordsAlone: true, head: '2 messages have these words:' })
    expect(await page({ total: 0, byWordsAlone: true, messages: [] }).answer).toEqual({ byWordsAlone: true, messages: [] })
    const { items, lines } = listOf([passage], { byWordsAlone: true })
    expect([items[0]?.byWordsAlone, lines()[0]]).toEqual([true, 'By words alone: what finds by meaning did not answer.'])
    expect(listOf([passage]).items[0]).not.toHaveProperty('byWordsAlone')
  })

  test('goes on by its offset, which other pages do not have [recall:search]', async () => {
    const { client } = finding({ total: 0, messages: [] })
    await expect(pageOf(client, 'ann', { limit: 2, offset: 2 })).rejects.toThrow('--offset goes with --search')
    await expect(pageOf(client, 'ann', { limit: 2, after: 2, search: 'walrus' })).rejects.toThrow('a search goes on with --offset')
  })
})

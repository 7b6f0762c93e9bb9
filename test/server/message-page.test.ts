import { describe, expect, test } from 'vitest'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { messagePageOf, pageBytes } from '../../src/server/message-page.ts'

/** Recall memory with texts of these lengths, under the sequence numbers 1, 3, 5, …; and how many were read at once at the most. */
function recall(lengths: readonly number[]) {
  const all = lengths.map((length, index): StoredMessage => ({ agentId: 'ada', op: `${index}`, seq: 2 * index + 1, turn: 1, step: 0, role: 'user', text: 'x'.repeat(length), tokens: 1, at: '2026-01-01T00:00:00Z' }))
  const sizes: number[] = []
  const messages = (_agent: string, { after = 0, limit = 1_000 }: { readonly after?: number; readonly limit?: number } = {}) => {
    sizes.push(limit)
    return Promise.resolve(all.filter(({ seq }) => seq > after).slice(0, limit))
  }
  return { client: { messages }, all, sizes }
}

async function allPages(client: Parameters<typeof messagePageOf>[0], limit?: number) {
  const pages: (readonly StoredMessage[])[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: Awaited<ReturnType<typeof messagePageOf>> = await messagePageOf(client, 'ada', { after, ...(limit !== undefined && { limit }) })
    pages.push(page.messages)
    after = page.next
  }
  return pages
}

describe('a page of messages', () => {
  test('ends by bytes as well as by number, and the pages together have every message once [http:api]', async () => {
    const { client, all, sizes } = recall(Array.from({ length: 130 }, (_, index) => (index % 10 === 0 ? 1_000_000 : 10)))
    const pages = await allPages(client)
    expect(pages.flat()).toEqual(all)
    expect(pages.length).toBe(4)
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(pageBytes + 1_000)
    expect(Math.max(...sizes)).toBe(50)
  })

  test('has as many messages as are asked for, and says where the next one begins [http:api]', async () => {
    const { client, all } = recall(Array.from({ length: 120 }, () => 10))
    expect(await messagePageOf(client, 'ada', { after: 1, limit: 3 })).toEqual({ messages: all.slice(1, 4), next: 7 })
    expect((await allPages(client, 60)).map(({ length }) => length)).toEqual([60, 60, 0])
    expect(await messagePageOf(client, 'ada', { after: 237 })).toEqual({ messages: all.slice(119) })
  })

  test('has one message at least, however large [http:api]', async () => {
    const { client } = recall([pageBytes + 1, 10])
    expect((await allPages(client)).map(({ length }) => length)).toEqual([1, 1])
  })
})

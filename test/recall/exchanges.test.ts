import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reindexExchanges } from '../../src/operations/reindex-exchanges.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { closedExchanges, type ClosedExchange } from '../../src/recall/closed-exchanges.ts'
import { embedExchanges } from '../../src/recall/embed-exchanges.ts'
import { searchRecall } from '../../src/recall/search-recall.ts'
import type { ExchangePlace } from '../../src/stores/exchanges.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { moment, sampleAgent, sampleMessage } from '../stores/memory/samples.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { topicEmbedder } from './topics.ts'

let stores: Stores
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
  stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
})
afterEach(async () => {
  await stores.close()
  await folder.remove()
})

/** `>` is said to the agent, `<` is its reply, and all else it thinks. */
async function agentWith(said: readonly string[], { agentId = 'ada' } = {}): Promise<void> {
  const { definition, digest, createdAt } = sampleAgent(agentId)
  await stores.memory.agents.create({ definition, digest, createdAt })
  await say(said, { agentId })
}

async function say(said: readonly string[], { agentId = 'ada', from = 1 } = {}): Promise<void> {
  for (const [index, line] of said.entries()) {
    const text = line.slice(2)
    const kinds: Record<string, Partial<StoredMessage>> = { '>': { eventId: `e${from + index}`, kind: 'user-message' }, '<': { role: 'tool', reply: text } }
    await stores.memory.messages.insert(sampleMessage(agentId, from + index, text, { op: `${agentId}/${from + index}`, role: 'assistant', at: moment(1 + (from + index) % 28), ...kinds[line[0] ?? ''], ...(line.startsWith('>') && { role: 'user' }) }))
  }
}

async function closedOf(options: { readonly after?: ExchangePlace; readonly left?: number } = {}): Promise<readonly ClosedExchange[]> {
  const found: ClosedExchange[] = []
  for await (const one of closedExchanges(stores.memory.messages, 'ada', { after: options.after, left: options.left ?? Infinity })) found.push(one)
  return found
}

const embedAll = (embedder = topicEmbedder(), more: { readonly left?: number; readonly most?: number } = {}): Promise<number> =>
  embedExchanges({ stores, space: embedder, embed: (texts) => embedder.embed(texts, new AbortController().signal), agentId: 'ada', left: Infinity, ...more })

describe('an exchange', () => {
  test('is what was said and what was replied, with its day and what was said before it, without thoughts; the last one goes on [recall:meaning]', async () => {
    await agentWith(['> Where is the lighthouse?', '. They ask for a lighthouse.', '< On the cape.', '< Take a boat.', '> Thanks!', '> Bye'])
    expect(await closedOf()).toEqual([
      { first: 1, last: 4, at: moment(2), texts: ['2 March 2024\nuser: Where is the lighthouse?\nagent: On the cape.\nagent: Take a boat.'] },
      { first: 5, last: 5, at: moment(6), texts: ['6 March 2024\nagent: Take a boat.\nuser: Thanks!'] },
    ])
    await say(['. Nothing more.', '> Again'], { from: 7 })
    expect((await closedOf({ after: { first: 5, last: 5 } })).map(({ first, last }) => [first, last])).toEqual([[6, 6]])
  })

  test('is closed from where it begins, up to what has left the context [recall:meaning]', async () => {
    await agentWith(['> one', '< a', '> two', '< b', '> three', '< c', '> four'])
    expect((await closedOf({ left: 3 })).map(({ first }) => first)).toEqual([1, 3])
    expect((await closedOf({ left: 4, after: { first: 1, last: 2 } })).map(({ first }) => first)).toEqual([3])
    expect(await closedOf({ left: 4, after: { first: 3, last: 4 } })).toEqual([])
  })

  test('that is long has several pieces, and a long message several texts: all of it is embedded [recall:meaning]', async () => {
    const long = 'the tide comes and goes. '.repeat(40).trim()
    await agentWith(['> begin', ...Array.from({ length: 4 }, () => `< ${long}`), `> ${long.repeat(4)}`, '< Well.', '> end'])
    const closed = await closedOf()
    expect(closed.map(({ first, last, texts }) => [first, last, texts.length])).toEqual([[1, 2, 1], [3, 3, 1], [4, 4, 1], [5, 5, 1], [6, 6, 3], [7, 7, 1]])
    expect(Math.max(...closed.flatMap(({ texts }) => texts.map(({ length }) => length)))).toBeLessThan(2_000)
    expect(closed.at(-1)?.texts[0]).toMatch(/\nuser: the tide[^]*\nagent: Well\.$/)
  })
})

describe('what has left a context', () => {
  const talk = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? `> question ${index}` : `< answer ${index}`))

  test('is embedded in batches, once, however often it is asked for; what was broken off goes on [recall:meaning]', async () => {
    await agentWith(talk)
    let requests = 0
    const embedder = topicEmbedder(() => (requests += 1) === 2)
    await expect(embedAll(embedder)).rejects.toThrow('is away')
    expect(await stores.archival.exchanges.latest('ada', embedder)).toEqual({ first: 127, last: 128 })
    expect(await embedAll(embedder)).toBe(199 - 64)
    expect(await embedAll(embedder)).toBe(0)
    expect(embedder.embedded).toHaveLength(199)
    expect(new Set(embedder.embedded).size).toBe(199)
  })

  test('is bounded, and goes on with the next compaction [recall:meaning]', async () => {
    await agentWith(talk)
    expect(await embedAll(topicEmbedder(), { most: 100 })).toBe(100)
    expect(await embedAll(topicEmbedder(), { left: 250 })).toBe(25)
  })

  test('leaves no vector of an agent that was deleted meanwhile [recall:meaning]', async () => {
    await agentWith(talk)
    const embedder = topicEmbedder(() => false)
    const deleting = { ...embedder, embed: async (...given: Parameters<typeof embedder.embed>) => {
      await stores.archival.eraseAgent('ada')
      await stores.memory.eraseAgent('ada')
      await stores.archival.eraseAgent('ada')
      return embedder.embed(...given)
    } }
    await embedAll(deleting)
    expect(embedder.embedded).toHaveLength(64)
    expect(await stores.archival.exchanges.latest('ada', embedder)).toBeUndefined()
  })

  test('is embedded anew by `perdure reindex`, of all agents of all tenants, and vectors of the former model go [recall:meaning archival:embedding-guard]', async () => {
    const next = { ...topicEmbedder(), model: 'next' }
    for (const agentId of ['ada', 'eve']) {
      await agentWith(['> Where is the lighthouse?', '< On the cape.', '> Thanks!', '> Bye'], { agentId })
      await stores.memory.summaries.insert({ agentId, op: `${agentId}/compaction/1`, text: 's', tokens: 1, byModel: true, covers: 2, left: 2, at: moment(2) })
    }
    await embedAll()
    const options = { dryRun: false }
    expect(await reindexExchanges(stores, next, { dryRun: true })).toBe(2)
    expect(await reindexExchanges(stores, next, options)).toBe(2)
    expect(await reindexExchanges(stores, next, options)).toBe(0)
    expect(await stores.archival.exchanges.latest('eve', next)).toEqual({ first: 1, last: 2 })
    expect(await stores.archival.exchanges.latest('ada', topicEmbedder())).toBeUndefined()
  })
})

describe('a search of recall memory', () => {
  const find = async (text: string, embedder: ReturnType<typeof topicEmbedder> | undefined) => {
    const { messages } = await searchRecall({ stores, embedder, agentId: 'ada', query: { text, order: 'relevance', offset: 0, limit: 10, conversation: true } })
    return messages.map(({ seq }) => seq)
  }
  const said = ['> We saw a lighthouse.', '< It must have been tall.', '> I slept well.', '< Good.', '> A walrus sat there.', '< How large?', '> So large.']

  test('finds what was meant in other words, also of another exchange than what has the words [recall:meaning]', async () => {
    await agentWith(said)
    const embedder = topicEmbedder()
    await embedAll(embedder)
    expect(await find('the beacon', undefined)).toEqual([])
    expect((await find('the beacon', embedder)).slice(0, 2).toSorted()).toEqual([1, 2])
    expect((await find('which beacon was large?', embedder)).slice(0, 3)).toContain(2)
  })

  test('is one by words alone where nothing is embedded, or the embedding model is away, or says nothing for too long [recall:meaning]', async () => {
    await agentWith(said)
    const asked = { count: 0 }
    const counting = topicEmbedder(() => ((asked.count += 1), false))
    const byWords = await find('large walrus', undefined)
    expect(await find('large walrus', counting)).toEqual(byWords)
    expect(asked.count).toBe(0)
    await embedAll()
    expect(await find('large walrus', topicEmbedder(() => true))).toEqual(byWords)
    expect(await find('large walrus', { ...topicEmbedder(), embed: () => new Promise(() => undefined) })).toEqual(byWords)
    expect(await find('large walrus', { ...topicEmbedder(), model: 'another' })).toEqual(byWords)
  })
})

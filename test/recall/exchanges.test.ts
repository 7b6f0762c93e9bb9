import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reindexLines, reindexStatus } from '../../src/cli/commands/reindex.ts'
import { reindexExchanges } from '../../src/operations/reindex-exchanges.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { messageOf } from '../../src/protocol/errors.ts'
import type { ExchangesGiven } from '../../src/protocol/exchanges.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { closedExchanges, type ClosedExchange } from '../../src/recall/closed-exchanges.ts'
import { embedExchanges } from '../../src/recall/embed-exchanges.ts'
import { searchRecall } from '../../src/recall/search-recall.ts'
import type { ExchangePlace } from '../../src/stores/exchanges.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { moment, sampleAgent, sampleMessage } from '../stores/memory/samples.ts'
import { exchangeLane } from '../../src/worker/exchange-lane.ts'
import { WaitingLine } from '../../src/worker/waiting-line.ts'
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

async function embedAll(embedder = topicEmbedder(), more: { readonly left?: number; readonly most?: number } = {}): Promise<number> {
  const { embedded } = await embedExchanges({ stores, space: embedder, embed: (texts) => embedder.embed(texts, new AbortController().signal), agentId: 'ada', left: Infinity, ...more })
  return embedded
}

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
    const embedder = topicEmbedder(() => [2, 3].includes((requests += 1)))
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

  test('is embedded but for a text that the model refuses, which is named; and reindex goes on with other agents [recall:meaning archival:embedding-guard]', async () => {
    for (const agentId of ['ada', 'eve']) {
      await agentWith(talk.map((line, index) => (index === 140 ? '> poison' : line)), { agentId })
      await stores.memory.summaries.insert({ agentId, op: `${agentId}/compaction/1`, text: 's', tokens: 1, byModel: true, covers: 2, left: 400, at: moment(2) })
    }
    const embedder = topicEmbedder()
    const choosy = { ...embedder, embed: async (...given: Parameters<typeof embedder.embed>) => {
      if (given[0].some((text) => text.includes('user: poison'))) throw new ModelError('bad-request', 'no poison')
      return embedder.embed(...given)
    } }
    const refused: unknown[] = []
    expect(await reindexExchanges(stores, choosy, { dryRun: false, onRefused: ({ agentId, first, last, reason }) => refused.push([agentId, first, last, messageOf(reason)]) })).toMatchObject({ exchanges: 2 * 198 })
    expect(refused).toEqual([['ada', 141, 142, 'no poison'], ['eve', 141, 142, 'no poison']])
    expect(await stores.archival.exchanges.latest('eve', embedder)).toEqual({ first: 397, last: 398 })
    expect(await embedAll()).toBe(0)
  })

  test('is embedded behind texts that the model refuses, however many of them come first [recall:meaning]', async () => {
    await agentWith(talk.map((line, index) => (index < 300 ? `${line.slice(0, 2)}poison` : line)))
    const embedder = topicEmbedder()
    const choosy = { ...embedder, embed: async (...given: Parameters<typeof embedder.embed>) => {
      if (given[0].some((text) => text.includes('poison'))) throw new ModelError('bad-request', 'no poison')
      return embedder.embed(...given)
    } }
    const lane = exchangeLane({ stores, embedder: choosy, most: 50 })
    const signal = new AbortController().signal
    const given = { agentId: 'ada', left: 400 }
    const first = await lane(given, signal)
    expect(first).toEqual({ embedded: 0, more: true, after: { first: 99, last: 100, behind: 0, model: 'topics' } })
    const second = await lane({ ...given, after: { first: 99, last: 100, behind: 0, model: 'topics' } }, signal)
    expect(second).toMatchObject({ embedded: 0, more: true, after: { first: 199, behind: 0 } })
    expect(await lane({ ...given, after: { first: 299, last: 300, behind: 0, model: 'topics' } }, signal)).toMatchObject({ more: false, after: { first: 397, behind: 398 } })
    expect(await stores.archival.exchanges.latest('ada', embedder)).toEqual({ first: 397, last: 398 })
  })

  test('that the model refuses costs two requests each where many come in a row [recall:meaning]', async () => {
    await agentWith(talk.map((line, index) => (index < 300 ? `${line.slice(0, 2)}poison` : line)))
    const embedder = topicEmbedder()
    let requests = 0
    const choosy = { ...embedder, embed: async (...given: Parameters<typeof embedder.embed>) => {
      requests += 1
      if (given[0].some((text) => text.includes('poison'))) throw new ModelError('bad-request', 'no poison')
      return embedder.embed(...given)
    } }
    await embedAll(choosy)
    expect(await stores.archival.exchanges.latest('ada', embedder)).toEqual({ first: 397, last: 398 })
    expect(requests).toBeLessThan(2 * 151 + 30)
  })

  test('is embedded in parts that end soon where the model takes long to refuse: each begins where the one before has ended [recall:meaning]', async () => {
    await agentWith(talk.map((line) => `${line.slice(0, 2)}poison`))
    const embedder = { ...topicEmbedder(), embed: async (texts: readonly string[]) => (texts.some((text) => text.includes('poison')) ? Promise.reject(new ModelError('bad-request', 'no poison')) : [[1, 0, 0, 0]]) }
    const lane = exchangeLane({ stores, embedder, longestMs: 0 })
    const ends: number[] = []
    for (let after: ExchangesGiven | undefined; ; ) {
      const part = await lane({ agentId: 'ada', left: 400, ...(after && { after }) }, new AbortController().signal)
      if ('busyMs' in part) throw new Error('nobody else asks')
      after = part.after
      ends.push(after?.last ?? 0)
      if (!part.more) break
    }
    expect(ends).toEqual([128, 256, 384, 398])
  })

  test('is embedded from where its vectors end, whatever the model was given before, where they were lost since or another model was in force [recall:meaning]', async () => {
    await agentWith(talk)
    const lane = exchangeLane({ stores, embedder: topicEmbedder(), most: 100 })
    const signal = new AbortController().signal
    const { after } = (await lane({ agentId: 'ada', left: 400 }, signal)) as { readonly after: ExchangesGiven }
    await stores.archival.eraseAgent('ada')
    expect(await lane({ agentId: 'ada', left: 400, after }, signal)).toMatchObject({ embedded: 100, more: true, after })
    expect(await lane({ agentId: 'ada', left: 400, after }, signal)).toMatchObject({ embedded: 99, more: false })
  })

  test('is embedded by a model that is too slow for many texts at once, a part of them at a time [recall:meaning]', async () => {
    await agentWith(talk)
    const asked: number[] = []
    const embedder = topicEmbedder()
    const slow = { ...embedder, embed: async (...given: Parameters<typeof embedder.embed>) => {
      if (given[0].length > 20) throw new DOMException('no answer within 60000 ms', 'TimeoutError')
      asked.push(given[0].length)
      return embedder.embed(...given)
    } }
    expect(await embedAll(slow)).toBe(199)
    expect(asked.filter((texts) => texts > 1).every((texts) => texts <= 16)).toBe(true)
    expect(asked.length).toBeLessThan(20)
  })

  test('is not taken for refused where the model takes no text at all [recall:meaning]', async () => {
    await agentWith(talk)
    let requests = 0
    await expect(embedAll(topicEmbedder(() => (requests += 1) > 0))).rejects.toThrow('is away')
    expect(requests).toBe(2)
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

  test('leaves no vector of an agent that was deleted while a call was broken off, once that is made again [recall:meaning]', async () => {
    await agentWith(talk)
    const embedder = topicEmbedder(() => false)
    const { agents } = stores.memory
    const brokenOff: Stores = { ...stores, memory: { ...stores.memory, agents: { ...agents, wasDeleted: async (agentId) => (embedder.embedded.length > 0 ? Promise.reject(new Error('the worker is gone')) : agents.wasDeleted(agentId)) } } }
    await expect(embedExchanges({ stores: brokenOff, space: embedder, embed: async (texts) => embedder.embed(texts, new AbortController().signal), agentId: 'ada', left: 400 })).rejects.toThrow('the worker is gone')
    const [before] = await stores.archival.exchanges.others({ model: 'another', dimensions: 4 })
    await stores.memory.eraseAgent('ada')
    expect(before?.vectors).toBe(64)
    expect(await embedAll(embedder)).toBe(0)
    expect(await stores.archival.exchanges.others({ model: 'another', dimensions: 4 })).toEqual([])
  })

  test('is embedded anew by `perdure reindex`, of all agents of all tenants, and vectors of the former model go [recall:meaning archival:embedding-guard]', async () => {
    const next = { ...topicEmbedder(), model: 'next' }
    for (const agentId of ['ada', 'eve']) {
      await agentWith(['> Where is the lighthouse?', '< On the cape.', '> Thanks!', '> Bye'], { agentId })
      await stores.memory.summaries.insert({ agentId, op: `${agentId}/compaction/1`, text: 's', tokens: 1, byModel: true, covers: 2, left: 2, at: moment(2) })
    }
    await embedAll()
    const options = { dryRun: false }
    const former = [{ model: 'topics', dimensions: 4, vectors: 2 }]
    expect(await reindexExchanges(stores, next, { dryRun: true })).toEqual({ exchanges: 2, formerExchanges: former })
    expect(await reindexExchanges(stores, next, options)).toEqual({ exchanges: 2, formerExchanges: former })
    expect(await reindexExchanges(stores, next, options)).toEqual({ exchanges: 0, formerExchanges: [] })
    expect(await stores.archival.exchanges.latest('eve', next)).toEqual({ first: 1, last: 2 })
    expect(await stores.archival.exchanges.latest('ada', topicEmbedder())).toBeUndefined()
  })

  test('is embedded by `perdure reindex` without a compaction too: what is before the queue of the latest step, and all of it where there was no step [recall:meaning]', async () => {
    const said = ['> one', '< a', '> two', '< b', '> three', '< c', '> four']
    for (const agentId of ['stepped', 'imported']) await agentWith(said, { agentId })
    await agentWith(['> one'], { agentId: 'new' })
    const prompt = { form: 1, digest: 'd', frame: 'f', contextWindow: 1, maxOutputTokens: 1, statistics: { evicted: 2 }, queue: [[3, 7]], tokens: {} }
    await stores.memory.messages.insert(sampleMessage('stepped', 8, '', { role: 'assistant', context: { prompt } as never }))
    expect(await reindexExchanges(stores, topicEmbedder(), { dryRun: false })).toEqual({ exchanges: 4, formerExchanges: [] })
    const latest = (agentId: string) => stores.archival.exchanges.latest(agentId, topicEmbedder())
    expect([await latest('stepped'), await latest('imported'), await latest('new')]).toEqual([{ first: 1, last: 2 }, { first: 5, last: 6 }, undefined])
  })

  test('is embedded by a worker to its end, and the agents that wait take turns; but with no model that is not in force [recall:meaning archival:embedding-guard]', async () => {
    for (const agentId of ['ada', 'eve']) await agentWith(talk, { agentId })
    const embedder = topicEmbedder()
    const order: string[] = []
    const insert: typeof stores.archival.exchanges.insert = (agentId, ...given) => (order.push(agentId), stores.archival.exchanges.insert(agentId, ...given))
    const watched = { ...stores, archival: { ...stores.archival, exchanges: { ...stores.archival.exchanges, insert } } }
    const signal = new AbortController().signal
    const lane = exchangeLane({ stores: watched, embedder, most: 100 })
    const first = lane({ agentId: 'ada', left: 400 }, signal)
    expect(await lane({ agentId: 'eve', left: 400 }, signal)).toEqual({ busyMs: expect.any(Number) as number })
    expect(await first).toEqual({ embedded: 100, more: true, after: { first: 199, last: 200, behind: 200, model: 'topics' } })
    expect(await lane({ agentId: 'eve', left: 400 }, signal)).toEqual({ embedded: 100, more: true, after: { first: 199, last: 200, behind: 200, model: 'topics' } })
    for (const agentId of ['ada', 'eve']) {
      await expect(lane({ agentId, left: 400 }, AbortSignal.abort(new Error('the worker stops')))).rejects.toThrow('the worker stops')
      expect(await lane({ agentId, left: 400 }, signal)).toMatchObject({ embedded: 99, more: false })
      expect(await stores.archival.exchanges.latest(agentId, embedder)).toEqual({ first: 397, last: 398 })
    }
    expect(order.filter((agentId, place) => agentId !== order[place - 1])).toEqual(['ada', 'eve', 'ada', 'eve'])
    const former = { ...topicEmbedder(), model: 'former' }
    const asked: boolean[] = []
    const isInForce: typeof stores.archival.exchanges.isInForce = async (space) => {
      const answer = await stores.archival.exchanges.isInForce(space)
      asked.push(answer)
      return answer
    }
    const outOfForce = exchangeLane({ stores: { ...stores, archival: { ...stores.archival, exchanges: { ...stores.archival.exchanges, isInForce } } }, embedder: former })
    expect([await outOfForce({ agentId: 'ada', left: 400 }, signal), asked]).toEqual([{ embedded: 0, more: false }, [false]])
    expect(former.embedded).toEqual([])
    expect(await stores.archival.exchanges.others(embedder)).toEqual([])
  })
})

describe('the line of those whose exchanges a worker embeds', () => {
  /** Each asks when it is told to; who has a turn has it for that long. @returns whose turns they were */
  function turnsOf(askers: Readonly<Record<string, { readonly turns: number; readonly lastsMs: number }>>): { readonly turns: readonly string[]; readonly asked: number; readonly endedAt: number } {
    const line = new WaitingLine(() => 0.5)
    const left = new Map(Object.entries(askers).map(([name, { turns }]) => [name, turns]))
    const due = new Map(Object.keys(askers).map((name) => [name, 0]))
    const turns: string[] = []
    let [asked, freeAt, now] = [0, 0, 0]
    for (;;) {
      const [next] = [...due].toSorted(([, one], [, other]) => one - other)
      if (next === undefined) return { turns, asked, endedAt: freeAt }
      const [name, at] = next
      now = at
      asked += 1
      const pauseMs = line.ask(name, now >= freeAt, now + 1)
      if (pauseMs !== undefined) {
        due.set(name, now + pauseMs)
        continue
      }
      turns.push(name)
      freeAt = now + (askers[name]?.lastsMs ?? 0)
      left.set(name, (left.get(name) ?? 0) - 1)
      // It asks again at once where it has more.
      if (left.get(name) === 0) due.delete(name)
      else due.set(name, freeAt + 50)
    }
  }

  test('lets nobody wait for all that another one has to do [recall:meaning]', () => {
    const { turns } = turnsOf({ imported: { turns: 50, lastsMs: 100_000 }, ada: { turns: 1, lastsMs: 500 }, eve: { turns: 2, lastsMs: 500 } })
    expect(turns.slice(0, 5).toSorted()).toEqual(['ada', 'eve', 'eve', 'imported', 'imported'])
  })

  test('gives hundreds their turns, and each asks the more seldom [recall:meaning]', () => {
    const { turns, asked, endedAt } = turnsOf(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`agent-${index}`, { turns: 1, lastsMs: 500 }])))
    expect(new Set(turns).size).toBe(600)
    expect(endedAt).toBeLessThan(3 * 600 * 500)
    expect(asked / (endedAt / 1_000)).toBeLessThan(12)
  })
})

describe('what is said of a reindex', () => {
  const space = { model: 'next', dimensions: 4 }
  const report = { stored: space, to: space, passages: new Map([['ada', 3]]), unembedded: 0, requests: 0, leftovers: false, embedded: 0, refusedPassages: [], exchanges: 0, formerExchanges: [], refused: [] }

  test('names the vectors of exchanges of other models, and does not say that there is nothing to do then [recall:meaning archival:embedding-guard]', () => {
    const former = { ...report, formerExchanges: [{ model: 'former', dimensions: 8, vectors: 262 }] }
    expect(reindexLines(report, true)).toEqual(['all 3 passages are of next (4 dimensions), the embedding model that is set; nothing to do'])
    expect(reindexLines(former, true)).toEqual(['all 3 passages are of next (4 dimensions), the embedding model that is set', '262 vectors of exchanges of former (8 dimensions) are to be removed'])
    expect(reindexLines(former, false)[1]).toBe('262 vectors of exchanges of former (8 dimensions) were removed')
  })

  test('names the passages that the model refuses, where they come from and why; a run that asks for them again says so [archival:embedding-guard]', () => {
    const refusedPassages = [{ agentId: 'ada', op: 'ada/document/1/0', source: 'notes.md', reason: 'no poison' }]
    expect(reindexLines({ ...report, unembedded: 2 }, true)).toEqual(['2 of 3 passages have no vector of next (4 dimensions), the embedding model that is set, and are to be embedded'])
    expect([report, { ...report, refusedPassages }, { ...report, refused: [{ agentId: 'ada', first: 1, last: 2, reason: 'no poison' }] }].map(reindexStatus)).toEqual([0, 1, 1])
    expect(reindexLines({ ...report, unembedded: 2, embedded: 1, refusedPassages }, false)).toEqual([
      '1 of 2 passages that had no vector of next (4 dimensions) were embedded',
      '1 passage is refused by the embedding model, and found by words alone: no vector of next (4 dimensions). Another `perdure reindex` asks for them again',
      '  ada/document/1/0 of ada, from notes.md: no poison',
    ])
  })
})

describe('a search of recall memory', () => {
  const find = async (text: string, embedder: ReturnType<typeof topicEmbedder> | undefined) => {
    const query = { text, order: 'relevance', offset: 0, limit: 10, conversation: true } as const
    const { messages } = await searchRecall({ stores, embedder, agentId: 'ada', query, askedAt: moment(28) })
    return messages.map(({ seq }) => seq)
  }
  const said = ['> We saw a lighthouse.', '< It must have been tall.', '> I slept well.', '< Good.', '> A walrus sat there.', '< How large?', '> So large.']

  test('raises what was said when the question says [recall:search]', async () => {
    await agentWith(['> tea', '< tea', '> tea', '< tea', '> tea'])
    expect((await find('tea', undefined))[0]).not.toBe(3)
    expect((await find('tea on the 4th of March', undefined))[0]).toBe(3)
  })

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

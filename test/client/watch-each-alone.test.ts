import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lookOneByOne } from '../../src/client/reading/looking.ts'
import { beginFeed } from '../../src/client/watch/begin-feed.ts'
import { takeBlocks } from '../../src/client/watch/blocks.ts'
import { poller } from '../../src/client/watch/poller.ts'
import { subscriber, type Subscriber } from '../../src/client/watch/subscribers.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { freshAgentId, sampleAgent, sampleMessage, sampleVersion } from '../stores/memory/samples.ts'
import { openCloning } from '../support/open-cloning.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let stores: Stores
let leaving: AbortController
beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'memory.db')
  stores = await openEmbeddedStores({ file, open: openCloning })
  leaving = new AbortController()
})
afterEach(async () => {
  leaving.abort()
  await stores.close()
  await folder.remove()
})

/** By one reader, as all are in one process. */
async function watchEach(keys: readonly string[], of: Pick<Stores, 'memory' | 'live'> = stores): Promise<readonly Subscriber[]> {
  const watched = poller(of, lookOneByOne())
  return Promise.all(keys.map(async (key) => {
    const agent = sampleAgent(key)
    await stores.memory.agents.create(agent)
    const mine = subscriber(leaving.signal)
    const { feed } = await watched.join(agent, mine)
    leaving.signal.addEventListener('abort', () => watched.leave(feed, mine))
    return mine
  }))
}

async function until(mine: Subscriber | undefined, wanted: (event: TurnEvent) => boolean): Promise<readonly string[]> {
  const ids: string[] = []
  for (;;) {
    const { events } = (await mine?.next()) ?? expect.fail('too much had come')
    ids.push(...events.map(({ id }) => id))
    if (events.some(wanted)) return ids
  }
}

/** Does to a file what no store does. */
function alter(name: string, statement: string, ...values: readonly unknown[]): void {
  const raw = new Libsql(name)
  raw.prepare(statement).run([...values])
  raw.close()
}

describe('of one agent', () => {
  test('a message that can\'t be read ends the watching of that one, and of no other [live:watch]', async () => {
    const [good, bad] = [freshAgentId(), freshAgentId()]
    const [one, other] = await watchEach([good, bad])
    alter(file, `INSERT INTO message (agent, seq, turn, at, role, conversation, op, body) VALUES (?, 1, 1, 1, 'user', 1, 'x', '{')`, bad)
    await expect(other?.next()).rejects.toThrow()
    await stores.memory.messages.insert(sampleMessage(good, 1, 'Hi'))
    expect(await until(one, ({ type }) => type === 'message')).toContain('1')
  })

  test('live text that can\'t be read hides no other one\'s [live:text live:watch]', async () => {
    const [good, bad] = [freshAgentId(), freshAgentId()]
    const [one] = await watchEach([good, bad])
    for (const key of [good, bad]) await stores.memory.messages.insert(sampleMessage(key, 1, 'Hi', { turn: 1 }))
    alter(`${file}.live`, `INSERT INTO live (agent, place, at, body) VALUES (?, '000000000002.000000000001.000000000001', ?, '{')`, bad, Date.now())
    await stores.live.append({ agentId: good, seq: 2, turn: 1, step: 1, attempt: 7, batch: 1, texts: [{ n: 1, kind: 'text', text: 'Hello' }] })
    expect(await until(one, ({ type }) => type === 'delta')).toContain('2.7.1')
  })

  test('live text that can\'t be read has the others\' asked for one after the other [live:text live:watch]', async () => {
    let [asked, atOnce, alone] = [0, 0, 0]
    const live: Stores['live'] = {
      ...stores.live,
      afterEach: async (marks, limit) => {
        asked += 1
        if (marks.size === 1) alone += 1
        atOnce = Math.max(atOnce, asked)
        try {
          return await stores.live.afterEach(marks, limit)
        } finally {
          asked -= 1
        }
      },
    }
    const [good, bad, ...more] = [freshAgentId(), freshAgentId(), freshAgentId(), freshAgentId()]
    const [one] = await watchEach([good, bad, ...more], { memory: stores.memory, live })
    for (const key of [good, bad, ...more]) await stores.memory.messages.insert(sampleMessage(key, 1, 'Hi', { turn: 1 }))
    alter(`${file}.live`, `INSERT INTO live (agent, place, at, body) VALUES (?, '000000000002.000000000001.000000000001', ?, '{')`, bad, Date.now())
    await stores.live.append({ agentId: good, seq: 2, turn: 1, step: 1, attempt: 7, batch: 1, texts: [{ n: 1, kind: 'text', text: 'Hello' }] })
    await until(one, ({ type }) => type === 'delta')
    await expect.poll(() => alone).toBeGreaterThanOrEqual(2)
    expect(atOnce).toBe(1)
  })
})

describe('a block that an agent comes to have', () => {
  test('is no news; what is written into it from then on is [live:watch core:blocks]', async () => {
    const { blocks } = stores.memory
    const agent = sampleAgent(freshAgentId())
    const blockId = freshAgentId()
    for (const version of [1, 2]) await blocks.insert(sampleVersion(blockId, version, `version ${version}`))
    const feed = await beginFeed(stores.memory, agent)
    const told: TurnEvent[] = []
    feed.subscribers.add({ ...subscriber(leaving.signal), put: ({ events }) => void told.push(...events) })
    const { definition } = agent
    feed.agent = { ...agent, definition: { ...definition, blocks: [...definition.blocks, { label: 'team', blockId, description: 'All of us', limit: 1_000, value: '', readOnly: false }] } }
    await takeBlocks(stores.memory, [feed])
    expect(told).toEqual([])
    await blocks.insert(sampleVersion(blockId, 3, 'version 3'))
    await takeBlocks(stores.memory, [feed])
    expect(told).toEqual([{ type: 'memory', id: '0.memory', label: 'team', version: 3 }])
  })
})

describe('stores that come back', () => {
  const messageOf = (key: string, seq: number): Promise<unknown> => stores.memory.messages.insert(sampleMessage(key, seq, 'Hi'))

  /** Agents that have come to their third message, watched; the stores are away while `meanwhile` runs, and how often the newest number of one was asked for is counted. */
  async function goneAway(keys: readonly string[], meanwhile: () => void): Promise<{ readonly watching: readonly Subscriber[]; readonly newestAsked: () => number }> {
    const { memory, live } = stores
    let away = false
    let refused = 0
    let asked = 0
    const changeMark = async (): Promise<string | undefined> => {
      if (away) refused += 1
      if (away) throw new PerdureError('server-unavailable', 'the stores are away')
      return memory.changeMark()
    }
    const latestSeq = async (key: string): Promise<number> => {
      asked += 1
      return memory.messages.latestSeq(key)
    }
    const watching = await watchEach(keys, { memory: { ...memory, changeMark, messages: { ...memory.messages, latestSeq } }, live })
    for (const key of keys) for (const seq of [1, 2, 3]) await messageOf(key, seq)
    for (const mine of watching) await until(mine, ({ id }) => id === '3')
    away = true
    await expect.poll(() => refused).toBeGreaterThan(0)
    asked = 0
    meanwhile()
    away = false
    return { watching, newestAsked: () => asked }
  }

  test('as those of an earlier day end the watching of an agent that had come further, and say so; others are not asked for one by one [live:watch]', async () => {
    const [put, left] = [freshAgentId(), freshAgentId()]
    const { watching: [one, other], newestAsked } = await goneAway([put, left], () => alter(file, 'DELETE FROM message WHERE agent = ? AND seq > 1', put))
    await expect(one?.next()).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(newestAsked()).toBe(1)
    await messageOf(left, 4)
    expect(await until(other, ({ type }) => type === 'message')).toEqual(['4'])
  }, 20_000)

  test('without the newest message, which is soon written anew, end no watching [live:watch]', async () => {
    const [lost, put] = [freshAgentId(), freshAgentId()]
    const { watching: [one, other] } = await goneAway([lost, put], () => alter(file, 'DELETE FROM message WHERE agent IN (?, ?) AND seq = 3', lost, put))
    await sleep(2_500)
    await messageOf(lost, 3)
    // By then both were looked at.
    await expect(other?.next()).rejects.toMatchObject({ code: 'invalid-argument' })
    await messageOf(lost, 4)
    expect(await until(one, ({ type }) => type === 'message')).toEqual(['4'])
  }, 20_000)
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginFeed } from '../../src/client/watch/begin-feed.ts'
import { presentOf, takeNews, type Feed } from '../../src/client/watch/feed.ts'
import { subscriber, type Batch } from '../../src/client/watch/subscribers.ts'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import type { TurnOutcome } from '../../src/protocol/turn.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { freshAgentId, sampleAgent, sampleMessage, sampleOutcome } from '../stores/memory/samples.ts'
import { storesWith } from '../support/stores-with.ts'

let stores: Stores
beforeAll(async () => {
  stores = await storesWith()
})
afterAll(() => stores.close())

const idsOf = (events: readonly TurnEvent[]): readonly string[] => events.map(({ id }) => id)

/** What those who watch are told at the next look, if it finds these records, and no message. */
async function news(feed: Feed, ...records: readonly TurnOutcome[]): Promise<readonly string[]> {
  const told: Batch[] = []
  feed.subscribers.add({ ...subscriber(new AbortController().signal), put: (batch) => told.push(batch) })
  await takeNews(feed, { messages: [], live: [], records: new Map(records.map((record) => [record.turn, record])) }, () => Promise.resolve(undefined))
  return told.flatMap(({ events }) => idsOf(events))
}

describe('the watching of an agent that is parked begins with that, and tells it as no news,', () => {
  test('also where the turn has no message yet; another park is news [live:watch]', async () => {
    const id = freshAgentId()
    const { messages, turns } = stores.memory
    const waiting = [{ op: `${id}/step/1/0`, name: 'send_message', for: 'approval', since: 1, until: 2 }] as const
    const parked = sampleOutcome(1, { end: 'parked', reason: 'approval', waiting, figures: { ...sampleOutcome(1).figures, steps: 0 } })
    await turns.put(id, parked)
    const without = await beginFeed(stores.memory, sampleAgent(id))
    expect([idsOf(presentOf(without)), await news(without, parked)]).toEqual([['0.waiting', '0.parked'], []])
    await messages.insert(sampleMessage(id, 1, 'Hi', { turn: 1 }))
    await messages.insert(sampleMessage(id, 2, 'I ask for it.', { turn: 1, step: 1, role: 'assistant' }))
    const feed = await beginFeed(stores.memory, sampleAgent(id))
    expect([idsOf(presentOf(feed)), await news(feed, parked)]).toEqual([['2.waiting', '2.parked'], []])
    expect(await news(feed, { ...parked, detail: 'another one' })).toEqual(['2.waiting', '2.parked'])
  })

  test('and not at all once the turn went on, or has ended [live:watch]', async () => {
    const id = freshAgentId()
    const { messages, turns } = stores.memory
    const parked = sampleOutcome(1, { end: 'parked', reason: 'model-unreachable', figures: { ...sampleOutcome(1).figures, steps: 0 } })
    await turns.put(id, parked)
    await messages.insert(sampleMessage(id, 1, 'Hi', { turn: 1 }))
    await messages.insert(sampleMessage(id, 2, 'It is there again.', { turn: 1, step: 1, role: 'assistant' }))
    const feed = await beginFeed(stores.memory, sampleAgent(id))
    expect([presentOf(feed), await news(feed, parked)]).toEqual([[], []])
    await turns.put(id, sampleOutcome(1))
    expect(presentOf(await beginFeed(stores.memory, sampleAgent(id)))).toEqual([])
  })

  test('and after what came meanwhile [live:watch]', async () => {
    const id = freshAgentId()
    const { messages, turns } = stores.memory
    await messages.insert(sampleMessage(id, 1, 'Hi', { turn: 1 }))
    const parked = sampleOutcome(1, { end: 'parked', reason: 'model-unreachable', figures: { ...sampleOutcome(1).figures, steps: 1 } })
    // The agent's position is read, then the block versions: meanwhile the turn goes on, and parks.
    const { blocks } = stores.memory
    const currents: typeof blocks.currents = async (ids) => {
      await messages.insert(sampleMessage(id, 2, 'Wait.', { turn: 1, step: 1, role: 'assistant' }))
      await turns.put(id, parked)
      return blocks.currents(ids)
    }
    const feed = await beginFeed({ ...stores.memory, blocks: { ...blocks, currents } }, sampleAgent(id))
    expect(presentOf(feed)).toEqual([])
    expect(await news(feed, parked)).toEqual(['1.parked'])
  })
})

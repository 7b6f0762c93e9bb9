import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookOneByOne } from '../../src/client/reading/looking.ts'
import { poller } from '../../src/client/watch/poller.ts'
import { subscriber } from '../../src/client/watch/subscribers.ts'
import type { MemoryStore, Stores } from '../../src/stores/stores.ts'
import { freshAgentId, sampleAgent, sampleMessage, sampleOutcome } from '../stores/memory/samples.ts'
import { storesWith } from '../support/stores-with.ts'

let stores: Stores
beforeAll(async () => {
  stores = await storesWith()
})
afterAll(() => stores.close())

/** Memory of which nobody learns whether it changed while the gate is shut: all that is written meanwhile comes between two looks. */
function gated(memory: MemoryStore): { readonly memory: MemoryStore; readonly shut: () => () => void } {
  let gate = Promise.resolve()
  return {
    memory: { ...memory, changeMark: () => gate.then(() => memory.changeMark()) },
    shut: () => {
      let open = (): void => undefined
      gate = new Promise((resolve) => (open = resolve))
      return () => open()
    },
  }
}

describe('of turns that came between two looks', () => {
  test('each end is told, also where nothing is written after them [live:watch]', async () => {
    const agent = sampleAgent(freshAgentId())
    const { key } = agent
    await stores.memory.agents.create(agent)
    const { memory, shut } = gated(stores.memory)
    const leaving = new AbortController()
    const watched = poller({ memory, live: stores.live }, lookOneByOne())
    const mine = subscriber(leaving.signal)
    const { feed } = await watched.join(agent, mine)
    const open = shut()
    for (const turn of [1, 2]) {
      await memory.messages.insert(sampleMessage(key, turn, 'Hi', { turn }))
      await memory.turns.put(key, sampleOutcome(turn))
    }
    // Turns without a message have nothing but a record.
    for (const turn of [3, 4]) await memory.turns.put(key, sampleOutcome(turn))
    open()
    const ids: string[] = []
    while (ids.filter((id) => id.includes('end')).length < 4) ids.push(...((await mine.next()) ?? expect.fail()).events.map(({ id }) => id))
    expect(ids).toEqual(['1', '1.end.1', '2', '2.end.2', '2.end.3', '2.end.4'])
    watched.leave(feed, mine)
    leaving.abort()
  })
})

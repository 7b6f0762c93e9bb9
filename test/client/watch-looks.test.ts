import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { lookOneByOne, type Look } from '../../src/client/reading/looking.ts'
import { recordsOf } from '../../src/client/reading/records.ts'
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
afterEach(() => void vi.restoreAllMocks())

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

describe('a look that took long, as the process stood still or an answer came late', () => {
  const stoodStillMs = 60_000
  /** What was added to be looked for, and a clock that goes on by so much in each question that is asked through `late`. */
  function slowly() {
    let now = 1_000
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    const looks: Look[] = []
    const late = <Asked extends readonly unknown[], Answer>(ask: (...asked: Asked) => Answer) => (...asked: Asked): Answer => {
      now += stoodStillMs
      return ask(...asked)
    }
    return { late, looking: { add: (look: Look) => void looks.push(look), wake: () => undefined }, look: () => looks[0]?.look(), pauseMs: () => (looks[0]?.dueAt() ?? Infinity) - now }
  }

  test('is followed by the next one within a second, for who watches and for who waits for a turn [live:watch]', async () => {
    const agent = sampleAgent(freshAgentId())
    await stores.memory.agents.create(agent)
    const watching = slowly()
    const leaving = new AbortController()
    const watched = poller({ memory: { ...stores.memory, changeMark: watching.late(() => stores.memory.changeMark()) }, live: stores.live }, watching.looking)
    await watched.join(agent, subscriber(leaving.signal))
    await watching.look()
    expect(watching.pauseMs()).toBeLessThanOrEqual(1_000)
    vi.restoreAllMocks()

    const waiting = slowly()
    const { turns } = stores.memory
    const record = recordsOf({ ofEvents: waiting.late((events: Parameters<typeof turns.ofEvents>[0]) => turns.ofEvents(events)) }, waiting.looking)
    const waited = record.next({ agentId: agent.key, eventId: 'e', read: (found) => found, signal: leaving.signal })
    await waiting.look()
    expect(waiting.pauseMs()).toBeLessThanOrEqual(1_000)
    leaving.abort()
    await expect(waited).rejects.toThrow()
  })
})

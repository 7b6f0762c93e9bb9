import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { follow } from '../../src/client/follow.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { MessageStore, Stores } from '../../src/stores/stores.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let stores: Stores
let removeFolder: () => Promise<void>
beforeEach(async () => {
  const folder = await temporaryFolder()
  removeFolder = () => folder.remove()
  stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
})
afterEach(async () => {
  await stores.close()
  await removeFolder()
})

const at = '2027-03-01T08:00:00.000Z'
const asked = { agentId: 'a', op: 'a/event/e', seq: 1, turn: 1, step: 0, tokens: 1, at, role: 'user', kind: 'user-message', eventId: 'e', text: 'Hello' } as const
const said = { agentId: 'a', op: 'a/1/1', seq: 2, turn: 1, step: 1, tokens: 1, at, role: 'assistant', text: 'Hm.' } as const

/** The store, away at each read until it is told to be back. */
function awayAtFirst(): { readonly messages: MessageStore; back(): void; reads(): number } {
  const { messages } = stores.memory
  let away = true
  let reads = 0
  const after: MessageStore['after'] = (...range) => {
    reads += 1
    return away ? Promise.reject(new Error('the store is away')) : messages.after(...range)
  }
  return { messages: { ...messages, after }, back: () => (away = false), reads: () => reads }
}

describe('whoever is told the messages of a turn', () => {
  test('misses none where the store is away for a while, also after the turn has ended [client:sdk]', async () => {
    for (const message of [asked, said]) await stores.memory.messages.insert(message)
    const store = awayAtFirst()
    const told: StoredMessage[] = []
    const following = follow({ messages: store.messages, agentId: 'a', eventId: 'e', after: 0, done: Promise.resolve(), onMessage: (message) => told.push(message) })
    await expect.poll(() => store.reads()).toBeGreaterThan(2)
    store.back()
    await following
    expect(told.map(({ seq }) => seq)).toEqual([1, 2])
  })

  test('is not kept waiting by a store that stays away once the turn is over [client:sdk]', { timeout: 20_000 }, async () => {
    const store = awayAtFirst()
    await follow({ messages: store.messages, agentId: 'a', eventId: 'e', after: 0, done: Promise.reject(new Error('the turn failed')), onMessage: () => undefined })
    expect(store.reads()).toBeGreaterThan(1)
  })

  test('hears of what was thrown by the one who is told [client:sdk]', async () => {
    await stores.memory.messages.insert(asked)
    const onMessage = (): void => {
      throw new Error('my own')
    }
    await expect(follow({ messages: stores.memory.messages, agentId: 'a', eventId: 'e', after: 0, done: Promise.resolve(), onMessage })).rejects.toThrow('my own')
  })
})

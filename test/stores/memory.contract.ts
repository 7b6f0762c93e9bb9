import { afterAll, beforeAll, describe } from 'vitest'
import type { MemoryStore } from '../../src/stores/stores.ts'
import { agentPromises } from './memory/agents.ts'
import { blockPromises } from './memory/blocks.ts'
import { claimPromises } from './memory/claims.ts'
import { erasePromises } from './memory/erase.ts'
import { messagePromises } from './memory/messages.ts'
import { recordPromises } from './memory/records.ts'
import { searchPromises } from './memory/search.ts'

export interface MemoryStoreHarness {
  readonly store: MemoryStore
  /** Opens the same data once more, as another process would, while `store` stays open. */
  readonly reopen?: () => Promise<MemoryStore>
  /** Closes everything that was opened, and removes the data. */
  close(): Promise<void>
}

/** What the promises are checked on. `another` is a second handle on the same data where the harness can give one. */
export interface MemoryUnderTest {
  readonly store: MemoryStore
  readonly another: MemoryStore
}

/**
 * Every promise of `MemoryStore`, as tests. The store is opened once, empty; each test works on agents of its own, so that
 * what one leaves behind is the neighbour that another must not see.
 */
export function memoryStoreContract(name: string, open: () => Promise<MemoryStoreHarness>): void {
  describe(`memory store: ${name}`, () => {
    let harness: MemoryStoreHarness
    let opened: MemoryUnderTest

    beforeAll(async () => {
      harness = await open()
      opened = { store: harness.store, another: (await harness.reopen?.()) ?? harness.store }
    })
    afterAll(async () => {
      await harness.close()
    })

    const under = () => opened
    agentPromises(under)
    recordPromises(under)
    messagePromises(under)
    searchPromises(under)
    blockPromises(under)
    claimPromises(under)
    erasePromises(under)
  })
}

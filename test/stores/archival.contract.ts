import { afterAll, beforeAll, describe } from 'vitest'
import type { ArchivalStore } from '../../src/stores/archival.ts'
import { embeddingPromises } from './archival/embedding.ts'
import { filterPromises } from './archival/filter.ts'
import { passagePromises } from './archival/passages.ts'
import { hybridPromises } from './archival/hybrid.ts'

export interface ArchivalStoreHarness {
  readonly store: ArchivalStore
  /** Opens the same data once more, as another process would, while `store` stays open. */
  readonly reopen?: () => Promise<ArchivalStore>
  /** Closes everything that was opened, and removes the data. */
  close(): Promise<void>
}

export interface ArchivalUnderTest {
  readonly store: ArchivalStore
  /** A second handle on the same data where the harness can give one. */
  readonly another: ArchivalStore
}

/** Every promise of `ArchivalStore`, as tests. The store is opened once, empty; each test works on agents of its own. */
export function archivalStoreContract(name: string, open: () => Promise<ArchivalStoreHarness>): void {
  describe(`archival store: ${name}`, () => {
    let harness: ArchivalStoreHarness
    let opened: ArchivalUnderTest

    beforeAll(async () => {
      harness = await open()
      opened = { store: harness.store, another: (await harness.reopen?.()) ?? harness.store }
    })
    afterAll(async () => {
      await harness.close()
    })

    const under = () => opened
    // First: it looks at the store while it is still empty.
    embeddingPromises(under)
    passagePromises(under)
    hybridPromises(under)
    filterPromises(under)
  })
}

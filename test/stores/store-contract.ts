import { afterAll, beforeAll, describe } from 'vitest'
import type { ArchivalStore } from '../../src/stores/archival.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'

/** What a set of stores gives to be held to a contract. */
export interface StoreHarness<Store> {
  readonly store: Store
  /** Opens the same data once more, as another process would, while `store` stays open. */
  readonly reopen?: () => Promise<Store>
  /** Closes everything that was opened, and removes the data. */
  close(): Promise<void>
}

/** What promises are checked on. `another` is a second handle on the same data where the harness can give one. */
export interface UnderTest<Store> {
  readonly store: Store
  readonly another: Store
}

/**
 * Every promise of an interface, as tests, in the order given. The store is opened once, empty; each test works on agents of its
 * own, so that what one leaves behind is the neighbour that another must not see.
 */
export function storeContract<Store>(
  name: string,
  open: () => Promise<StoreHarness<Store>>,
  promises: readonly ((under: () => UnderTest<Store>) => void)[],
): void {
  describe(name, () => {
    let harness: StoreHarness<Store>
    let opened: UnderTest<Store>

    beforeAll(async () => {
      harness = await open()
      opened = { store: harness.store, another: (await harness.reopen?.()) ?? harness.store }
    })
    afterAll(async () => {
      await harness.close()
    })

    for (const promise of promises) promise(() => opened)
  })
}

export type MemoryUnderTest = UnderTest<MemoryStore>

export type ArchivalUnderTest = UnderTest<ArchivalStore>

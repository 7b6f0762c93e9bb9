import type { ArchivalStore } from '../../src/stores/archival.ts'
import { changePromises } from './archival/change.ts'
import { embeddingPromises } from './archival/embedding.ts'
import { exchangePromises, inForcePromises } from './archival/exchanges.ts'
import { filterPromises } from './archival/filter.ts'
import { hybridPromises } from './archival/hybrid.ts'
import { passagePromises } from './archival/passages.ts'
import { reindexPromises } from './archival/reindex.ts'
import { removePromises } from './archival/remove.ts'
import { storeContract, type StoreHarness } from './store-contract.ts'

/** Every promise of `ArchivalStore`, as tests; that of the embedding space first: it looks at the store while it is still empty. */
export function archivalStoreContract(name: string, open: () => Promise<StoreHarness<ArchivalStore>>): void {
  storeContract(`archival store: ${name}`, open, [embeddingPromises, passagePromises, hybridPromises, filterPromises, removePromises, changePromises, exchangePromises])
  storeContract(`archival store, with vectors of several models: ${name}`, open, [inForcePromises])
  storeContract(`archival store, embedded anew: ${name}`, open, [reindexPromises])
}

import type { MemoryStore } from '../../src/stores/stores.ts'
import { accessKeyPromises } from './memory/access-keys.ts'
import { agentPromises } from './memory/agents.ts'
import { answerPromises } from './memory/answers.ts'
import { blockPromises } from './memory/blocks.ts'
import { claimPromises } from './memory/claims.ts'
import { definitionPromises } from './memory/definitions.ts'
import { documentPromises } from './memory/documents.ts'
import { erasePromises } from './memory/erase.ts'
import { generationPromises } from './memory/generations.ts'
import { meantPromises } from './memory/meant.ts'
import { namedPromises } from './memory/named.ts'
import { messagePromises } from './memory/messages.ts'
import { pendingPromises } from './memory/pending.ts'
import { recordPromises } from './memory/records.ts'
import { searchPromises } from './memory/search.ts'
import { tenantPromises } from './memory/tenants.ts'
import { storeContract, type StoreHarness } from './store-contract.ts'

/** Every promise of `MemoryStore`, as tests. */
export function memoryStoreContract(name: string, open: () => Promise<StoreHarness<MemoryStore>>): void {
  const promises = [accessKeyPromises, agentPromises, definitionPromises, generationPromises, recordPromises, messagePromises, searchPromises, meantPromises, namedPromises, blockPromises, claimPromises, answerPromises, documentPromises, pendingPromises, tenantPromises, erasePromises]
  storeContract(`memory store: ${name}`, open, promises)
}

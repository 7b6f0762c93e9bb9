import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStores, openMemoryFile } from '../../src/stores/embedded/open.ts'
import { openInThread } from '../../src/stores/embedded/thread/open-in-thread.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { archivalStoreContract } from './archival.contract.ts'
import { liveStoreContract } from './live.contract.ts'
import { memoryStoreContract } from './memory.contract.ts'

/** Opens a file in a folder of its own as often as asked; closes all and removes it. */
async function openInNewFolder(open = openMemoryFile): Promise<{ readonly first: Stores; reopen: () => Promise<Stores>; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-embedded-'))
  const opened: Stores[] = []
  const reopen = async (): Promise<Stores> => {
    const stores = await openEmbeddedStores({ file: join(folder, 'memory.db'), open })
    opened.push(stores)
    return stores
  }
  return {
    first: await reopen(),
    reopen,
    close: async () => {
      for (const stores of opened) await stores.close()
      rmSync(folder, { recursive: true })
    },
  }
}

for (const [name, open] of [['libSQL', openMemoryFile], ['libSQL in a thread', openInThread]] as const) {
  memoryStoreContract(name, async () => {
    const { first, reopen, close } = await openInNewFolder(open)
    return { store: first.memory, reopen: async () => (await reopen()).memory, close }
  })

  archivalStoreContract(name, async () => {
    const { first, reopen, close } = await openInNewFolder(open)
    return { store: first.archival, reopen: async () => (await reopen()).archival, close }
  })
}

liveStoreContract('libSQL', async () => {
  const { first, reopen, close } = await openInNewFolder()
  return { store: first.live, reopen: async () => (await reopen()).live, close }
})

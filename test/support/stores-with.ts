import { join } from 'node:path'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { MemoryStore, Stores } from '../../src/stores/stores.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { openCloning } from './open-cloning.ts'

/** Stores of the test's own in a file; some of their functions are the test's where it gives any. */
export async function storesWith(changed: (memory: MemoryStore) => Partial<MemoryStore> = () => ({})): Promise<Stores> {
  const folder = await temporaryFolder()
  const stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db'), open: openCloning })
  const close = async (): Promise<void> => {
    await stores.close()
    await folder.remove()
  }
  return { ...stores, memory: { ...stores.memory, ...changed(stores.memory) }, close }
}

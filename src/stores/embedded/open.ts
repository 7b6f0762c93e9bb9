import type { Stores } from '../stores.ts'
import { embeddedArchival } from './archival.ts'
import { openDatabase } from './database.ts'
import { embeddedMemory } from './memory.ts'

/**
 * Both stores in one libSQL file. Any number of processes on one machine may have it open, a worker and a chat say; not over a
 * network file system.
 * @throws PerdureError `file-unreadable`, `schema-newer`
 */
export async function openEmbeddedStores({ file }: { readonly file: string }): Promise<Stores> {
  const database = openDatabase(file)
  const users = new Set(['memory', 'archival'])
  const leave = (user: string) => (): void => {
    users.delete(user)
    if (users.size === 0) database.close()
  }
  return {
    kind: 'embedded',
    describe: `libSQL file ${file}`,
    memory: embeddedMemory(database, leave('memory')),
    archival: embeddedArchival(database, leave('archival')),
    close: async () => database.close(),
  }
}

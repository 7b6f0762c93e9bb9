import type { Stores } from '../stores.ts'
import { embeddedArchival } from './archival.ts'
import { whileBusyOf } from './busy.ts'
import { openDatabase } from './database.ts'
import { openEmbeddedLive } from './live.ts'
import { embeddedMemory } from './memory.ts'
import { rewordFile } from './reword-file.ts'

/**
 * Both stores in one libSQL file. Any number of processes on one machine may have it open, a worker and a chat say; not over a
 * network file system. While another process writes, or holds the file, this one goes on with all else; after ten seconds that process
 * counts as a server that is away. Text of inferences that run is in a second file beside it.
 * @throws PerdureError `file-unreadable`, `schema-newer`, `server-unavailable` (so does each of its functions while the file is held)
 */
export async function openEmbeddedStores({ file }: { readonly file: string }): Promise<Stores> {
  const database = await openDatabase(file)
  const live = await openEmbeddedLive(file)
  const whileBusy = whileBusyOf(file)
  await rewordFile(database, whileBusy)
  const users = new Set(['memory', 'archival'])
  const leave = (user: string) => (): void => {
    users.delete(user)
    if (users.size === 0) database.close()
  }
  return {
    kind: 'embedded',
    describe: `libSQL file ${file}`,
    memory: embeddedMemory(database, whileBusy, leave('memory')),
    archival: embeddedArchival(database, whileBusy, leave('archival')),
    live,
    close: async () => {
      database.close()
      await live.close()
    },
  }
}

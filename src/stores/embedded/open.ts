import type { Stores } from '../stores.ts'
import { embeddedArchival } from './archival.ts'
import { whileBusyOf } from './busy.ts'
import { openDatabase } from './database.ts'
import { openEmbeddedLive } from './live.ts'
import { embeddedMemory } from './memory.ts'
import { rewordFile } from './reword-file.ts'

export type MemoryFile = Pick<Stores, 'memory' | 'archival' | 'close'>

/**
 * Both stores in one libSQL file. Any number of processes on one machine may have it open, a worker and a chat say; not over a
 * network file system. While another process writes, or holds the file, this one goes on with all else; after ten seconds that process
 * counts as a server that is away. Its searches and its waits for the disk hold the thread that opens it (`open-in-thread.ts` has another).
 * @throws PerdureError `file-unreadable`, `schema-newer`, `server-unavailable` (so does each of its functions while the file is held)
 */
export async function openMemoryFile(file: string): Promise<MemoryFile> {
  const database = await openDatabase(file)
  const whileBusy = whileBusyOf(file)
  await rewordFile(database, whileBusy)
  const users = new Set(['memory', 'archival'])
  const leave = (user: string) => (): void => {
    users.delete(user)
    if (users.size === 0) database.close()
  }
  return {
    memory: embeddedMemory(database, whileBusy, leave('memory')),
    archival: embeddedArchival(database, whileBusy, leave('archival')),
    close: async () => database.close(),
  }
}

/** The memory file, opened by `open`, and beside it a second file for the text of inferences that run. */
export async function openEmbeddedStores({ file, open = openMemoryFile }: { readonly file: string; readonly open?: typeof openMemoryFile }): Promise<Stores> {
  const { memory, archival, close } = await open(file)
  const live = await openEmbeddedLive(file)
  return {
    kind: 'embedded',
    describe: `libSQL file ${file}`,
    memory,
    archival,
    live,
    close: async () => {
      await close()
      await live.close()
    },
  }
}

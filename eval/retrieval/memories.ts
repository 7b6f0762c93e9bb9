import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PerdureError } from '../../src/protocol/errors.ts'
import type { Stores } from '../../src/stores/stores.ts'

export const memories = ['embedded', 'servers'] as const
export type MemoryName = (typeof memories)[number]

export interface OpenMemory {
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  /** What was searched, for a person. */
  readonly describe: string
  close(): Promise<void>
}

/**
 * Memory of its own, gone afterwards.
 * @throws PerdureError `server-unavailable` where there is neither a MongoDB nor what stands in for one
 */
export async function openMemory(name: MemoryName): Promise<OpenMemory> {
  // Drivers are loaded where they are used: wrong arguments are told without them.
  if (name === 'embedded') {
    const { openMemoryFile } = await import('../../src/stores/embedded/open.ts')
    const folder = await mkdtemp(join(tmpdir(), 'perdure-eval-'))
    const { close, ...stores } = await openMemoryFile(join(folder, 'memory.db'))
    const remove = async (): Promise<void> => {
      await close()
      await rm(folder, { recursive: true, force: true })
    }
    return { stores, describe: 'the embedded memory (a libSQL file)', close: remove }
  }
  const [{ startStoreServers }, { isUnavailable }] = await Promise.all([import('../../bench/store-sets.ts'), import('../../test/servers/require-server.ts')])
  const servers = await startStoreServers()
  if (isUnavailable(servers)) throw new PerdureError('server-unavailable', `there are no servers for --memory servers: ${servers.unavailable}`)
  const stores = await servers.open()
  const stop = async (): Promise<void> => {
    await stores.close()
    await servers.stop()
  }
  return { stores, describe: `the memory of servers (${servers.describe})`, close: stop }
}

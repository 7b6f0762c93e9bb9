import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStoreServers } from '../../bench/store-sets.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { openMemoryFile } from '../../src/stores/embedded/open.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'
import { isUnavailable } from '../../test/servers/require-server.ts'

export const memories = ['embedded', 'servers'] as const
export type MemoryName = (typeof memories)[number]

export interface OpenMemory {
  readonly memory: MemoryStore
  /** What was searched, for a person. */
  readonly describe: string
  close(): Promise<void>
}

/**
 * Memory of its own, gone afterwards.
 * @throws PerdureError `server-unavailable` where there is neither a MongoDB nor what stands in for one
 */
export async function openMemory(name: MemoryName): Promise<OpenMemory> {
  if (name === 'embedded') {
    const folder = await mkdtemp(join(tmpdir(), 'perdure-eval-'))
    const { memory, close } = await openMemoryFile(join(folder, 'memory.db'))
    const remove = async (): Promise<void> => {
      await close()
      await rm(folder, { recursive: true, force: true })
    }
    return { memory, describe: 'the embedded memory (a libSQL file)', close: remove }
  }
  const servers = await startStoreServers()
  if (isUnavailable(servers)) throw new PerdureError('server-unavailable', `there are no servers for --memory servers: ${servers.unavailable}`)
  const stores = await servers.open()
  const stop = async (): Promise<void> => {
    await stores.close()
    await servers.stop()
  }
  return { memory: stores.memory, describe: `the memory of servers (${servers.describe})`, close: stop }
}

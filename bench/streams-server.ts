/** A server over HTTP alone in its process, which says what it takes when it is asked. Nothing is asked of Temporal. */
import { createClient } from '../src/client/client.ts'
import { accessKeyCheck } from '../src/client/access-key-check.ts'
import { openStores, type StoresConfig } from '../src/stores/open.ts'
import { served } from '../test/support/served.ts'

export interface Taken {
  readonly residentBytes: number
  readonly heapBytes: number
  /** Microseconds of a core since the process began. */
  readonly cpuMicros: number
  /** Milliseconds on the clock of this process. */
  readonly at: number
}

const stores = await openStores(JSON.parse(process.argv[2] ?? '') as StoresConfig)
const client = createClient({ temporal: {} as never, taskQueue: 'none', stores })
const server = await served(client, { keys: accessKeyCheck(stores.memory.accessKeys), onError: (error) => console.error(error) })

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  process.send?.({ residentBytes: rss, heapBytes: heapUsed, cpuMicros: user + system, at: performance.now() } satisfies Taken)
})
process.once('disconnect', () => void server.close().then(() => stores.close()))
process.send?.(server.url)

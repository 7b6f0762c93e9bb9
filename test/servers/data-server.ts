import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild, type Child } from './child.ts'
import { freePort } from '../../src/stack/ports.ts'

/** A server for tests. One that was running already has neither a folder nor a process of ours. */
export interface TestServer {
  readonly uri: string
  /** What it is, for a person: "MongoDB: mongod on PATH". */
  readonly kind: string
  readonly dataDir?: string
  readonly pid?: number
  /** Kills it with SIGKILL and starts it again on the same data and port. */
  readonly crash?: () => Promise<void>
  /** Ends it and deletes its data. Does nothing to a server that was running already. */
  stop(): Promise<void>
}

/** How to start one kind of server on a folder and a port. */
export type ServerCommand = (place: { readonly dataDir: string; readonly port: number }) => Omit<Parameters<typeof startChild>[0], 'port'>

export async function startDataServer(options: { readonly kind: string; readonly scheme: string; readonly command: ServerCommand }): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'perdure-server-'))
  const port = await freePort()
  const start = (): Promise<Child> => startChild({ ...options.command({ dataDir, port }), port })
  let child: Child
  try {
    child = await start()
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true })
    throw error
  }
  return {
    uri: `${options.scheme}://127.0.0.1:${port}`,
    kind: options.kind,
    dataDir,
    get pid() {
      return child.pid
    },
    crash: async () => {
      await child.kill()
      child = await start()
    },
    stop: async () => {
      await child.stop()
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

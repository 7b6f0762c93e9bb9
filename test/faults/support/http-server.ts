import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { readyLines } from '../../../src/config/ready-lines.ts'
import { startScript, type ScriptProcess } from './script-process.ts'

const commandLine = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

export interface HttpServerProcess extends ScriptProcess {
  readonly url: string
}

/** `perdure serve` as a process of its own, which answers. @param port default: any that is free */
export async function startHttpServer(environment: Readonly<Record<string, string | undefined>>, port?: number): Promise<HttpServerProcess> {
  const address = `127.0.0.1:${port ?? (await freePort())}`
  const server = await startScript({ script: commandLine, arguments: ['serve'], environment: { ...environment, PERDURE_HTTP_ADDRESS: address }, ready: readyLines.http })
  return { ...server, url: `http://${address}` }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

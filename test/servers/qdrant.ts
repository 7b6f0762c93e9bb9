import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder } from './cache-folder.ts'
import { startDataServer, type ServerCommand, type TestServer } from './data-server.ts'
import { firstFound, type Place, type StartOptions } from './first-found.ts'
import { freePort } from '../../src/stack/ports.ts'
import { qdrantStandIn } from './qdrant-stand-in.ts'
import { reachable } from './reachable.ts'
import { onPath, runCommand } from './run-command.ts'
import type { Unavailable } from './require-server.ts'

const downloadVersion = '1.16.3'

/** Qdrant for tests: `QDRANT_URL`, `qdrant` on `PATH`, a download of it, or the stand-in, in this order. */
export function startQdrant(options: StartOptions = {}): Promise<TestServer | Unavailable> {
  return firstFound('Qdrant', [...(options.own === true ? [] : [running]), installed, downloaded, qdrantStandIn])
}

const running: Place = async () => {
  const uri = process.env['QDRANT_URL']
  if (uri === undefined || uri === '') return { unavailable: 'QDRANT_URL is not set' }
  return { uri, kind: 'Qdrant: the server of QDRANT_URL', stop: () => Promise.resolve() }
}

const installed: Place = async () => {
  const path = onPath('qdrant')
  if (path === undefined) return { unavailable: 'qdrant is not on PATH' }
  return startDataServer({ kind: 'Qdrant: qdrant on PATH', scheme: 'http', command: qdrant(path, await freePort()) })
}

const downloaded: Place = async () => {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  const system = process.platform === 'darwin' ? 'apple-darwin' : 'unknown-linux-musl'
  const url = `https://github.com/qdrant/qdrant/releases/download/v${downloadVersion}/qdrant-${architecture}-${system}.tar.gz`
  const refused = await reachable(url)
  if (refused !== undefined) return { unavailable: `qdrant: ${refused}` }
  const folder = await cachedFolder(`qdrant-${downloadVersion}`, async (draft) => {
    process.stderr.write(`fetching qdrant ${downloadVersion} ...\n`)
    const answer = await fetch(url, { signal: AbortSignal.timeout(300_000) })
    const archive = join(draft, 'qdrant.tar.gz')
    writeFileSync(archive, Buffer.from(await answer.arrayBuffer()))
    await runCommand('tar', ['-xzf', archive, '-C', draft], { timeoutMs: 60_000 })
  })
  const path = join(folder, 'qdrant')
  if (!existsSync(path)) return { unavailable: 'qdrant: its download holds no program' }
  return startDataServer({ kind: `Qdrant: qdrant ${downloadVersion}, downloaded`, scheme: 'http', command: qdrant(path, await freePort()) })
}

/** Qdrant's other port would be 6334 for every instance. */
function qdrant(path: string, grpcPort: number): ServerCommand {
  return ({ dataDir, port }) => ({
    command: path,
    arguments: ['--disable-telemetry'],
    cwd: dataDir,
    environment: {
      QDRANT__SERVICE__HOST: '127.0.0.1',
      QDRANT__SERVICE__HTTP_PORT: String(port),
      QDRANT__SERVICE__GRPC_PORT: String(grpcPort),
      QDRANT__STORAGE__STORAGE_PATH: join(dataDir, 'storage'),
      QDRANT__STORAGE__SNAPSHOTS_PATH: join(dataDir, 'snapshots'),
    },
    timeoutMs: 30_000,
  })
}

import { DryMongoBinary } from 'mongodb-memory-server-core/lib/util/DryMongoBinary.js'
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js'
import { startDataServer, type ServerCommand, type TestServer } from './data-server.ts'
import { firstFound, type Place, type StartOptions } from './first-found.ts'
import { mongoStandIn } from './mongo-stand-in.ts'
import { reachable } from './reachable.ts'
import { onPath } from './run-command.ts'
import type { Unavailable } from './require-server.ts'

const downloadVersion = '8.0.13'

/** MongoDB for tests: `MONGODB_URI`, `mongod` on `PATH`, a download of it, or the stand-in, in this order. */
export function startMongo(options: StartOptions = {}): Promise<TestServer | Unavailable> {
  return firstFound('MongoDB', [...(options.own === true ? [] : [running]), installed, downloaded, mongoStandIn])
}

const running: Place = async () => {
  const uri = process.env['MONGODB_URI']
  if (uri === undefined || uri === '') return { unavailable: 'MONGODB_URI is not set' }
  return { uri, kind: 'MongoDB: the server of MONGODB_URI', stop: () => Promise.resolve() }
}

const installed: Place = async () => {
  const path = onPath('mongod')
  if (path === undefined) return { unavailable: 'mongod is not on PATH' }
  return startDataServer({ kind: 'MongoDB: mongod on PATH', scheme: 'mongodb', command: mongod(path) })
}

const downloaded: Place = async () => {
  const options = { version: downloadVersion }
  const kept = await DryMongoBinary.locateBinary(options)
  if (kept === undefined) {
    const refused = await reachable('https://fastdl.mongodb.org/')
    if (refused !== undefined) return { unavailable: `mongod: ${refused}` }
    process.stderr.write(`fetching mongod ${downloadVersion} ...\n`)
  }
  const path = kept ?? (await MongoBinary.getPath(options))
  return startDataServer({ kind: `MongoDB: mongod ${downloadVersion}, downloaded`, scheme: 'mongodb', command: mongod(path) })
}

function mongod(path: string): ServerCommand {
  return ({ dataDir, port }) => ({
    command: path,
    arguments: ['--dbpath', dataDir, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'],
    timeoutMs: 30_000,
  })
}
